"""How a run ends: its listeners get one last event, which has what only the whole run knows."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from oauth_window_harness.drivers.engines import ALL
from oauth_window_harness.errors import ExitCode, HarnessError, OutputError
from oauth_window_harness.redact import Redactor
from oauth_window_harness.results.divergence import across_engines
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.masking import masked_results
from oauth_window_harness.results.model import Results, Summary
from oauth_window_harness.results.run_error import ErrorResult
from oauth_window_harness.results.shards import Shard
from oauth_window_harness.run.options import RunOptions


@dataclass
class Ending:
    """Holds the end of the scenarios back until everything else has ended as well.

    A run that an error ends also ends: its results are those so far, and the error.

    Attributes:
        listeners: get the last event.
        folder: the report folder; after wrong use, an earlier report stays there.
        again: the command line that runs one scenario again, without the scenario's name.
        command: the command line as it was typed, without secrets.
        shard: which part of a run this is; None where it is the whole.
        redactor: redacts the error, and masks what became known as a secret after its scenario had ended.
        engines: the engines that are to play, one after another.
        absent: those that would have been to, and are not here.
    """

    options: RunOptions
    listeners: Sequence[Listener]
    folder: ArtifactFolder
    again: Sequence[str]
    command: str
    shard: Shard | None = None
    redactor: Redactor = field(init=False)
    engines: Sequence[str] = ()
    absent: Sequence[str] = ()
    _began: float = field(default_factory=time.perf_counter)
    _started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _ended: list[RunEnded] = field(default_factory=list)
    _unwritten: OutputError | None = None

    def __post_init__(self) -> None:
        self.redactor = Redactor([self.options.token] if self.options.token else [])
        for address in (self.options.app, self.options.deliver, *self.options.endpoint):
            self.redactor.learn_address(address)

    def hear(self, event: RunEvent) -> None:
        """Pass on an event of the run at once, but for the last one."""
        if isinstance(event, RunEnded):
            self._ended.append(event)
        else:
            self._tell(event)

    def interrupt(self) -> None:
        """Report the end of a run that is interrupted, if any scenario could have been played."""
        if self._ended:
            self.tell()

    def check_written(self) -> None:
        """Check that all that the listeners had to write could be written.

        Raises:
            OutputError: it could not, for example because the disk is full.
        """
        if self._unwritten is not None:
            raise self._unwritten

    def tell(self, error: HarnessError | None = None) -> Results:
        """Report the end of the run, and return its results."""
        error = error or self._unwritten
        results = masked_results(self.results(), self.redactor)
        is_wrong_use = error is not None and error.exit_code == ExitCode.USAGE and not results.scenarios
        results = results.model_copy(
            update={
                "started_at": self._started_at,
                "duration_ms": round((time.perf_counter() - self._began) * 1000),
                "command": self.command,
                "again": shlex.join(self.again),
                "shard": self.shard,
                "strict_warnings": self.options.is_strict,
                "error": None if error is None else self._error(error),
            }
        )
        keeps = is_wrong_use and self.folder.keep_earlier()
        self._tell(RunEnded(results, self.again, keeps_earlier=keeps))
        return results

    def results(self) -> Results:
        """Return the results so far: those of the engine that played, or of all of them as one."""
        parts = [ended.results for ended in self._ended]
        if not parts:
            return self._no_results()
        if self.options.browser != ALL:
            return parts[0]
        joined = across_engines(parts, self.again)
        missing = joined.interrupted or len(parts) < len(self.engines)
        return joined.model_copy(update={"absent_browsers": tuple(self.absent), "interrupted": missing})

    def _tell(self, event: RunEvent) -> None:
        for listener in self.listeners:
            try:
                listener(event)
            except OutputError as error:  # what was judged is told all the same, and written where it can be
                self._unwritten = self._unwritten or error

    def _no_results(self) -> Results:
        """Return the results of a run that has come to no scenario."""
        options = self.options
        app = self.redactor.text(options.app or options.deliver or "reference")
        return Results(app=app, driver=options.driver, browser=None, interrupted=True, summary=Summary(), scenarios=())

    def mask(self, error: HarnessError) -> None:
        """Replace the secrets in an error, which is printed as well as reported."""
        text = self.redactor.text
        for one in (error, *error.further):
            one.what, one.where, one.seen, one.todo = text(one.what), text(one.where), text(one.seen), text(one.todo)

    def _error(self, error: HarnessError) -> ErrorResult:
        self.mask(error)
        kind: Literal["usage", "environment"] = "usage" if error.exit_code == ExitCode.USAGE else "environment"
        return ErrorResult(kind=kind, what=error.what, where=error.where, seen=error.seen, todo=error.todo)


@contextmanager
def masking(folder: ArtifactFolder, redactor: Redactor) -> Iterator[None]:
    """Mask at the end of the context, in the texts that were written meanwhile, the secrets that were learned late."""
    try:
        yield
    finally:
        if redactor.version:
            folder.mask(redactor)
