"""Checks of what the user is told: never success where there is none, never a cancel too early, never nothing."""

from __future__ import annotations

from collections.abc import Iterator

from oauth_window_harness.checks.evidence import line
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.message_effects import delivered
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import ClosedRead, OutcomeShown, RequestSeen


def too_early(flow: Flow) -> Iterator[Finding]:
    """Whether the page reported a cancel while its window was open and nothing had come of it yet."""
    failed = flow.shown("failed") if flow.knows_failed else None
    if failed is None or not flow.window_is_open(failed.at):
        return
    if any(event.source == "popup" and event.at < failed.at for event in flow.received):
        return  # it had something to report on
    if any(start.is_refused() for start in flow.starts if start.at < failed.at):
        return
    read = [event for event in flow.all_of(ClosedRead) if event.closed and event.at <= failed.at]
    seen = ["the page had read popup.closed: true, which COOP makes of an open window"] if read else []
    yield finding("false-cancel", ["--failed became visible while the window was open", *seen])


def success(flow: Flow) -> Iterator[Finding]:
    """Whether the page says connected where nothing was connected."""
    if flow.scenario.expect.outcome == "connected" or (flow.scenario.expect.follow_up and not flow.follow_ups):
        return
    moment = flow.moment()
    shown_since = moment is not None and flow.shown("connected", moment) is not None
    if not shown_since and not flow.is_shown("connected"):
        return
    empty = any(made.listed == 0 for made in flow.follow_ups)
    yield finding("empty-list-shown-as-connected" if empty else "failure-shown-as-success", _answers(flow))


def beforehand(flow: Flow) -> Iterator[Finding]:
    """Whether the page said connected before anybody had clicked, so that its saying so later tells less."""
    clicked = [click.at for click in flow.clicks][:1]
    if clicked and flow.is_visible("connected", clicked[0]):
        yield finding("connected-beforehand", ["--connected was visible before the click"])


def something(flow: Flow) -> Iterator[Finding]:
    """Whether the user was told how it went."""
    moment = flow.moment()
    if moment is None or flow.told():
        return
    if flow.scenario.blocked:
        yield finding("window-blocked-unhandled", ["window.open gave null, and nothing on the page changed after that"])
    elif flow.reaction(moment) is None:
        yield finding("silent-hang", [*_answers(flow), "nothing on the page changed after that"])
    elif flow.scenario.expect.outcome == "connected" and not _refused(flow):
        shown = [event.outcome for event in flow.all_of(OutcomeShown) if event.visible]
        yield finding("connected-not-shown", [*_answers(flow), *(f"visible: --{outcome}" for outcome in shown)])


def _refused(flow: Flow) -> bool:
    return any(made.problems for made in [*flow.follow_ups, *flow.strays])


def _answers(flow: Flow) -> list[str]:
    requests = flow.follow_ups or [made for made in flow.finishes if made.answer == "cancelled"] or flow.starts
    told = [_answer(made) for made in requests][-3:]
    told += delivered(flow)
    closed = "" if flow.follow_ups or not flow.popups else "the window was closed"
    return [*told, closed] if closed and not flow.scenario.opener_is_cut() else told


def _answer(made: RequestSeen) -> str:
    return f"{line(made)} answered {made.status or 'nothing: the connection was reset'}"
