"""Makes the request of a fixture again, with the live values behind its pseudonyms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from oauth_window_harness.contract.difference import NotComparedError
from oauth_window_harness.contract.fixture import Exchange
from oauth_window_harness.service.provocation import PROVOCATIONS, Provocation
from oauth_window_harness.service.upstream import bearer

#: What start is asked with beside location and user, as the documentation has it.
_START = {"page": "integration"}

_SHORTEST_ID = 8


@dataclass(frozen=True)
class LiveValues:
    """What stands behind the pseudonyms of recorded fixtures; None was not given.

    Attributes:
        token: the bearer token; it is sent, and told nowhere.
    """

    token: str = field(repr=False)
    location: str | None = None
    user: str | None = None
    account: str | None = None

    def secrets(self) -> list[str]:
        """Return what may be told nowhere; an id of a few letters would be found in every word."""
        ids = [value for value in (self.location, self.user, self.account) if value and len(value) >= _SHORTEST_ID]
        return [self.token, *ids]


@dataclass(frozen=True, repr=False)
class Ask:
    """A request that is made; it does not show itself, because it holds the token."""

    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]

    def header_map(self) -> Mapping[str, str]:
        """Return the headers by name."""
        return dict(self.headers)


def ask(exchange: Exchange, live: LiveValues, wrong: Provocation | None = None) -> Ask:
    """Return the request of a fixture.

    Args:
        exchange: whose request is made again.
        live: the values that it is made with.
        wrong: what is wrong with it on purpose.

    Raises:
        NotComparedError: a value that it needs was not given.
    """
    version = exchange.api if wrong is None or wrong.version is None else wrong.version
    token = live.token if wrong is None or wrong.token is None else wrong.token
    headers = [("Version", version)] if version else []
    if token:
        headers.append(("Authorization", bearer(token)))
    build = _start if exchange.endpoint == "start" else _account
    path, query = build(exchange, live, wrong)
    return Ask(path, tuple(query.items()), tuple(headers))


def with_live_values(exchange: Exchange, live: LiveValues) -> Exchange:
    """Return a fixture with live values in its body instead of pseudonyms: a service may echo what was asked."""
    steps = exchange.request.path.split("/")
    place = _location_step(steps)
    provoked = PROVOCATIONS.get(exchange.request.provoked_by or "")
    # An id that was wrong on purpose is asked for again as it is.
    has_account = exchange.endpoint != "start" and (provoked is None or provoked.account is None)
    behind = {
        steps[-1]: live.account if has_account else None,
        steps[place] if place is not None else "": live.location,
        exchange.request.query.get("locationId", ""): live.location,
        exchange.request.query.get("userId", ""): live.user,
    }
    known = {old: new for old, new in behind.items() if new and len(old) >= _SHORTEST_ID and not old.startswith("{")}
    if not known:
        return exchange
    body = _replaced(exchange.response.body, known)
    return exchange.model_copy(update={"response": exchange.response.model_copy(update={"body": body})})


def _replaced(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in known.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, dict):
        return {name: _replaced(inner, known) for name, inner in value.items()}
    return [_replaced(inner, known) for inner in value] if isinstance(value, list) else value


def _start(exchange: Exchange, live: LiveValues, wrong: Provocation | None) -> tuple[str, dict[str, str]]:
    user = wrong.user if wrong is not None and wrong.user is not None else _given(live.user, "--user")
    query = {**_START, **exchange.request.query, "locationId": _given(live.location, "--location"), "userId": user}
    return exchange.request.path, {name: value for name, value in query.items() if value}


def _account(exchange: Exchange, live: LiveValues, wrong: Provocation | None) -> tuple[str, dict[str, str]]:
    """Put the live ids where the fixture has pseudonyms: the account last, the location after ``oauth``, if there."""
    steps = exchange.request.path.split("/")
    account = wrong.account if wrong is not None and wrong.account is not None else None
    steps[-1] = quote(account if account is not None else _given(live.account, "--account-id"), safe="")
    place = _location_step(steps)
    if place is not None:
        steps[place] = quote(_given(live.location, "--location"), safe="")
    path = "/".join(steps)
    return (f"{path}{wrong.beyond}" if wrong is not None else path), dict(exchange.request.query)


def _location_step(steps: list[str]) -> int | None:
    """Return where the location stands: the path with one is a step longer (`contract.rules.ACCOUNT_PATHS`)."""
    after = steps.index("oauth") + 1 if "oauth" in steps else len(steps)
    return after if len(steps) - after == len(("location", "platform", "accounts", "account")) else None


def _given(value: str | None, option: str) -> str:
    if value is None:
        raise NotComparedError(f"{option} was not given")
    return value
