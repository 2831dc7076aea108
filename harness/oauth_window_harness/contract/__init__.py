"""What the service is known to do: its rules, the fixtures that replay it, and how two answers are compared."""
