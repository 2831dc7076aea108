"""Plays a scenario to its end and judges the play: findings, or why it could not be judged, or was of no meaning."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from oauth_window_harness.checks.acceptance import wrong_acceptance
from oauth_window_harness.checks.broken_link import judge, stopped_at
from oauth_window_harness.checks.connection import list_verdict, lists_since_finish
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.drivers.base import ControlGoneError, NothingOfferedError, StepUndoneError
from oauth_window_harness.drivers.popup import LATE, OPENING
from oauth_window_harness.errors import AppUnreachableError, CannotJudgeError
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.journal.events import ListenersChanged
from oauth_window_harness.run.playing import Playing

_NOT_BLOCKED = (
    "the window was opened by a link or a form, which no browser blocks, or from a frame, where the harness blocks none"
)
#: By how much a clock that is only kept right may move within a play, in seconds.
_SHIFT = 0.25

#: How many times as long as its waits a play may take, and how many waits it has beside those of its steps.
_TIMES, _WAITS = 3, 4

_GONE = "the page takes its control away, so that nobody can click it again"
_NO_OFFER = f"{_GONE}; what it offers instead opened no window"


@dataclass(frozen=True)
class Judgement:
    """The judgement of one play: its findings, or why it could not be judged.

    Attributes:
        is_whole: whether the play came to its end, so that it shows how far the page comes.
        is_lost: whether the browser ended meanwhile, so that nothing was seen that another play would not show.
    """

    findings: Sequence[Finding] = ()
    broken: str | None = None
    skipped: str | None = None
    is_whole: bool = True
    is_lost: bool = False

    @classmethod
    def unplayed(cls, reason: str, *, is_lost: bool) -> Judgement:
        """Return the judgement of a play that did not come to its end."""
        return cls(broken=reason, is_whole=False, is_lost=is_lost)


async def play_and_judge(playing: Playing) -> Judgement:
    """Play a scenario to its end, and judge the play.

    Args:
        playing: the play; if it is the first one, an app that does not answer ends the run.

    Raises:
        AppUnreachableError: the app does not answer.
        HarnessError: the app that the run started has ended.
        UsageError: the page does not have the control, or has several.
    """
    unplayed = await _reason_unplayed(playing, playing.go())
    if unplayed is not None:
        return Judgement.unplayed(unplayed, is_lost=playing.stage.fault() is not None)
    flow = playing.flow()
    skip_reason = _NO_OFFER if isinstance(playing.step_error, NothingOfferedError) else _skip_reason(flow)
    if skip_reason is not None:
        return Judgement(skipped=skip_reason)
    findings = judge(flow)
    if isinstance(playing.step_error, StepUndoneError):
        # What the driver did not get done is never the page's fault, nor is what followed from that.
        findings = [finding for finding in findings if finding.severity != "error"]
    has_failed = any(finding.severity == "error" for finding in findings)
    if (has_failed or playing.step_error is not None) and not _was_refused(flow):
        # A page that finds out late that nobody has signed in goes away in the middle of the play.
        signed_out = await _reason_unplayed(playing, playing.stage.check_session())
        if signed_out is not None:
            return Judgement.unplayed(signed_out, is_lost=playing.stage.fault() is not None)
    if has_failed:
        return Judgement(findings)
    without_meaning = _late_skip_reason(playing, flow)
    broken = _reason_broken(playing, flow) if without_meaning is None else None
    return Judgement(findings, broken=broken, skipped=without_meaning)


async def _reason_unplayed(playing: Playing, playing_on: Awaitable[None]) -> str | None:
    """Play on, and return None; or return why the play did not come to an end that can be judged."""
    longest = _longest(playing)
    try:
        async with asyncio.timeout(longest):
            await playing_on
    except TimeoutError:
        what = f"the play did not come to its end within {longest:.0f} s"
        return playing.stage.fault() or str(CannotJudgeError(what, where=playing.target.url, todo="play it again"))
    except CannotJudgeError as error:
        return playing.stage.fault() or str(error)
    except AppUnreachableError as error:
        fault = playing.stage.fault()
        # An app that never answered ends the run, and so does one that the run started and that has ended. If an
        # app that answered before no longer does, only this scenario is broken.
        if fault is None and playing.is_first:
            raise
        if fault is None and (failure := playing.target.app_failure()) is not None:
            raise failure from None
        return fault or str(error)
    return playing.stage.fault() or _clock_fault(playing)


def _longest(playing: Playing) -> float:
    """Return how long a play may take, in seconds: each of its waits has its own end, but a flood holds up them all."""
    scenario = playing.play.scenario
    waits = len(scenario.user) + len(playing.play.intrusions()) + _WAITS
    return _TIMES * waits * (playing.target.patience + OPENING + LATE) + scenario.finish.delay + scenario.feedback_delay


def _clock_fault(playing: Playing) -> str | None:
    """Return that the machine's clock was set meanwhile, if so: in which order things happened cannot be told then."""
    shift = playing.play.clock.shift()
    if abs(shift) < _SHIFT:
        return None
    what = f"the machine's clock was set by {shift:+.1f} s while it was played, or the machine slept"
    return str(CannotJudgeError(what, todo="play it again"))


