"""Reads the stacks that the observer reports, as the engines write them, into frames."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from oauth_window_harness.journal.scripts import Frame, Stack
from oauth_window_harness.redact import Redactor

#: The name that the observer's own frames bear, in every engine.
SOURCE = "oauth-window-observer.js"

#: How many frames are kept of a stack: a framework's lie between the browser and the user's own.
_MOST = 30

#: The longest stack that is read, in characters.
_LONGEST = 16_000

#: V8 writes "at name (URL:line:column)" or "at URL:line:column"; Firefox and WebKit write "name@URL:line:column". What
#: was compiled from a text (eval) has no address of its own, and is no frame here.
_V8 = re.compile(r"\s+at (?:.* \()?(?P<url>https?://\S+):(?P<line>\d{1,9}):(?P<column>\d{1,9})\)?")
_OTHERS = re.compile(r"(?:[^@]*@)?(?P<url>https?://\S+):(?P<line>\d{1,9}):(?P<column>\d{1,9})")


def stack_of(text: object, redactor: Redactor) -> Stack:
    """Return the frames of a stack that lie in scripts with an address, the innermost first; none if it has none."""
    return tuple(_frames(text[:_LONGEST], redactor))[:_MOST] if isinstance(text, str) else ()


def _frames(text: str, redactor: Redactor) -> Iterator[Frame]:
    for line in text.splitlines():
        found = _V8.fullmatch(line) or _OTHERS.fullmatch(line)
        if found is not None and int(found["line"]) > 0 and int(found["column"]) > 0 and _is_address(found["url"]):
            yield Frame(redactor.text(found["url"]), int(found["line"]), int(found["column"]))


def _is_address(url: str) -> bool:
    """Return whether an address can be read: a page may write anything into the stack of an error."""
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False
