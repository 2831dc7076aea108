"""Compares fixtures with a service or an OpenAPI file."""
