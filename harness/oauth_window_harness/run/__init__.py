"""Plays scenarios on a page: the command `run`, and what it shares with pytest."""
