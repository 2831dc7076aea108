"""The request of a fixture, made again with the live values behind its pseudonyms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from oauth_window_harness.contract.difference import NotComparedError
from oauth_window_harness.contract.fixture import Exchange
from oauth_window_harness.contract.rules import ACCOUNTS_PATH
from oauth_window_harness.service.provocation import PROVOCATIONS, Provocation
from oauth_window_harness.service.upstream import bearer

#: The parameters of start beside location and user, as documented.
_START = {"page": "integration"}

_SHORTEST_ID = 8


@dataclass(frozen=True)
class LiveValues:
    """The live values behind the pseudonyms of recorded fixtures; None for a value that was not given.

    Attributes:
        token: the bearer token; it is sent, but never shown.
    """

    token: str = field(repr=False)
    location: str | None = None
    user: str | None = None
    account: str | None = None

    def secrets(self) -> list[str]:
        """Return the values that must not be shown, without ids so short that they are parts of ordinary words."""
        ids = [value for value in (self.location, self.user, self.account) if value and len(value) >= _SHORTEST_ID]
        return [self.token, *ids]


@dataclass(frozen=True, repr=False)
class LiveRequest:
    """A request to the service; it has no `repr`, because it holds the token."""

    path: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]

    def header_map(self) -> Mapping[str, str]:
        """Return the headers by name."""
        return dict(self.headers)


def live_request(exchange: Exchange, live: LiveValues, wrong: Provocation | None = None) -> LiveRequest:
    """Return the request of a fixture with live values.

    Args:
        exchange: the fixture whose request is made again.
        live: the live values.
        wrong: what is wrong with the request on purpose, or None.

    Raises:
        NotComparedError: a live value that the request needs was not given.
    """
    version = exchange.api if wrong is None or wrong.version is None else wrong.version
    token = live.token if wrong is None or wrong.token is None else wrong.token
    headers = [("Version", version)] if version else []
    if token:
        headers.append(("Authorization", bearer(token)))
    build = {"start": _start, "accounts": _accounts}.get(exchange.endpoint, _account)
    path, query = build(exchange, live, wrong)
    return LiveRequest(path, tuple(query.items()), tuple(headers))


def with_live_values(exchange: Exchange, live: LiveValues) -> Exchange:
    """Return a fixture with live values in its body instead of pseudonyms: a service may echo its request."""
    steps = exchange.request.path.split("/")
    position = _location_step(steps)
    provocation = PROVOCATIONS.get(exchange.request.provoked_by or "")
    # An id that was wrong on purpose is sent again unchanged.
    has_account = exchange.endpoint not in ("start", "accounts") and (
        provocation is None or provocation.account is None
    )
    live_by_pseudonym = {
        steps[-1]: live.account if has_account else None,
        steps[position] if position is not None else "": live.location,
        exchange.request.query.get("locationId", ""): live.location,
        exchange.request.query.get("userId", ""): live.user,
    }
    known = {
        old: new
        for old, new in live_by_pseudonym.items()
        if new and len(old) >= _SHORTEST_ID and not old.startswith("{")
    }
    if not known:
        return exchange
    body = _replace(exchange.response.body, known)
    return exchange.model_copy(update={"response": exchange.response.model_copy(update={"body": body})})


def _replace(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in known.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, dict):
        return {name: _replace(inner, known) for name, inner in value.items()}
    return [_replace(inner, known) for inner in value] if isinstance(value, list) else value


def _start(exchange: Exchange, live: LiveValues, wrong: Provocation | None) -> tuple[str, dict[str, str]]:
    user = wrong.user if wrong is not None and wrong.user is not None else _require(live.user, "--user")
    query = {**_START, **exchange.request.query, "locationId": _require(live.location, "--location"), "userId": user}
    return exchange.request.path, {name: value for name, value in query.items() if value}


def _accounts(exchange: Exchange, live: LiveValues, _wrong: Provocation | None) -> tuple[str, dict[str, str]]:
    location = quote(_require(live.location, "--location"), safe="")
    return ACCOUNTS_PATH.replace("<location>", location), dict(exchange.request.query)


def _account(exchange: Exchange, live: LiveValues, wrong: Provocation | None) -> tuple[str, dict[str, str]]:
    """Return the path with live ids instead of pseudonyms, the account's last and the location's after ``oauth``."""
    steps = exchange.request.path.split("/")
    account = wrong.account if wrong is not None and wrong.account is not None else None
    steps[-1] = quote(account if account is not None else _require(live.account, "--account-id"), safe="")
    position = _location_step(steps)
    if position is not None:
        steps[position] = quote(_require(live.location, "--location"), safe="")
    path = "/".join(steps)
    return (f"{path}{wrong.path_suffix}" if wrong is not None else path), dict(exchange.request.query)


def _location_step(steps: list[str]) -> int | None:
    """Return the location's position, or None: a path with one is a step longer (`contract.rules.ACCOUNT_PATHS`)."""
    after = steps.index("oauth") + 1 if "oauth" in steps else len(steps)
    return after if len(steps) - after == len(("location", "platform", "accounts", "account")) else None


def _require(value: str | None, option: str) -> str:
    if value is None:
        raise NotComparedError(f"{option} was not given")
    return value
