"""Drives a real browser."""
