"""The reference app: a model integration, the default of ``--app`` and the example to copy."""

#: What it connects where nobody names anything: a sub-account, and the user who connects it.
LOCATION = "ve9EPM428h8vShlRW1KT"
USER = "u7RtY2kPq0LmN4sXv9Za"
