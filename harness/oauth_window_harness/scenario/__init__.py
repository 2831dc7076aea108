"""Scenarios: their model, the files that people write, and the bundled set."""
