"""The stage of the mock driver: the windows of one scenario, which move only while something is asked of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.mock.documents import Document, SelectorError
from oauth_window_harness.drivers.mock.intruders import intrude
from oauth_window_harness.drivers.mock.network import HttpAnswer
from oauth_window_harness.drivers.mock.user import User
from oauth_window_harness.drivers.mock.windows import MockWindows
from oauth_window_harness.drivers.observer.script import HORIZON
from oauth_window_harness.errors import AppUnreachableError, UsageError
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.waiting import until
from oauth_window_harness.scenario.intrusion import Intrusion
from oauth_window_harness.scenario.model import Step


class MockStage:
    """See `drivers.base.Stage`. Time is the play's clock, which is put forward to whatever is due next."""

    def __init__(self, windows: MockWindows, play: Play, target: Target) -> None:
        self._windows = windows
        self._play = play
        self._target = target
        self._user = User(windows, target.patience)

    async def load(self) -> None:
        """Open the page under test, and find the control."""
        url = self._target.url
        answer = self._windows.load(url)
        if answer.status is None or answer.status >= HTTPStatus.BAD_REQUEST:
            raise self._unreachable("the app under test does not answer with a page", answer)
        _find_control(self._windows.app.context.document, self._target)
        self._windows.tasks.run()

    async def take(self, step: Step) -> None:
        """Do what the user does next."""
        self._user.take(step)

    async def intrude(self, intrusion: Intrusion) -> None:
        """Let an intruder post to the page; it is heard by the time this returns."""
        intrude(self._windows, self._play, intrusion)

    async def until(self, holds: Callable[[], bool], delay: float = 0) -> bool:
        """Let the windows move, and time pass on their clock, for no longer than the patience and the delay."""
        return self._windows.tasks.until(holds, self._target.patience + delay)

    async def drain(self) -> None:
        """Let everything that has been begun come to its end, and the timers run that are near."""
        self._windows.tasks.until(lambda: False, HORIZON)

    async def picture(self, file: Path) -> None:
        """Nothing: there is nothing to be seen."""

    def _unreachable(self, what: str, answer: HttpAnswer) -> AppUnreachableError:
        seen = self._play.redactor.text(answer.error or f"status {answer.status}")
        todo = "start the app, and check the address; a name or port of its own that it needs passes with --allow"
        return AppUnreachableError(what, where=self._target.url, seen=seen, todo=todo)


class BackendStage(MockStage):
    """The stage of an app whose page is not played: its backend is, and takes the time that it takes."""

    async def load(self) -> None:
        """Check that the app answers, whatever it says, and put the mock's own page in the place of its page."""
        answer = await asyncio.to_thread(self._windows.look_up, self._target.url)
        if answer.status is None:
            raise self._unreachable("the app under test does not answer", answer)
        self._windows.show_page(self._target.url)
        self._windows.tasks.run()

    async def until(self, holds: Callable[[], bool], delay: float = 0) -> bool:
        """Let the windows move, and then wait for what the backend does in its own time."""
        patience = self._target.patience + delay
        if await asyncio.to_thread(self._windows.tasks.until, holds, patience):
            return True
        return await until(self._play.journal, holds, patience)

    async def drain(self) -> None:
        """Let everything that has been begun come to its end."""
        await asyncio.to_thread(self._windows.tasks.until, lambda: False, HORIZON)


def _find_control(document: Document, target: Target) -> None:
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
