"""A driver that plays nothing: what would happen in its windows is written beforehand, scenario by scenario."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.base import Browser, Stage, Target
from oauth_window_harness.journal.events import Event, MessageReceived, RequestSeen
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.intrusion import Intrusion
from oauth_window_harness.scenario.model import Scenario, Step

#: What happens when the page is loaded: the events of the whole play, in seconds since its beginning, or an error.
Story = Sequence[Event] | BaseException


@dataclass
class FakeStage:
    """The windows of one scenario: loading the page fills the journal with the whole story."""

    play: Play
    story: Story

    async def load(self) -> None:
        """Let the story happen."""
        if isinstance(self.story, BaseException):
            raise self.story
        for event in self.story:
            self.play.journal.add(_of_play(_moved(event, self.play.journal.started_at), self.play))

    async def take(self, step: Step) -> None:
        """Nothing: the story has what comes of it."""

    async def intrude(self, intrusion: Intrusion) -> None:
        """Nothing: the story has what comes of it."""

    async def until(self, holds: Callable[[], bool], delay: float = 0) -> bool:
        """Return whether it holds already; nothing more will happen."""
        return holds()

    async def drain(self) -> None:
        """Nothing is under way."""

    async def picture(self, file: Path) -> None:
        """Write what stands for a picture."""
        await asyncio.to_thread(file.write_bytes, b"a picture")


@dataclass
class FakeDriver:
    """Plays the stories that it is given.

    Attributes:
        stories: what happens, by scenario; for each play the next one, and the last one again when there is no next.
        skip_reasons: why a scenario cannot be judged, by scenario.
        played: the scenarios that had a stage, in their order.
    """

    stories: Mapping[str, Sequence[Story]]
    skip_reasons: Mapping[str, str] = field(default_factory=dict)
    played: list[str] = field(default_factory=list)
    name: str = "fake"

    @property
    def browser(self) -> Browser:
        """What drives."""
        return Browser("nothing", "1.0")

    def skip_reason(self, scenario: Scenario) -> str | None:
        """Return why a scenario cannot be judged."""
        return self.skip_reasons.get(scenario.name)

    @asynccontextmanager
    async def stage(self, play: Play, target: Target) -> AsyncIterator[Stage]:
        """Yield the windows of one scenario."""
        name = play.scenario.name
        stories = self.stories[name]
        story = stories[min(self.played.count(name), len(stories) - 1)]
        self.played.append(name)
        yield FakeStage(play, story)


def _moved(event: Event, beginning: float) -> Event:
    if isinstance(event, RequestSeen) and event.answered_at is not None:
        event = replace(event, answered_at=beginning + event.answered_at)
    return replace(event, at=beginning + event.at)


def _of_play(event: Event, play: Play) -> Event:
    """Return an event in which the play's own account stands where the story has that of the fixtures."""
    written, own = (rules.account_of(events.event("event").data) or "" for events in (play.fixtures, play))
    if isinstance(event, MessageReceived):
        return replace(event, data=json.loads(json.dumps(event.data).replace(written, own)))
    if isinstance(event, RequestSeen):
        account = None if event.account is None else play.redactor.text(event.account.replace(written, own))
        return replace(event, url=play.redactor.text(event.url.replace(written, own)), account=account)
    return event
