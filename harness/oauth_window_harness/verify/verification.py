"""``oauth-window verify``: compares a folder of fixtures with a service or an OpenAPI file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from oauth_window_harness import resources
from oauth_window_harness.contract.difference import Comparison, Difference, NotComparedError
from oauth_window_harness.contract.fixture import EventFixture, Exchange, FixtureSet
from oauth_window_harness.errors import BadFileError, UsageError
from oauth_window_harness.redact import Redactor
from oauth_window_harness.results.drift import (
    Drift,
    FileFault,
    FixtureDifference,
    NotCompared,
    Rejection,
    summarize_drift,
)
from oauth_window_harness.service.request import LiveValues
from oauth_window_harness.service.upstream import PATIENCE, Upstream
from oauth_window_harness.verify.service import ServiceComparer

_UNSEEN = "an event cannot be seen over HTTP; `oauth-window record` opens the window and sees it"
_UNDATED = "it says no day of recording"


@dataclass(frozen=True)
class VerifyOptions:
    """The options of ``oauth-window verify``.

    Attributes:
        fixtures: the folder; None for the bundled contracts.
        upstream: the service's origin, or None.
        live: the values behind the pseudonyms; needed for ``upstream``.
        spec: an OpenAPI file, or None.
        max_age: how old a recording may be, in days, or None.
        token_env: where the token came from, to be told; None where there is none.
        today: the day by which that is judged.
        patience: how long one exchange with the service may take, in seconds.
    """

    fixtures: Path | None = None
    upstream: str | None = None
    live: LiveValues | None = None
    spec: Path | None = None
    max_age: int | None = None
    token_env: str | None = None
    today: date = field(default_factory=date.today)
    patience: float = PATIENCE


@dataclass(frozen=True)
class Verified:
    """What came of it.

    Attributes:
        drift: the report.
        files: each fixture's file, by its name in the report.
    """

    drift: Drift
    files: Mapping[str, Path]


async def verify(options: VerifyOptions) -> Verified:
    """Compare every fixture that can be compared.

    Raises:
        UsageError: the options name nothing to compare with, or nothing could be compared.
        BadFileError: a fixture or the OpenAPI file cannot be read.
        UpstreamError: the service does not answer, or something else answers in its place.
    """
    files, fixtures = _fixtures(options.fixtures)
    board = _Board(options, fixtures)
    if options.spec is not None:
        _compare_with_file(board, options.spec)
    elif options.upstream is not None and options.live is not None:
        await _compare_with_service(board, options.upstream, options.live)
    elif options.max_age is not None:
        board.against = f"an age of {options.max_age} days"
        for name, fixture in fixtures.items():
            if fixture.provenance.recorded is None:
                board.leave_out(name, _UNDATED)
            else:
                board.take(name, Comparison())
    else:
        raise UsageError(
            "there is nothing to compare the fixtures with",
            where="oauth-window verify",
            todo="name a service with --upstream, an OpenAPI file with --spec, or an age with --max-age",
        )
    board.see_that_something_was_compared()
    return Verified(board.drift(), files)


def _compare_with_file(board: _Board, file: Path) -> None:
    from oauth_window_harness.verify.openapi.comparison import SpecComparer  # noqa: PLC0415 - jsonschema is only needed here

    comparer = SpecComparer(file)
    for name, fixture in board.fixtures.items():
        stale = board.is_stale(fixture)
        try:
            if isinstance(fixture, EventFixture):
                board.take(name, comparer.event(name, fixture, stale=stale))
            else:
                board.take(name, comparer.exchange(name, fixture, stale=stale))
        except NotComparedError as reason:
            board.leave_out(name, str(reason))
    board.against = file.name
    board.faults = comparer.faults
    board.notes += comparer.notes


async def _compare_with_service(board: _Board, url: str, live: LiveValues) -> None:
    exchanges = {name: one for name, one in board.fixtures.items() if isinstance(one, Exchange)}
    async with Upstream(url, patience=board.options.patience) as upstream:
        comparer = ServiceComparer(upstream, live, exchanges)
        for name in comparer.in_order():
            try:
                board.take(name, await comparer.exchange(name, stale=board.is_stale(exchanges[name])))
            except NotComparedError as reason:
                board.leave_out(name, str(reason))
    for name in board.fixtures.keys() - exchanges.keys():
        board.leave_out(name, _UNSEEN)
    board.against = upstream.origin
    board.notes += comparer.notes
    board.rejected = {
        name: Rejection(fixture=name, status=one.status, message=board.redactor.text(one.message), todo=one.todo)
        for name, one in comparer.rejected.items()
    }


class _Board:
    """Collects what is told; what came from a service passes the redactor."""

    def __init__(self, options: VerifyOptions, fixtures: Mapping[str, Exchange | EventFixture]) -> None:
        self.options = options
        self.fixtures = fixtures
        self.redactor = Redactor(options.live.secrets() if options.live else ())
        self.against = ""
        self.faults: list[Any] = []
        self.notes: list[str] = []
        self.rejected: dict[str, Rejection] = {}
        self._differences: list[FixtureDifference] = []
        self._compared: list[str] = []
        self._left_out: dict[str, str] = {}
        self._age()

    def is_stale(self, fixture: Exchange | EventFixture) -> bool:
        """Return whether a fixture is older than it may be; one without a day is of no age."""
        recorded = fixture.provenance.recorded
        return recorded is not None and recorded < self._oldest()

    def take(self, name: str, comparison: Comparison) -> None:
        self._compared.append(name)
        for found in comparison.differences:
            self._add(name, found)
        for path in comparison.unseen_items:
            self.notes.append(f"{name}: {path} is empty, so that nothing was seen of its items")

    def leave_out(self, name: str, reason: str) -> None:
        self._left_out[name] = reason

    def see_that_something_was_compared(self) -> None:
        if self._compared:
            return
        reasons = list(dict.fromkeys(self._left_out.values()))
        raise UsageError(
            "no fixture could be compared",
            where=str(self.options.fixtures or "the bundled contracts"),
            seen="; ".join(reasons[:3]),
            todo="name what is missing, or a folder whose fixtures can be compared",
        )

    def drift(self) -> Drift:
        order = list(self.fixtures)
        differences = tuple(sorted(self._differences, key=lambda one: order.index(one.fixture)))
        return Drift(
            against=self.against,
            summary=summarize_drift(differences),
            differences=differences,
            compared=tuple(sorted(self._compared, key=order.index)),
            not_compared=tuple(
                NotCompared(fixture=name, reason=self._left_out[name]) for name in order if name in self._left_out
            ),
            rejected=tuple(self.rejected.values()),
            faults=tuple(FileFault(where=one.where, what=one.what) for one in self.faults),
            notes=tuple(self.notes),
        )

    def _add(self, name: str, found: Difference) -> None:
        self._differences.append(
            FixtureDifference(
                fixture=name,
                path=self.redactor.text(found.path),
                kind=found.kind,
                severity=found.severity,
                expected=self.redactor.data(found.expected),
                seen=self.redactor.data(found.seen),
                blame=found.blame,
            )
        )

    def _oldest(self) -> date:
        days = self.options.max_age
        return date.min if days is None else self.options.today - timedelta(days=days)

    def _age(self) -> None:
        """Return which fixtures are older than they may be, and of how many nobody knows the age."""
        if self.options.max_age is None:
            return
        undated = [name for name, one in self.fixtures.items() if one.provenance.recorded is None]
        if undated and (self.options.spec or self.options.upstream):
            self.notes.append(
                f"{len(undated)} of {len(self.fixtures)} fixtures say no day of recording, so that their age is unknown"
            )
        for name, fixture in self.fixtures.items():
            if self.is_stale(fixture):
                recorded = str(fixture.provenance.recorded)
                expected = f"{self._oldest()} or later"
                self._add(name, Difference("provenance.recorded", "changed", "warning", expected, recorded, "fixture"))


def _fixtures(folder: Path | None) -> tuple[dict[str, Path], dict[str, Exchange | EventFixture]]:
    """Return the files and the fixtures of a folder, or of the folders of platforms in it, by name."""
    root = folder or resources.bundled("contracts")
    if folder is not None and not folder.is_dir():
        raise BadFileError("there is no such folder", where=str(folder), todo="name a folder of fixtures")
    inner = [root] if any(root.glob("*.json")) else [one for one in sorted(root.iterdir()) if any(one.glob("*.json"))]
    files: dict[str, Path] = {}
    fixtures: dict[str, Exchange | EventFixture] = {}
    for one in inner or [root]:
        for name, fixture in FixtureSet(one).all().items():
            told = name if len(inner) == 1 else f"{one.name}/{name}"
            files[told] = one / f"{name}.json"
            fixtures[told] = fixture
    return files, fixtures
