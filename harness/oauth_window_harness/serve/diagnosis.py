"""What is wrong with a page that a suite drives by itself: judged by what the stub and the observer saw, and no more.

Nothing is accused of what only a driver sees. So much follows from the flow itself: a click counts where something of
the flow came of it, or where the suite says that it was on the control; and what is missing is told only where the page
was there for as long as it may take.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from oauth_window_harness.checks import event
from oauth_window_harness.checks.broken_link import in_order, judge
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal import events
from oauth_window_harness.serve.observation import Observation, Observations
from oauth_window_harness.serve.observer_reports import Reports
from oauth_window_harness.serve.plays import Plays
from oauth_window_harness.stub.session import Session

#: How often a page that is there says so at least, in seconds, in a browser in the background; and after how long a
#: silence it is taken to be gone.
_SLOW, SILENT = 1.0, 3.0
#: For how long a page that has told its user must have done nothing more, in seconds: it acts on an event at once.
_SETTLED = 0.3
#: How many times the patience is waited at most: a page that asks again and again takes a step each time.
_ROUNDS = 4
#: How often the page is looked at while nothing happens, in seconds.
_BEAT = 0.25

#: The steps of the flow: as long after the last of them, a page may still take the next.
_STEPS = (
    events.RequestSeen,
    events.WindowOpenCalled,
    events.WindowOpened,
    events.WindowClosed,
    events.MessageReceived,
    events.StepTaken,
)


@dataclass(frozen=True)
class Diagnosis:
    """What was found.

    Attributes:
        findings: the first broken link first.
        observed: whether the observer reported anything of the page under test.
        unjudged: why what is missing was not judged; None where it was.
    """

    findings: Sequence[Finding]
    observed: bool
    unjudged: str | None = None


class Diagnoser:
    """Judges the plays of a server's keys.

    Args:
        plays: the plays by their keys.
        reports: the observer's reports by their keys.

    Attributes:
        observations: what is known of each key's play so far.
        placed: returns findings with their places in the page's own code, as far as these are known.
    """

    def __init__(self, plays: Plays, reports: Reports) -> None:
        self._plays = plays
        self._reports = reports
        self.observations = Observations(plays, reports)
        self.placed: Callable[[Sequence[Finding], Flow], Sequence[Finding]] = lambda found, _flow: found

    def until(self, key: str | None, holds: Callable[[Observation], bool], patience: float) -> Observation:
        """Wait until a condition over the flow holds, for at most the patience, and return what was observed."""
        last = time.time() + patience
        return self._wait(key, lambda found: holds(found) or time.time() >= last, clicked=False)

    def diagnose(self, key: str | None, patience: float, *, clicked: bool = False) -> Diagnosis:
        """Return what is wrong, once the page has told its user, or has had the patience for its next step.

        Args:
            key: the key.
            patience: how long the page may take to react, in seconds.
            clicked: whether the suite says that it has clicked the control.
        """
        session = self._plays.of(key)
        patience += session.scenario.feedback_delay
        last = time.time() + _ROUNDS * patience

        def is_over(observation: Observation) -> bool:
            now, flow, last_sign = time.time(), observation.flow, observation.last_sign
            if not _has_begun(flow):
                return True
            if flow.user_is_certainly_told() and last_sign >= _due_at(flow, _SETTLED):
                return True
            due_at = min(last, _due_at(flow, patience))
            has_had_time = now >= due_at and last_sign >= due_at - _SLOW
            return has_had_time or now - max(last_sign, session.begun_at) >= SILENT

        observation = self._wait(key, is_over, clicked=clicked)
        reason = self._doubt(key, session, observation, patience)
        found = _by_spelling(observation.flow, judge(observation.flow))
        told = _of_requests(observation.flow, found) if reason else found
        return Diagnosis(self.placed(told, observation.flow), observation.observed, reason)

    def _doubt(self, key: str | None, session: Session, observation: Observation, patience: float) -> str | None:
        """Return why what is missing cannot be judged, or None if it can."""
        if session.end_signal.is_set():
            return "another scenario was begun, or the server stopped, before the page had had its time"
        if self._reports.is_cut(key):
            return "the page reported more than is kept, so that not all is known of it"
        if not observation.observed:
            return "no observer reported: run the script of `GET observer.js` before the page's own scripts"
        if not _has_begun(observation.flow) or observation.flow.user_is_certainly_told():
            return None
        due_at = _due_at(observation.flow, patience)
        if observation.last_sign < min(due_at, time.time()) - _SLOW:
            left = max(0.0, observation.last_sign - (due_at - patience))
            return f"the page was closed, or hung, {left:.1f} s after the last step: ask while it is open"
        return None

    def _wait(self, key: str | None, holds: Callable[[Observation], bool], *, clicked: bool) -> Observation:
        session = self._plays.of(key)
        happened = threading.Event()
        ends = [
            self._reports.listen(lambda of: happened.set() if of == key else None),
            session.play.journal.listen(lambda _event: happened.set()),
        ]
        try:
            while True:
                happened.clear()
                observation = self.observations.of(key, clicked=clicked)
                if holds(observation) or session.end_signal.is_set():
                    return observation
                happened.wait(_BEAT)
        finally:
            for end in ends:
                end()


def _by_spelling(flow: Flow, found: Sequence[Finding]) -> list[Finding]:
    """Return the findings, where the page may have ignored the event for the spelling of its ``page`` with that said.

    A driver plays the other spelling as well. Here, a page that read ``page`` last of all has ended at that; what kept
    one that read further is not known.
    """
    ignored = event.ignored_event(flow)
    if ignored is None or not isinstance(ignored.data, Mapping):
        return list(found)
    form, read = event.form_of(ignored.data), flow.properties_read(ignored)
    if "data.page" not in read:
        return list(found)
    line = f"whether it acts on the other spelling of page, the scenario {form.others[0]} shows"
    is_last = read[-1] == "data.page"
    return in_order([_spelled(one, form.code if is_last else one.code, line) for one in found])


def _spelled(found: Finding, code: str, line: str) -> Finding:
    return finding(code, [*found.evidence, line]) if found.code == "event-ignored" else found


def _of_requests(flow: Flow, found: Sequence[Finding]) -> list[Finding]:
    """Return the findings that a request shows by itself, whatever came after it."""
    shown = {problem for request in flow.requests for problem in request.problems}
    return [one for one in found if one.code in shown]


def _has_begun(flow: Flow) -> bool:
    return bool(flow.clicks or flow.open_calls or flow.popups or flow.starts)


def _due_at(flow: Flow, patience: float) -> float:
    """Return until when the page may take its next step."""
    return max((one.at for one in flow.events if isinstance(one, _STEPS)), default=0.0) + patience
