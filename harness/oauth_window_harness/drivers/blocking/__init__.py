"""Drives a context of pytest-playwright by Playwright's blocking API."""
