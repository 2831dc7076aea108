"""Drives a real browser with Playwright."""
