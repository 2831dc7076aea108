"""Checks of what the user is told: never success where there is none, never a cancel too early, never nothing."""

from __future__ import annotations

from collections.abc import Iterator

from oauth_window_harness.checks.acting import delivered
from oauth_window_harness.checks.evidence import line
from oauth_window_harness.checks.played import Played
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import ClosedRead, OutcomeShown, RequestSeen


def too_early(played: Played) -> Iterator[Finding]:
    """Whether the page reported a cancel while its window was open and nothing had come of it yet."""
    failed = played.shown("failed") if played.knows_failed else None
    if failed is None or not played.window_is_open(failed.at):
        return
    if any(event.source == "popup" and event.at < failed.at for event in played.received):
        return  # it had something to report on
    if any(start.is_refused() for start in played.starts if start.at < failed.at):
        return
    read = [event for event in played.all_of(ClosedRead) if event.closed and event.at <= failed.at]
    seen = ["the page had read popup.closed: true, which COOP makes of an open window"] if read else []
    yield finding("false-cancel", ["--failed became visible while the window was open", *seen])


def success(played: Played) -> Iterator[Finding]:
    """Whether the page says connected where nothing was connected."""
    if played.scenario.expect.outcome == "connected" or (played.scenario.expect.follow_up and not played.follow_ups):
        return
    moment = played.moment()
    shown_since = moment is not None and played.shown("connected", moment) is not None
    if not shown_since and not played.is_shown("connected"):
        return
    empty = any(made.listed == 0 for made in played.follow_ups)
    yield finding("empty-list-shown-as-connected" if empty else "failure-shown-as-success", _answers(played))


def beforehand(played: Played) -> Iterator[Finding]:
    """Whether the page said connected before anybody had clicked, so that its saying so later tells less."""
    clicked = [click.at for click in played.clicks][:1]
    if clicked and played.is_visible("connected", clicked[0]):
        yield finding("connected-beforehand", ["--connected was visible before the click"])


def something(played: Played) -> Iterator[Finding]:
    """Whether the user was told how it went."""
    moment = played.moment()
    if moment is None or played.told():
        return
    if played.scenario.blocked:
        yield finding("window-blocked-unhandled", ["window.open gave null, and nothing on the page changed after that"])
    elif played.reaction(moment) is None:
        yield finding("silent-hang", [*_answers(played), "nothing on the page changed after that"])
    elif played.scenario.expect.outcome == "connected" and not _refused(played):
        shown = [event.outcome for event in played.all_of(OutcomeShown) if event.visible]
        yield finding("connected-not-shown", [*_answers(played), *(f"visible: --{outcome}" for outcome in shown)])


def _refused(played: Played) -> bool:
    return any(made.problems for made in [*played.follow_ups, *played.strays])


def _answers(played: Played) -> list[str]:
    requests = played.follow_ups or [made for made in played.finishes if made.answer == "cancelled"] or played.starts
    told = [_answer(made) for made in requests][-3:]
    told += delivered(played)
    closed = "" if played.follow_ups or not played.popups else "the window was closed"
    return [*told, closed] if closed and not played.scenario.opener_is_cut() else told


def _answer(made: RequestSeen) -> str:
    return f"{line(made)} answered {made.status or 'nothing: the connection was reset'}"
