"""Tells Playwright's errors about a selector from those about a page that has closed or navigated."""

from __future__ import annotations

import re

# An error about a selector that cannot be parsed contains that word. One that the page cannot evaluate, such as a bad
# XPath or regular expression, begins with the name of a script's exception; an error about a page has neither.
_ABOUT_SELECTOR = re.compile(r"(?:\w+\.\w+: )?\w*Error: |.*\bselectors?\b")


def is_about_selector(message: str) -> bool:
    """Return whether the first line of an error's message says that a selector cannot be used.

    The other lines quote selectors in any error.
    """
    return _ABOUT_SELECTOR.match(first_line(message)) is not None


def first_line(message: str) -> str:
    """Return the first line of an error's message, before Playwright's call log."""
    return message.partition("\n")[0].strip()
