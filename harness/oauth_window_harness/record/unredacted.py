"""What a recording has seen, not redacted yet: it stays in memory, and shows nothing of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from oauth_window_harness.contract.fixture import ExchangeResponse


@dataclass(frozen=True, repr=False)
class Personal:
    """The values that are known to be personal or secret.

    Attributes:
        opener: the origin of the page that opened the window.
    """

    location: str
    token: str
    user: str | None = None
    account: str | None = None
    opener: str | None = None

    def values(self) -> list[tuple[str, str]]:
        """Return each value with its family."""
        named = [("location", self.location), ("token", self.token), ("user", self.user), ("account", self.account)]
        return [(value, family) for family, value in named if value]


@dataclass(frozen=True, repr=False)
class SeenExchange:
    """A request that was made, and the JSON that came; nothing of it is redacted yet."""

    name: str
    title: str
    endpoint: Literal["start", "account"]
    path: str
    response: ExchangeResponse
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    provoked_by: str | None = None


@dataclass(frozen=True, repr=False)
class SeenMessage:
    """A message that came from the window; ``target_origin`` is None where it could not be seen."""

    name: str
    title: str
    data: Any
    origin: str
    target_origin: str | None
