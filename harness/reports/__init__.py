"""Listeners that tell people and machines what a run saw."""
