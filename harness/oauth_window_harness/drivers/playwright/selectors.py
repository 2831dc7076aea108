"""Which of Playwright's errors are about a selector, and which about a page that is not there any more."""

from __future__ import annotations

import re

# A selector that cannot be parsed is named as one. What the page's engine cannot evaluate, such as a bad XPath or a bad
# regular expression, is an exception of its script with a script's name; what becomes of a page never is.
_ABOUT_SELECTOR = re.compile(r"(?:\w+\.\w+: )?\w*Error: |.*\bselectors?\b")


def is_about_selector(message: str) -> bool:
    """Return whether an error's message says that a selector cannot be used, on its first line.

    The lines after it quote selectors whatever went wrong.
    """
    return _ABOUT_SELECTOR.match(first_line(message)) is not None


def first_line(message: str) -> str:
    """Return what an error's message says before it quotes Playwright's log."""
    return message.partition("\n")[0].strip()
