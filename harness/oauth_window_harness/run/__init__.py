"""Plays scenarios on a page: the command `run`, and what pytest shares with it."""
