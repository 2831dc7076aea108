"""What is known of each key's play so far: what the stub and the observer saw, as one flow.

It is worked out when it is asked for, and again only once something new arrived: a suite may ask many times, and a page
that is there says so twice a second.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.journal import events
from oauth_window_harness.journal.events import Event
from oauth_window_harness.journal.page_events import AppLogged
from oauth_window_harness.redact import Redacted
from oauth_window_harness.serve.observer_reports import Reports
from oauth_window_harness.serve.plays import Plays
from oauth_window_harness.serve.windows import Windows
from oauth_window_harness.stub.session import Session

#: Of how many keys it is kept; that which was asked for longest ago goes first.
MOST = 50


@dataclass(frozen=True)
class Observation:
    """The flow of a key's play so far.

    Attributes:
        flow: the flow, by what the stub and the observer saw.
        observed: whether the observer reported anything of the page under test.
        last_sign: the moment of the page's last report.
    """

    flow: Flow
    observed: bool
    last_sign: float


class Observations:
    """What is known of the plays of a server's keys.

    Args:
        plays: the plays by their keys.
        reports: the observer's reports by their keys.

    Attributes:
        app_errors: returns the lines of the app's output that tell of an error, each with its moment; the app that the
            server has started serves all keys.
    """

    def __init__(self, plays: Plays, reports: Reports) -> None:
        self._plays = plays
        self._reports = reports
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str | None, bool], tuple[Session, tuple[object, ...], Observation]] = (
            OrderedDict()
        )
        self.app_errors: Callable[[], Sequence[tuple[float, Redacted]]] = tuple

    def of(self, key: str | None, *, clicked: bool = False) -> Observation:
        """Return what is known of a key's play so far.

        Args:
            key: the key.
            clicked: whether the suite says that it has clicked the control; then a click of which nothing came counts.
        """
        session, errors = self._plays.of(key), tuple(self.app_errors())
        # Read before the rest: what arrives meanwhile is then looked at the next time.
        state = (self._reports.state(key), session.play.journal.state, session.play.redactor.version, errors)
        with self._lock:
            kept = self._kept.get((key, clicked))
        if kept is not None and kept[0] is session and kept[1] == state:
            observation = kept[2]
        else:
            observation = self._made(key, session, errors, clicked=clicked)
        with self._lock:
            self._kept[key, clicked] = session, state, observation
            self._kept.move_to_end((key, clicked))
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return observation

    def _made(
        self, key: str | None, session: Session, errors: Sequence[tuple[float, Redacted]], *, clicked: bool
    ) -> Observation:
        play, begun = session.play, session.begun_at
        windows = Windows.of(self._reports.documents(key))
        reported = windows.events(play.redactor)
        if session.scenario.opener_is_cut():
            # What the window shows of a policy is that of the provider's page, or of the finish page.
            reported = [one for one in reported if not isinstance(one, events.OpenerPolicySeen)]
        logged = [AppLogged(at=at, line=line) for at, line in errors]
        rows = [one for one in (*play.journal.entries(), *reported, *logged) if one.at >= begun or _lasts(one)]
        rows = _with_clicks_that_count(sorted(rows, key=lambda one: one.at), clicked=clicked)
        flow = Flow.of_play(play, knows_connected=False, knows_failed=False)
        return Observation(replace(flow, events=rows), bool(windows.app), windows.last_sign())


def _lasts(row: Event) -> bool:
    """Return whether an event from before a play holds in it, too: which document is shown, and how it listens."""
    return isinstance(row, (events.DocumentLoaded, events.ListenersChanged)) and row.window == "app"


def _with_clicks_that_count(rows: Sequence[Event], *, clicked: bool) -> list[Event]:
    """Return the events without the clicks of which nothing came: they may have been on anything.

    Where the suite says that it has clicked the control, and no window came of any click, the last one was on it. A
    window that was opened before any click was opened by the test itself: what the browser said of its user is nothing.
    """
    kept: list[Event] = []
    click: Event | None = None
    has_clicked = False
    for row in rows:
        if isinstance(row, events.StepTaken):
            click, has_clicked = row, True
            continue
        if isinstance(row, (events.WindowOpenCalled, events.WindowOpened)) and click is not None:
            kept.append(click)
            click = None
        if isinstance(row, events.WindowOpenCalled) and not has_clicked:
            kept.append(replace(row, active=True, in_click=True))
        else:
            kept.append(row)
    if clicked and click is not None and not any(isinstance(row, events.StepTaken) for row in kept):
        kept.append(click)
    return sorted(kept, key=lambda one: one.at)
