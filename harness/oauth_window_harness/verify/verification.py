"""``oauth-window verify``: the comparison of a folder of fixtures with a service or an OpenAPI file."""

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

_EVENT_REASON = "an event cannot be seen over HTTP; `oauth-window record` opens the window and sees it"
_UNDATED_REASON = "it has no day of recording"


@dataclass(frozen=True)
class VerifyOptions:
    """The options of ``oauth-window verify``.

    Attributes:
        fixtures: the folder of fixtures; None for the bundled contracts.
        upstream: the service's origin, or None.
        live: the values behind the pseudonyms; needed for ``upstream``.
        spec: an OpenAPI file, or None.
        max_age: how old a recording may be, in days, or None.
        token_env: the environment variable that held the token, for the report; None if there is no token.
        today: the day from which ``max_age`` counts back.
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
class Verification:
    """The result of a comparison.

    Attributes:
        drift: the report.
        files: the file of each fixture, by the fixture's name in the report.
    """

    drift: Drift
    files: Mapping[str, Path]


async def verify(options: VerifyOptions) -> Verification:
    """Compare every fixture that can be compared, and return the result.

    Raises:
        UsageError: the options name nothing to compare with, or no fixture could be compared.
        BadFileError: a fixture or the OpenAPI file cannot be read.
        UpstreamError: the service does not answer, or something else answers in its place.
    """
    files, fixtures = _fixtures(options.fixtures)
    collector = _DriftCollector(options, fixtures)
    if options.spec is not None:
        _compare_with_file(collector, options.spec)
    elif options.upstream is not None and options.live is not None:
        await _compare_with_service(collector, options.upstream, options.live)
    elif options.max_age is not None:
        collector.against = f"an age of {options.max_age} days"
        for name, fixture in fixtures.items():
            if fixture.provenance.recorded is None:
                collector.add_not_compared(name, _UNDATED_REASON)
            else:
                collector.add_comparison(name, Comparison())
    else:
        raise UsageError(
            "there is nothing to compare the fixtures with",
            where="oauth-window verify",
            todo="name a service with --upstream, an OpenAPI file with --spec, or an age with --max-age",
        )
    collector.require_comparison()
    return Verification(collector.drift(), files)


def _compare_with_file(collector: _DriftCollector, file: Path) -> None:
    from oauth_window_harness.verify.openapi.comparison import SpecComparer  # noqa: PLC0415 - jsonschema is only needed here

    comparer = SpecComparer(file)
    for name, fixture in collector.fixtures.items():
        stale = collector.is_stale(fixture)
        try:
            if isinstance(fixture, EventFixture):
                collector.add_comparison(name, comparer.event(name, fixture, stale=stale))
            else:
                collector.add_comparison(name, comparer.exchange(name, fixture, stale=stale))
        except NotComparedError as reason:
            collector.add_not_compared(name, str(reason))
    collector.against = file.name
    collector.faults = comparer.faults
    collector.notes += comparer.notes


async def _compare_with_service(collector: _DriftCollector, url: str, live: LiveValues) -> None:
    exchanges = {name: one for name, one in collector.fixtures.items() if isinstance(one, Exchange)}
    async with Upstream(url, patience=collector.options.patience) as upstream:
        comparer = ServiceComparer(upstream, live, exchanges)
        for name in comparer.names_in_order():
            try:
                collector.add_comparison(name, await comparer.exchange(name, stale=collector.is_stale(exchanges[name])))
            except NotComparedError as reason:
                collector.add_not_compared(name, str(reason))
    for name in collector.fixtures.keys() - exchanges.keys():
        collector.add_not_compared(name, _EVENT_REASON)
    collector.against = upstream.origin
    collector.notes += comparer.notes
    collector.rejected = {
        name: Rejection(fixture=name, status=one.status, message=collector.redactor.text(one.message), todo=one.todo)
        for name, one in comparer.rejections.items()
    }


class _DriftCollector:
    """Collects the content of the report; texts of a service pass through a redactor."""

    def __init__(self, options: VerifyOptions, fixtures: Mapping[str, Exchange | EventFixture]) -> None:
        self.options = options
        self.fixtures = fixtures
        self.redactor = Redactor(options.live.secrets() if options.live else ())
        self.against = ""
        self.faults: list[Any] = []
        self.notes: list[str] = []
        self.rejected: dict[str, Rejection] = {}
        self._differences: list[FixtureDifference] = []
        self._compared_names: list[str] = []
        self._reasons: dict[str, str] = {}
        self._compare_ages()

    def is_stale(self, fixture: Exchange | EventFixture) -> bool:
        """Return whether a fixture is older than ``max_age``; one without a day of recording is not."""
        recorded = fixture.provenance.recorded
        return recorded is not None and recorded < self._oldest()

    def add_comparison(self, name: str, comparison: Comparison) -> None:
        self._compared_names.append(name)
        for difference in comparison.differences:
            self._add(name, difference)
        for path in comparison.unseen_items:
            self.notes.append(f"{name}: {path} is empty, so that nothing was seen of its items")

    def add_not_compared(self, name: str, reason: str) -> None:
        self._reasons[name] = reason

    def require_comparison(self) -> None:
        if self._compared_names:
            return
        reasons = list(dict.fromkeys(self._reasons.values()))
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
            compared=tuple(sorted(self._compared_names, key=order.index)),
            not_compared=tuple(
                NotCompared(fixture=name, reason=self._reasons[name]) for name in order if name in self._reasons
            ),
            rejected=tuple(self.rejected.values()),
            faults=tuple(FileFault(where=one.where, what=one.what) for one in self.faults),
            notes=tuple(self.notes),
        )

    def _add(self, name: str, difference: Difference) -> None:
        masked = self.redactor.data({key: getattr(difference, key) for key in ("path", "expected", "seen")})
        self._differences.append(FixtureDifference(fixture=name, **{**vars(difference), **masked}))

    def _oldest(self) -> date:
        days = self.options.max_age
        return date.min if days is None else self.options.today - timedelta(days=days)

    def _compare_ages(self) -> None:
        """Add a difference for each fixture that is older than ``max_age``, and a note of how many have no age."""
        if self.options.max_age is None:
            return
        undated = [name for name, one in self.fixtures.items() if one.provenance.recorded is None]
        if undated and (self.options.spec or self.options.upstream):
            self.notes.append(
                f"{len(undated)} of {len(self.fixtures)} fixtures have no day of recording, so their age is unknown"
            )
        for name, fixture in self.fixtures.items():
            if self.is_stale(fixture):
                recorded = str(fixture.provenance.recorded)
                expected = f"{self._oldest()} or later"
                self._add(name, Difference("provenance.recorded", "changed", "warning", expected, recorded, "fixture"))


def _fixtures(folder: Path | None) -> tuple[dict[str, Path], dict[str, Exchange | EventFixture]]:
    """Return the files and the fixtures of a folder, or of the platforms' folders in it, each by name."""
    root = folder or resources.bundled("contracts")
    if folder is not None and not folder.is_dir():
        raise BadFileError("there is no such folder", where=str(folder), todo="name a folder of fixtures")
    folders = [root] if any(root.glob("*.json")) else [one for one in sorted(root.iterdir()) if any(one.glob("*.json"))]
    files: dict[str, Path] = {}
    fixtures: dict[str, Exchange | EventFixture] = {}
    for one in folders or [root]:
        for name, fixture in FixtureSet(one).all().items():
            report_name = name if len(folders) == 1 else f"{one.name}/{name}"
            files[report_name] = one / f"{name}.json"
            fixtures[report_name] = fixture
    return files, fixtures