def _was_refused(flow: Flow) -> bool:
    """Return whether the service refused a request before the page went on: it may ask to sign in because of that."""
    clicked = min((click.at for click in flow.clicks), default=float("inf"))
    left = max((document.at for document in flow.documents("app") if document.at >= clicked), default=float("inf"))
    return any(
        made.at < left and (made.status is None or made.status >= HTTPStatus.BAD_REQUEST) for made in flow.requests
    )


def _skip_reason(flow: Flow) -> str | None:
    """Return why the scenario has no meaning for what the page did, or None."""
    if flow.other_starts and not flow.starts:
        return f"{flow.other_starts[0].answer} is not played here: the page asked for its start, not for Facebook's"
    if flow.is_from_new_window and not flow.follow_ups:
        return "the page does not act on an event from a window that it has not opened, and it need not"
    return _NOT_BLOCKED if flow.scenario.blocked and not flow.open_calls and flow.popups else None


def _late_skip_reason(playing: Playing, flow: Flow) -> str | None:
    """Return why a play without errors has no meaning, or None."""
    if isinstance(playing.step_error, ControlGoneError) and flow.clicks:
        return _GONE
    asked = lists_since_finish(flow)
    listens = any(flow.listener_count(made.at) for made in asked)
    if asked and flow.intruders and not _has_listened(flow):
        return "nothing on the page listens to messages, so that nobody can refuse a forged one: the list told it"
    if asked and not listens and not flow.follow_ups and not list_verdict(flow) and not flow.user_is_told():
        return "the page learns of accounts by their list alone, which is empty in this story"
    return None


def _has_listened(flow: Flow) -> bool:
    listeners = any(change.window == "app" and change.count for change in flow.all_of(ListenersChanged))
    return listeners or any(flow.properties_read(message) for message in flow.page_messages)


def _reason_broken(playing: Playing, flow: Flow) -> str | None:
    """Return why a play without errors has not passed either, or None if the page did all that it should."""
    unplayed = stopped_at(flow)
    if unplayed is not None:
        what = "the flow stopped after a route of the service that is not played here was refused"
        return str(CannotJudgeError(what, seen=unplayed, todo="let the app do without it while it is tested"))
    stopped = playing.step_error
    if stopped is not None:
        return str(stopped)
    # If a forgery was accepted, that is reported already, and what follows from it cannot be expected.
    if flow.user_is_told() or any(wrong_acceptance(flow)):
        return None
    if flow.lists:
        what = "the page asks for the list of accounts, and told its user nothing within the patience"
        return str(CannotJudgeError(what, todo="name a longer --patience"))
    error = CannotJudgeError(
        "the flow stopped, and nothing that was seen says why", todo="look at the journal in results.json"
    )
    return str(error)
