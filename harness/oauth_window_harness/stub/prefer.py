"""The ``Prefer`` header (RFC 7240), by which a request chooses its own answer."""

from __future__ import annotations

import re

from werkzeug.http import parse_options_header

from oauth_window_harness.contract.fixture import FixtureSet
from oauth_window_harness.errors import UsageError

_WHERE = "the header Prefer"
_STATUS = re.compile("[1-5][0-9]{2}")


def preferred_fixture(header: str | None, endpoint: str, fixtures: FixtureSet) -> str | None:
    """Return the name of the fixture that a ``Prefer`` header asks for, or None if it asks for none.

    ``code=422`` asks for a status, ``example=NAME`` for a fixture by name; other preferences are ignored, as
    RFC 7240 §2 requires.

    Raises:
        UsageError: no fixture has that status or name.
    """
    if not header:
        return None
    # Commas separate preferences, and semicolons separate the parts of one; a missing value counts as an empty one.
    parts = [part.strip() for part in header.replace(";", ",").split(",")]
    preferences: dict[str, str] = {
        name: "" for name in ("code", "example") if name in {part.rstrip("= ").lower() for part in parts}
    }
    values: dict[str, str] = {}
    for part in header.split(","):
        # If a preference is repeated, the first one counts (RFC 7240 §2).
        values = parse_options_header(f"preference; {part.strip()}")[1] | values
    preferences |= values
    if "example" in preferences:
        return _by_name(preferences["example"], fixtures)
    code = preferences.get("code")
    if code is None:
        return None
    fixture = fixtures.for_status(endpoint, int(code)) if _STATUS.fullmatch(code) else None
    if fixture is None:
        raise UsageError(
            f"no fixture answers {endpoint} with {code!r}",
            where=_WHERE,
            todo=f"name a status or an example of: {', '.join(fixtures.answers(endpoint))}",
        )
    return fixture


def _by_name(name: str, fixtures: FixtureSet) -> str:
    try:
        fixtures.exchange(name)
    except UsageError as error:
        raise UsageError(error.what, where=_WHERE, todo=error.todo) from None
    return name
