"""The raw data of a recording, not redacted yet: it stays in memory only, and has no `repr`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from oauth_window_harness.contract.fixture import ExchangeResponse


@dataclass(frozen=True, repr=False)
class Personal:
    """The values that are known to be personal or secret.

    Attributes:
        opener: the origin of the page that opened the window, or None if there was none.
    """

    location: str
    token: str
    user: str | None = None
    account: str | None = None
    opener: str | None = None

    def values(self) -> list[tuple[str, str]]:
        """Return each value with its family."""
        pairs = [("location", self.location), ("token", self.token), ("user", self.user), ("account", self.account)]
        return [(value, family) for family, value in pairs if value]


@dataclass(frozen=True, repr=False)
class RawExchange:
    """A request and its response, not redacted yet."""

    name: str
    title: str
    endpoint: Literal["start", "account"]
    path: str
    response: ExchangeResponse
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    provoked_by: str | None = None


@dataclass(frozen=True, repr=False)
class RawMessage:
    """A message of the window, not redacted yet; ``target_origin`` is None if it could not be observed."""

    name: str
    title: str
    data: Any
    origin: str
    target_origin: str | None
