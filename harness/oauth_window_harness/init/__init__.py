"""The beginning of a project's own tests: its configuration, a first test, a workflow; the command `init`."""
