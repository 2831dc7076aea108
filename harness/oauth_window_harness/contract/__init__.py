"""The contract of the service: its rules, the fixtures that replay it, and how two answers are compared."""
