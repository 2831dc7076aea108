"""Asks a live service, as `record` and `verify` do."""
