"""Requests that provoke an error on purpose and change nothing: a table of what is wrong with each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Provocation:
    """One way of making a wrong request. A value of None is sent as it should be; an empty one is left out.

    Attributes:
        name: the name of the row, by which a fixture says how it was provoked.
        status: the status that the service should answer with.
        fault: what is wrong with the request, in words.
        version: the value of ``Version``, instead of the right one.
        token: the token, instead of the live one.
        account: the account's id, instead of the live one.
        user: the user's id at start, instead of the live one.
        path_suffix: text after the right path, so that no route answers it.
    """

    name: str
    status: int
    fault: str
    version: str | None = None
    token: str | None = None
    account: str | None = None
    user: str | None = None
    path_suffix: str = ""


#: The token that a script sends when it has none; no service accepts it.
NO_TOKEN = "undefined"  # noqa: S105 - it grants no access
_PRIVATE = "pit-00000000-0000-4000-8000-000000000000"

_ROWS = (
    Provocation("version-not-a-date", 400, "a Version that is not a date", version="not-a-date"),
    Provocation("version-missing", 401, "no Version", version=""),
    Provocation("version-unknown", 401, "a Version whose date is not that of a version", version="1999-12-31"),
    Provocation("bearer-bad", 401, "a bad bearer", token=NO_TOKEN),
    Provocation("bearer-missing", 401, "no bearer", token=""),
    Provocation("private-token-bad", 401, "a bad Private Integration Token", token=_PRIVATE),
    Provocation("route-unknown", 404, "a path without a route", path_suffix="/no-such-route"),
    Provocation("parameter-bad", 422, "an invalid id", account="not-an-account-id", user=""),
)
PROVOCATIONS: Mapping[str, Provocation] = {row.name: row for row in _ROWS}

#: The provocations of the documented errors; the documentation does not say which request gets which 401.
BY_STATUS: Mapping[int, tuple[Provocation, ...]] = {
    400: (PROVOCATIONS["version-not-a-date"],),
    401: (PROVOCATIONS["bearer-bad"], PROVOCATIONS["bearer-missing"]),
    422: (PROVOCATIONS["parameter-bad"],),
}
