"""The reference app: a model integration, the default of ``--app`` and the example to copy."""
