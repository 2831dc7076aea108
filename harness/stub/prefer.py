"""Reads the ``Prefer`` header (RFC 7240), by which one request chooses its own answer."""

from __future__ import annotations

import re

from werkzeug.http import parse_options_header

from harness.errors import UsageError
from harness.fixture import FixtureSet

_STATUS = re.compile("[1-5][0-9]{2}")


def preferred(header: str | None, endpoint: str, fixtures: FixtureSet) -> str | None:
    """Give the name of the fixture that a ``Prefer`` header asks for, or None where it asks for none.

    ``code=422`` asks for a status, ``example=NAME`` for a fixture by name; other preferences are ignored, as
    RFC 7240 §2 wants it.

    Raises:
        UsageError: no fixture has that status or name.
    """
    if not header:
        return None
    # Preferences are separated by commas, or, in one of them, by semicolons.
    wanted = {
        name: value
        for part in header.split(",")
        for name, value in parse_options_header(f"preference; {part.strip()}")[1].items()
    }
    if name := wanted.get("example"):
        return name if fixtures.exchange(name) else None
    code = wanted.get("code")
    if code is None:
        return None
    found = fixtures.for_status(endpoint, int(code)) if _STATUS.fullmatch(code) else None
    if found is None:
        raise UsageError(
            f"no fixture answers {endpoint} with {code!r}",
            where="the header Prefer",
            todo=f"name a status or an example of: {', '.join(fixtures.names())}",
        )
    return found
