"""The reference app: a model integration, which a run tests by default, and an example to copy."""

#: The sub-account that it connects and the user who connects it, where the options name no others.
LOCATION = "ve9EPM428h8vShlRW1KT"
USER = "u7RtY2kPq0LmN4sXv9Za"
