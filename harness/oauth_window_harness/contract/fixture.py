"""Contract fixtures: one recorded exchange or event a file, as reviewable JSON.

The file's name without ``.json`` is the fixture's name. Strings in a response may hold the placeholders of
`PLACEHOLDERS`; the stub fills them, and nothing else of a response is made in code.
"""

from __future__ import annotations

import difflib
import json
from datetime import date
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from oauth_window_harness import resources
from oauth_window_harness.errors import BadFileError, UsageError

#: What the stub fills into a response: the path and method of the request, the ``Version`` that was sent, and for start
#: the redirect URI, the state (RFC 6749 §4.1.1) and the origin of the stub's Facebook; for the list of accounts, the
#: account of the connection.
PLACEHOLDERS = ("path", "method", "version", "redirect_uri", "state", "facebook", "account")


_VOLATILE = "JSON paths of what differs between two recordings, such as `$.traceId` or `$.results.pages[*].avatar`"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Provenance(_Part):
    """How certain a fixture is, and where it comes from."""

    grade: Literal["documented", "seen", "assumed"]
    source: str = Field(description="where it is documented, or who saw it")
    recorded: date | None = Field(default=None, description="the day on which it was recorded")
    upstream: str | None = Field(default=None, description="the origin of the service that it was recorded from")
    assumed: tuple[str, ...] = Field(default=(), description="the parts that no recording or documentation confirms")


class ExchangeRequest(_Part):
    """The request to which the response belongs."""

    method: Literal["GET", "POST"]
    path: str
    query: dict[str, str] = Field(default={}, description="what was asked with, where it was recorded")
    headers: dict[str, str] = Field(default={}, description="those that decide the answer, where it was recorded")
    provoked_by: str | None = Field(
        default=None,
        description="what was wrong with it on purpose: the name of a row of `service.provocation`",
    )


class ExchangeResponse(_Part):
    """The response, to be replayed to the letter."""

    status: int = Field(ge=100, le=599)
    headers: dict[str, str] = {}
    body: Any = Field(default=None, description="a JSON body, its keys in the order in which they are sent")
    text: str | None = Field(default=None, description="a body that is not JSON")

    @cached_property
    def constant_body(self) -> str | None:
        """The body as it is sent, or None if it has placeholders to be filled."""
        body = self.text or "" if self.body is None else json.dumps(self.body, ensure_ascii=False)
        return None if any(f"{{{name}}}" in body for name in PLACEHOLDERS) else body


class Exchange(_Part):
    """A request and its response."""

    kind: Literal["exchange"]
    title: str
    platform: str
    api: str
    endpoint: Literal["start", "account", "attach", "accounts", "api"] = Field(
        description="`api` answers any endpoint: it comes from what stands before the service, such as a gateway"
    )
    provenance: Provenance
    request: ExchangeRequest
    response: ExchangeResponse
    volatile: tuple[str, ...] = Field(default=(), description=_VOLATILE)


class EventFixture(_Part):
    """The message that the popup posts to its opener."""

    kind: Literal["event"]
    title: str
    platform: str
    provenance: Provenance
    origin: str
    target_origin: str
    data: Any
    volatile: tuple[str, ...] = Field(default=(), description=_VOLATILE)


Fixture = Annotated[Exchange | EventFixture, Field(discriminator="kind")]
_ADAPTER: TypeAdapter[Exchange | EventFixture] = TypeAdapter(Fixture)


def contracts(recorded: Path | None = None) -> FixtureSet:
    """Return the bundled contract fixtures; those of a recorded folder take their place by name."""
    bundled = FixtureSet(resources.bundled("contracts") / "facebook")
    return bundled if recorded is None else FixtureSet(recorded, bundled)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a fixture file."""
    return _ADAPTER.json_schema()


class FixtureSet:
    """The fixtures of one folder, read when first asked for.

    Args:
        folder: the folder, with one JSON file for each fixture.
        base: the set that has the fixtures whose names are not in the folder.
    """

    def __init__(self, folder: Path, base: FixtureSet | None = None) -> None:
        self.folder = folder
        self._base = base

    @cached_property
    def _fixtures(self) -> dict[str, Exchange | EventFixture]:
        files = sorted(self.folder.glob("*.json"))
        if not files:
            raise BadFileError("no contract fixtures", where=str(self.folder), todo="name a folder of fixtures")
        base = self._base._fixtures if self._base else {}  # noqa: SLF001 - the same class
        return {**base, **{file.stem: _read_fixture(file) for file in files}}

    def names(self) -> list[str]:
        """Return the names of all fixtures, sorted."""
        return sorted(self._fixtures)

    def all(self) -> dict[str, Exchange | EventFixture]:
        """Return every fixture by name."""
        return dict(self._fixtures)

    def exchange(self, name: str) -> Exchange:
        """Return an exchange by name.

        Raises:
            UsageError: no fixture of that kind has that name.
        """
        found = self._fixtures.get(name)
        if not isinstance(found, Exchange):
            raise self._unknown("exchange", name)
        return found

    def event(self, name: str) -> EventFixture:
        """Return an event by name.

        Raises:
            UsageError: no fixture of that kind has that name.
        """
        found = self._fixtures.get(name)
        if not isinstance(found, EventFixture):
            raise self._unknown("event", name)
        return found

    def for_status(self, endpoint: str, status: int) -> str | None:
        """Return the name of the exchange that answers an endpoint with a status, or None if there is none.

        The endpoint's own fixture comes before one of the API as a whole. The errors of the account GET are documented
        for its POST and for the list of accounts as well.
        """
        shares_errors = endpoint in ("attach", "accounts") and status >= HTTPStatus.BAD_REQUEST
        if shares_errors and f"account-{status}" in self._fixtures:
            return f"account-{status}"
        own = [
            name for name, found in self._exchanges() if found.endpoint == endpoint and found.response.status == status
        ]
        shared = [
            name for name, found in self._exchanges() if found.endpoint == "api" and found.response.status == status
        ]
        exact = f"{endpoint}-{status}"
        return exact if exact in own else next(iter(own + shared), None)

    def answers(self, endpoint: str) -> list[str]:
        """Return the names of the exchanges that can answer an endpoint, sorted."""
        return sorted(name for name, found in self._exchanges() if found.endpoint in (endpoint, "api"))

    def _exchanges(self) -> list[tuple[str, Exchange]]:
        return [(name, found) for name, found in self._fixtures.items() if isinstance(found, Exchange)]

    def _unknown(self, kind: str, name: str) -> UsageError:
        known = sorted(known for known, found in self._fixtures.items() if found.kind == kind)
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
        return UsageError(
            f"no {kind} fixture named {name!r}",
            where=str(self.folder),
            todo=f"nearest: {', '.join(near)}" if near else f"there are: {', '.join(known)}",
        )


def _read_fixture(file: Path) -> Exchange | EventFixture:
    try:
        return _ADAPTER.validate_json(file.read_bytes())
    except OSError as error:
        raise BadFileError("a fixture cannot be read", where=str(file), seen=str(error.strerror)) from None
    except ValidationError as error:
        first = error.errors()[0]
        raise BadFileError(
            "a fixture has the wrong shape",
            where=f"{file}: {'.'.join(map(str, first['loc'])) or 'the whole file'}",
            seen=first["msg"],
            todo="see the fixtures that come with the package",
        ) from None
