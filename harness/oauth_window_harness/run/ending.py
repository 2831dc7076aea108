"""How a run ends: its listeners get one last event, which has what only the whole run knows."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from oauth_window_harness.errors import ExitCode, HarnessError
from oauth_window_harness.redact import Redactor
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent
from oauth_window_harness.results.masking import masked_results
from oauth_window_harness.results.model import ErrorResult, Results, Summary
from oauth_window_harness.run.options import RunOptions

if TYPE_CHECKING:  # imported while Playwright starts
    from oauth_window_harness.results.folder import ArtifactFolder


@dataclass
class Ending:
    """Holds the end of the scenarios back until everything else has ended as well.

    A run that an error ends also ends: its results are those so far, and the error.

    Attributes:
        listeners: get the last event.
        again: the command line that runs one scenario again, without the scenario's name.
        command: the command line as it was typed, without secrets.
        redactor: redacts the error, and masks what became known as a secret after its scenario had ended.
    """

    options: RunOptions
    listeners: Sequence[Listener]
    again: Sequence[str]
    command: str
    redactor: Redactor = field(init=False)
    _began: float = field(default_factory=time.perf_counter)
    _started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _ended: RunEnded | None = None

    def __post_init__(self) -> None:
        self.redactor = Redactor([self.options.token] if self.options.token else [])

    def hear(self, event: RunEvent) -> None:
        """Pass on an event of the run at once, but for the last one."""
        if isinstance(event, RunEnded):
            self._ended = event
        else:
            self._tell(event)

    def interrupt(self) -> None:
        """Report the end of a run that is interrupted, if any scenario could have been played."""
        if self._ended is not None:
            self.tell()

    def tell(self, error: HarnessError | None = None) -> Results:
        """Report the end of the run, and return its results."""
        ended = self._ended or RunEnded(self._no_results(), self.again)
        results = masked_results(ended.results, self.redactor).model_copy(
            update={
                "started_at": self._started_at,
                "duration_ms": round((time.perf_counter() - self._began) * 1000),
                "command": self.command,
                "error": None if error is None else self._error(error),
            }
        )
        self._tell(replace(ended, results=results))
        return results

    def _tell(self, event: RunEvent) -> None:
        for listener in self.listeners:
            listener(event)

    def _no_results(self) -> Results:
        """Return the results of a run that has come to no scenario."""
        options = self.options
        app = self.redactor.text(options.app or options.deliver or "reference")
        return Results(app=app, driver=options.driver, browser=None, interrupted=True, summary=Summary(), scenarios=())

    def _error(self, error: HarnessError) -> ErrorResult:
        text = self.redactor.text
        kind: Literal["usage", "environment"] = "usage" if error.exit_code == ExitCode.USAGE else "environment"
        return ErrorResult(
            kind=kind, what=text(error.what), where=text(error.where), seen=text(error.seen), todo=text(error.todo)
        )


@contextmanager
def masking(folder: ArtifactFolder, redactor: Redactor) -> Iterator[None]:
    """Mask at the end of the context, in the texts that were written meanwhile, the secrets that were learned late."""
    try:
        yield
    finally:
        if redactor.version:
            folder.mask(redactor)
