"""Follows a context of pytest-playwright's, by Playwright's blocking API."""
