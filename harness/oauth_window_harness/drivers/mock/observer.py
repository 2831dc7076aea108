"""Writes what happens in the mock's windows into the journal, as `drivers/observer` does for a browser's windows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from oauth_window_harness.contract import rules
from oauth_window_harness.journal import events
from oauth_window_harness.journal.events import OutcomeKind, Source
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.model import Step

#: As much of a request's body as is needed to recognize what it is about, in characters.
_BODY = 2_000


class Observer:
    """Adds events to the journal of one play. Every string passes the play's redactor."""

    def __init__(self, play: Play) -> None:
        self._journal = play.journal
        self._redactor = play.redactor
        self._text = play.redactor.text

    @property
    def _now(self) -> float:
        return self._journal.clock.now()

    # --- the user and the windows ---------------------------------------------------------------------------------

    def add_step(self, step: Step) -> None:
        """Add the step that the user has taken."""
        self._journal.add(events.StepTaken(at=self._now, step=step))

    def add_window_opened(self, window: str) -> None:
        """Add that a window has opened."""
        self._journal.add(events.WindowOpened(at=self._now, window=window))

    def add_window_closed(self, window: str, by: Literal["user", "script"]) -> None:
        """Add that a window has closed."""
        self._journal.add(events.WindowClosed(at=self._now, window=window, by=by))

    def add_document(self, window: str, url: str, *, has_opener: bool) -> None:
        """Add that a window shows another document."""
        self._journal.add(
            events.DocumentLoaded(at=self._now, window=window, url=self._text(url), has_opener=has_opener)
        )

    def add_opener_policy(self, window: str, url: str, policy: str) -> None:
        """Add the Cross-Origin-Opener-Policy that a document came with."""
        self._journal.add(
            events.OpenerPolicySeen(at=self._now, window=window, url=self._text(url), policy=self._text(policy))
        )

    def add_refusal(self, host: str) -> None:
        """Add that a window requested something from a host that is not allowed."""
        self._journal.add(events.RequestRefused(at=self._now, host=self._text(host), sent_by="page"))

    # --- messages -------------------------------------------------------------------------------------------------

    def add_post(self, window: str, origin: str, data: Any, target_origin: str) -> None:
        """Add the message that a window posted to its opener."""
        self._journal.add(
            events.MessagePosted(
                at=self._now,
                window=window,
                origin=self._text(origin),
                data=self._redactor.data(data),
                target_origin=self._text(target_origin),
            )
        )

    def add_message(self, data: Any, origin: str, source: Source) -> None:
        """Add the message that the page received."""
        self._journal.add(
            events.MessageReceived(
                at=self._now,
                window="app",
                data=self._redactor.data(data),
                origin=self._text(origin),
                source=source,
            )
        )

    def add_message_reads(self, names: Iterable[str]) -> None:
        """Add which fields of a message the page's listeners read."""
        self._journal.add(events.MessageRead(at=self._now, window="app", read=tuple(map(self._text, names))))

    # --- the page -------------------------------------------------------------------------------------------------

    def add_open_call(self, url: str, target: str, features: str, *, returned: bool, active: bool) -> None:
        """Add the page's call of ``window.open``."""
        self._journal.add(
            events.WindowOpenCalled(
                at=self._now,
                window="app",
                url=self._text(url),
                target=self._text(target),
                features=self._text(features),
                returned=returned,
                active=active,
                has_token=rules.holds_token(url),
            )
        )

    def add_page_request(self, method: str, url: str, body: str = "") -> None:
        """Add a request of the page."""
        self._journal.add(
            events.PageRequested(at=self._now, method=method, url=self._text(url), body=self._text(body[:_BODY]))
        )

    def add_delivery(self, url: str, status: int | None) -> None:
        """Add that the page has delivered the event to its backend; ``status`` is None if no response came."""
        self._journal.add(events.EventDelivered(at=self._now, url=self._text(url), status=status))

    def add_listener_count(self, count: int) -> None:
        """Add how many message listeners the page has now."""
        self._journal.add(events.ListenersChanged(at=self._now, window="app", count=count))

    def add_closed_read(self, *, closed: bool) -> None:
        """Add that the page read ``closed`` of its window, and the value differs from the one that it read before."""
        self._journal.add(events.ClosedRead(at=self._now, window="app", closed=closed))

    def add_text(self, text: str) -> None:
        """Add the page's visible text, which has changed."""
        self._journal.add(events.TextShown(at=self._now, window="app", text=self._text(text)))

    def add_outcome(self, outcome: OutcomeKind, *, visible: bool) -> None:
        """Add that an outcome became visible, or ceased to be."""
        self._journal.add(events.OutcomeShown(at=self._now, outcome=outcome, visible=visible))
