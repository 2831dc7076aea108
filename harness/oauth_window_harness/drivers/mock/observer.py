"""Writes what happens in the mock's windows into the journal, as `drivers/observer` does in a browser's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from oauth_window_harness.journal import events
from oauth_window_harness.journal.events import OutcomeKind, Source
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.model import Step

#: As much of a request's body as names what it is about, in characters.
_BODY = 2_000


class Observer:
    """The journal's side of one play. Every string passes the play's redactor."""

    def __init__(self, play: Play) -> None:
        self._journal = play.journal
        self._redactor = play.redactor
        self._text = play.redactor.text

    @property
    def _now(self) -> float:
        return self._journal.clock.now()

    # --- the user and the windows ---------------------------------------------------------------------------------

    def step(self, step: Step) -> None:
        """The user has done something."""
        self._journal.add(events.StepTaken(at=self._now, step=step))

    def opened(self, window: str) -> None:
        """A window is there."""
        self._journal.add(events.WindowOpened(at=self._now, window=window))

    def closed(self, window: str, by: Literal["user", "script"]) -> None:
        """A window has gone."""
        self._journal.add(events.WindowClosed(at=self._now, window=window, by=by))

    def loaded(self, window: str, url: str, *, has_opener: bool) -> None:
        """A window shows another document."""
        self._journal.add(
            events.DocumentLoaded(at=self._now, window=window, url=self._text(url), has_opener=has_opener)
        )

    def policy(self, window: str, url: str, policy: str) -> None:
        """A document came with Cross-Origin-Opener-Policy."""
        self._journal.add(
            events.OpenerPolicySeen(at=self._now, window=window, url=self._text(url), policy=self._text(policy))
        )

    def refused(self, host: str) -> None:
        """A window asked for a host that nothing lets through."""
        self._journal.add(events.RequestRefused(at=self._now, host=self._text(host), sent_by="page"))

    # --- messages -------------------------------------------------------------------------------------------------

    def posted(self, window: str, origin: str, data: Any, target_origin: str) -> None:
        """A window posted to its opener."""
        self._journal.add(
            events.MessagePosted(
                at=self._now,
                window=window,
                origin=self._text(origin),
                data=self._redactor.data(data),
                target_origin=self._text(target_origin),
            )
        )

    def received(self, data: Any, origin: str, source: Source) -> None:
        """The page received a message."""
        self._journal.add(
            events.MessageReceived(
                at=self._now,
                window="app",
                data=self._redactor.data(data),
                origin=self._text(origin),
                source=source,
            )
        )

    def read(self, names: Iterable[str]) -> None:
        """The page's listeners have been told a message, and read so much of it."""
        self._journal.add(events.MessageRead(at=self._now, window="app", read=tuple(map(self._text, names))))

    # --- the page -------------------------------------------------------------------------------------------------

    def asked(self, url: str, target: str, features: str, *, returned: bool, active: bool) -> None:
        """The page called ``window.open``."""
        self._journal.add(
            events.WindowOpenCalled(
                at=self._now,
                window="app",
                url=self._text(url),
                target=self._text(target),
                features=self._text(features),
                returned=returned,
                active=active,
            )
        )

    def requested(self, method: str, url: str, body: str = "") -> None:
        """The page asked for something."""
        self._journal.add(
            events.PageRequested(at=self._now, method=method, url=self._text(url), body=self._text(body[:_BODY]))
        )

    def delivered(self, url: str, status: int | None) -> None:
        """The page has handed the event to its backend."""
        self._journal.add(events.EventDelivered(at=self._now, url=self._text(url), status=status))

    def listeners(self, count: int) -> None:
        """The page has so many listeners for messages."""
        self._journal.add(events.ListenersChanged(at=self._now, window="app", count=count))

    def closed_read(self, *, closed: bool) -> None:
        """The page read ``closed`` of its window, and what it read was news."""
        self._journal.add(events.ClosedRead(at=self._now, window="app", closed=closed))

    def text(self, text: str) -> None:
        """The page's visible text is another."""
        self._journal.add(events.TextShown(at=self._now, window="app", text=self._text(text)))

    def outcome(self, outcome: OutcomeKind, *, visible: bool) -> None:
        """What says connected, or failed, became visible or ceased to be."""
        self._journal.add(events.OutcomeShown(at=self._now, outcome=outcome, visible=visible))
