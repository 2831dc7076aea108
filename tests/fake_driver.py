"""A driver without a browser: tests write beforehand what happens in its windows, scenario by scenario."""

from __future__ import annotations

import asyncio
import json
import zipfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.base import Browser, Footage, Stage, Target
from oauth_window_harness.journal.events import Event, MessageReceived, RequestSeen
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.quiet import Actor
from oauth_window_harness.results.model import EndpointResult
from oauth_window_harness.scenario.intrusion import Intrusion
from oauth_window_harness.scenario.model import Scenario, Step

#: What loading the page brings: the events of the whole play, in seconds since its beginning, or an error.
Story = Sequence[Event] | BaseException


@dataclass
class FakeStage:
    """The windows of one scenario: loading the page fills the journal with the whole story."""

    play: Play
    story: Story

    async def load(self) -> None:
        """Add the story to the journal, or raise its error."""
        if isinstance(self.story, BaseException):
            raise self.story
        for event in self.story:
            self.play.journal.add(_of_play(_at_moments_of(event, self.play.journal.started_at), self.play))

    async def take(self, step: Step) -> None:
        """Do nothing: the story has the events that follow."""

    async def press(self, selector: str, *, waits: bool) -> None:
        """Do nothing: the story has the events that follow."""

    async def intrude(self, intrusion: Intrusion) -> None:
        """Do nothing: the story has the events that follow."""

    async def until(self, holds: Callable[[], bool], delay: float = 0, *, by: Actor = "anyone") -> bool:
        """Return whether the condition holds: no further event will come."""
        return holds()

    async def drain(self) -> None:
        """Do nothing: no event is under way."""

    async def check_session(self, *, waits: bool = False) -> None:
        """Do nothing: the story says where the page is."""

    async def picture(self, file: Path, popup: Path | None = None) -> None:
        """Write a file in place of a picture."""
        await asyncio.to_thread(file.write_bytes, b"a picture")

    def fault(self) -> str | None:
        """Return None: there is no browser to end."""
        return None


@dataclass
class FakeDriver:
    """Plays the stories of the scenarios.

    Attributes:
        stories: by scenario; each play takes the next one, and the last one again once there is no next.
        skip_reasons: the reasons why scenarios cannot be judged, by scenario.
        played: the names of the scenarios that had a stage, in order.
        on_stage: called with each play that has a stage.
        keeps_footage: whether it can keep footage of a play, an empty trace and a picture.
        footage: what it was to keep, in order.
    """

    stories: Mapping[str, Sequence[Story]]
    skip_reasons: Mapping[str, str] = field(default_factory=dict)
    played: list[str] = field(default_factory=list)
    on_stage: Callable[[Play], object] = lambda _play: None
    name: str = "fake"
    keeps_footage: bool = False
    footage: list[Footage] = field(default_factory=list)

    @property
    def browser(self) -> Browser:
        """The browser that is named in results."""
        return Browser("nothing", "1.0")

    def endpoints(self) -> Sequence[EndpointResult]:
        """Return none: no browser plays."""
        return ()

    def skip_reason(self, scenario: Scenario) -> str | None:
        """Return the reason why a scenario cannot be judged; None where it can."""
        return self.skip_reasons.get(scenario.name)

    @asynccontextmanager
    async def stage(self, play: Play, target: Target, footage: Footage | None = None) -> AsyncIterator[Stage]:
        """Yield the windows of one scenario."""
        name = play.scenario.name
        stories = self.stories[name]
        story = stories[min(self.played.count(name), len(stories) - 1)]
        self.played.append(name)
        self.on_stage(play)
        yield FakeStage(play, story)
        if footage is not None:
            self.footage.append(footage)
            zipfile.ZipFile(footage.trace, "w").close()
            footage.popup.write_bytes(b"a picture")


def _at_moments_of(event: Event, beginning: float) -> Event:
    if isinstance(event, RequestSeen) and event.answered_at is not None:
        event = replace(event, answered_at=beginning + event.answered_at)
    return replace(event, at=beginning + event.at)


def _of_play(event: Event, play: Play) -> Event:
    """Return the event with the play's own account in place of that of the fixtures."""
    written, own = (rules.account_of(events.event("event").data) or "" for events in (play.fixtures, play))
    if isinstance(event, MessageReceived):
        return replace(event, data=json.loads(json.dumps(event.data).replace(written, own)))
    if isinstance(event, RequestSeen):
        account = None if event.account is None else play.redactor.text(event.account.replace(written, own))
        return replace(event, url=play.redactor.text(event.url.replace(written, own)), account=account)
    return event
