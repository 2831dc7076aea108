"""The stage of the mock driver: the windows of one scenario, whose tasks run only within a call of the stage."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.controls import Candidate, choice
from oauth_window_harness.drivers.mock.documents import Document, SelectorError
from oauth_window_harness.drivers.mock.intruders import intrude
from oauth_window_harness.drivers.mock.network import HttpAnswer
from oauth_window_harness.drivers.mock.user import User
from oauth_window_harness.drivers.mock.windows import MockWindows
from oauth_window_harness.drivers.observer.script import HORIZON
from oauth_window_harness.errors import AppUnreachableError, UsageError
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.quiet import Actor, PageQuiet
from oauth_window_harness.journal.waiting import until
from oauth_window_harness.scenario.intrusion import Intrusion
from oauth_window_harness.scenario.model import Step


class MockStage:
    """Implements `drivers.base.Stage`. Time is the play's clock, which is advanced to the timer that is due next."""

    def __init__(self, windows: MockWindows, play: Play, target: Target) -> None:
        self._windows = windows
        self._play = play
        self._target = target
        self._user = User(windows, target.patience)

    async def load(self) -> None:
        """Open the page under test, and check that it has the control."""
        url = self._target.url
        answer = self._windows.load(url)
        if answer.status is None or answer.status >= HTTPStatus.BAD_REQUEST:
            raise self._unreachable("the app under test does not answer with a page", answer)
        _find_control(self._windows.app.context.document, self._target)
        self._windows.tasks.run()

    async def take(self, step: Step) -> None:
        """Take the user's next step."""
        self._user.take(step)

    async def press(self, selector: str, *, waits: bool) -> None:
        """Do nothing: the mock's own page needs no further click."""

    async def intrude(self, intrusion: Intrusion) -> None:
        """Make an intruder post to the page, and return when the page has received it."""
        intrude(self._windows, self._play, intrusion)

    async def until(self, holds: Callable[[], bool], delay: float = 0, *, by: Actor = "anyone") -> bool:
        """Run the windows' tasks and timers until the condition holds, for at most the patience and delay."""
        windows, seconds = self._windows, self._target.patience + delay
        windows.tasks.run()
        if by != "anyone" and not holds() and not windows.open_popups() and windows.tasks.is_idle(seconds):
            self._play.journal.add(PageQuiet(at=self._play.clock.now()))
            return False
        return windows.tasks.until(holds, seconds)

    async def check_session(self, *, waits: bool = False) -> None:
        """Do nothing: a page that runs no script goes nowhere by itself."""

    async def drain(self) -> None:
        """Run all tasks, and the timers that are due within `HORIZON`."""
        self._windows.tasks.until(lambda: False, HORIZON)

    def fault(self) -> str | None:
        """Return None: there is no browser that could end."""
        return None

    async def picture(self, file: Path, popup: Path | None = None) -> None:
        """Do nothing: the mock browser draws nothing."""

    def _unreachable(self, what: str, answer: HttpAnswer) -> AppUnreachableError:
        seen = self._play.redactor.text(answer.error or f"status {answer.status}")
        todo = "start the app, and check the address; a name or port of its own that it needs passes with --allow"
        return AppUnreachableError(what, where=self._target.url, seen=seen, todo=todo)


class BackendStage(MockStage):
    """The stage of an app whose backend alone is tested; the backend runs in real time."""

    async def load(self) -> None:
        """Check that the app answers, with any status, and run the mock's own page in place of the app's."""
        answer = await asyncio.to_thread(self._windows.look_up, self._target.url)
        if answer.status is None:
            raise self._unreachable("the app under test does not answer", answer)
        self._windows.show_page(self._target.url)
        self._windows.tasks.run()

    async def until(self, holds: Callable[[], bool], delay: float = 0, *, by: Actor = "anyone") -> bool:  # noqa: ARG002
        """Run the windows' tasks, then wait in real time for what the backend does."""
        patience = self._target.patience + delay
        if await asyncio.to_thread(self._windows.tasks.until, holds, patience):
            return True
        return await until(self._play.journal, holds, patience)

    async def drain(self) -> None:
        """Run all tasks, and the timers that are due soon."""
        await asyncio.to_thread(self._windows.tasks.until, lambda: False, HORIZON)


def _find_control(document: Document, target: Target) -> None:
    if target.connect is None:
        _find_by_name(document, target.url)
        return
    where = f"--connect {target.connect!r} in {target.url}"
    try:
        found = document.find(target.connect)
    except SelectorError as error:
        raise UsageError(
            "the selector cannot be used",
            where=where,
            seen=str(error),
            todo="the mock browser reads CSS selectors alone",
        ) from None
    if len(found) != 1:
        raise UsageError(
            "--connect must name one visible control",
            where=where,
            seen=f"{len(found)} that match",
            todo="name one of them more exactly" if found else "name a control that is in the page's HTML",
        )


def _find_by_name(document: Document, url: str) -> None:
    rows = document.controls()
    best = choice([Candidate(str(place), **row) for place, row in enumerate(rows)], url).best
    if len(best) != 1:
        raise UsageError(
            "several controls may open the window" if best else "no visible control names Facebook",
            where=f"the page {url}",
            seen="; ".join(one.markup for one in best),
            todo="name the control with --connect; the mock browser reads the page's HTML, and runs no script",
        )
