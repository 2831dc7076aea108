"""How an error is provoked on purpose, by a request that changes nothing: a table of what is wrong with each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Provocation:
    """One way of asking wrongly. What is None is sent as it should be; what is empty is left out.

    Attributes:
        name: of the row, by which a fixture can say how it was provoked.
        status: what the service should answer.
        told: what is wrong, in words.
        version: instead of the right ``Version``.
        token: instead of the live one.
        account: instead of the live account's id.
        user: instead of the live user's id, at start.
        beyond: what follows the right path, so that no route answers it.
    """

    name: str
    status: int
    told: str
    version: str | None = None
    token: str | None = None
    account: str | None = None
    user: str | None = None
    beyond: str = ""


#: A token that every script without one sends, and that no service takes.
NO_TOKEN = "undefined"  # noqa: S105 - it opens nothing
_PRIVATE = "pit-00000000-0000-4000-8000-000000000000"

_ROWS = (
    Provocation("version-not-a-date", 400, "a Version that is no date", version="not-a-date"),
    Provocation("version-missing", 401, "no Version", version=""),
    Provocation("version-unknown", 401, "a Version that is a date of no version", version="1999-12-31"),
    Provocation("bearer-bad", 401, "a bad bearer", token=NO_TOKEN),
    Provocation("bearer-missing", 401, "no bearer", token=""),
    Provocation("private-token-bad", 401, "a bad Private Integration Token", token=_PRIVATE),
    Provocation("route-unknown", 404, "a path that is no route", beyond="/no-such-route"),
    Provocation("parameter-bad", 422, "an id that is none", account="not-an-account-id", user=""),
)
PROVOCATIONS: Mapping[str, Provocation] = {row.name: row for row in _ROWS}

#: What provokes the documented errors; the documentation does not say which request gets which 401.
BY_STATUS: Mapping[int, tuple[Provocation, ...]] = {
    400: (PROVOCATIONS["version-not-a-date"],),
    401: (PROVOCATIONS["bearer-bad"], PROVOCATIONS["bearer-missing"]),
    422: (PROVOCATIONS["parameter-bad"],),
}
