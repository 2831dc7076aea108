"""Scenarios: what a story says, the files that people write, and the bundled set."""
