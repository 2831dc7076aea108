"""Reads the ``Prefer`` header (RFC 7240), by which one request chooses its own answer."""

from __future__ import annotations

import re

from werkzeug.http import parse_options_header

from oauth_window_harness.contract.fixture import FixtureSet
from oauth_window_harness.errors import UsageError

_WHERE = "the header Prefer"
_STATUS = re.compile("[1-5][0-9]{2}")


def preferred(header: str | None, endpoint: str, fixtures: FixtureSet) -> str | None:
    """Return the name of the fixture that a ``Prefer`` header asks for, or None where it asks for none.

    ``code=422`` asks for a status, ``example=NAME`` for a fixture by name; other preferences are ignored, as
    RFC 7240 §2 wants it.

    Raises:
        UsageError: no fixture has that status or name.
    """
    if not header:
        return None
    # Preferences are separated by commas, or, in one of them, by semicolons; one without a value has an empty one.
    parts = [part.strip() for part in header.replace(";", ",").split(",")]
    wanted: dict[str, str] = {
        name: "" for name in ("code", "example") if name in {part.rstrip("= ").lower() for part in parts}
    }
    told: dict[str, str] = {}
    for part in header.split(","):
        # Of a preference that stands twice, the first counts (RFC 7240 §2).
        told = parse_options_header(f"preference; {part.strip()}")[1] | told
    wanted |= told
    if "example" in wanted:
        return _by_name(wanted["example"], fixtures)
    code = wanted.get("code")
    if code is None:
        return None
    found = fixtures.for_status(endpoint, int(code)) if _STATUS.fullmatch(code) else None
    if found is None:
        raise UsageError(
            f"no fixture answers {endpoint} with {code!r}",
            where=_WHERE,
            todo=f"name a status or an example of: {', '.join(fixtures.answers(endpoint))}",
        )
    return found


def _by_name(name: str, fixtures: FixtureSet) -> str:
    try:
        fixtures.exchange(name)
    except UsageError as error:
        raise UsageError(error.what, where=_WHERE, todo=error.todo) from None
    return name
