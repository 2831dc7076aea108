"""Requests to a live service, which `record` and `verify` make."""
