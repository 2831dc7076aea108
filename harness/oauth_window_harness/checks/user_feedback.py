"""Checks of what the user is told: no false success, no cancel while the window is open, and always something."""

from __future__ import annotations

from collections.abc import Iterator

from oauth_window_harness.checks.connection import asks_again, is_known, list_verdict
from oauth_window_harness.checks.evidence import is_wrong, outcome_lines, request_line
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.message_effects import delivery_lines
from oauth_window_harness.checks.page_errors import error_lines, own_dialogs_since
from oauth_window_harness.checks.visible_changes import Doubt, movement_doubt
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.events import ClosedRead, DialogShown, OutcomeShown, RequestSeen


def early_cancel(flow: Flow) -> Iterator[Finding]:
    """Check that the page reported no cancel while its window was open and nothing had come from it."""
    failed = flow.outcome_shown("failed") if flow.knows_failed else None
    if failed is None or not flow.window_is_open(failed.at):
        return
    if any(event.source == "popup" and event.at < failed.at for event in flow.page_messages):
        return  # the page had a message to report on
    if any(start.is_refused() for start in flow.starts if start.at < failed.at):
        return
    read = [event for event in flow.all_of(ClosedRead) if event.closed and event.at <= failed.at]
    if read and not _may_be_cut(flow):
        return  # with its opener a window reads closed only when it is: the driver learns of that later than the page
    lines = ["the page had read popup.closed: true, which COOP makes of an open window"] if read else []
    yield finding("false-cancel", ["--failed became visible while the window was open", *outcome_lines(failed), *lines])


def _may_be_cut(flow: Flow) -> bool:
    """Return whether a window may have been cut from the page, so that it reads closed while it is open."""
    documents = [document for popup in flow.popups for document in flow.documents(popup.window)]
    return flow.scenario.opener_is_cut() or any(not document.has_opener for document in documents)


def false_success(flow: Flow) -> Iterator[Finding]:
    """Check that the page does not say connected where nothing was connected."""
    heard = flow.follow_ups or flow.lists_on_event
    if flow.expects_connected or (flow.scenario.expect.follow_up and not heard):
        return
    first = flow.outcome_shown("connected")
    if first is not None and is_known(flow, first.at):
        return  # the service itself had said so
    due_at = flow.feedback_due_at()
    shown_since = due_at is not None and flow.outcome_shown("connected", due_at) is not None
    if not shown_since and not flow.is_newly_visible("connected"):
        return
    evidence = [*_answers(flow), *outcome_lines(flow.last_shown("connected"))]
    empty = any(made.connectable_count == 0 for made in heard)
    yield finding("empty-list-shown-as-connected" if empty else "failure-shown-as-success", evidence)


def early_success(flow: Flow) -> Iterator[Finding]:
    """Check that the page did not say connected before the click: what it says later would prove less."""
    clicked = [click.at for click in flow.clicks][:1]
    if clicked and flow.is_visible("connected", clicked[0]):
        lines = outcome_lines(flow.last_shown("connected", clicked[0]))
        yield finding("connected-beforehand", ["--connected was visible before the click", *lines])


def feedback(flow: Flow) -> Iterator[Finding]:
    """Check that the page told its user the outcome."""
    due_at = flow.told_due_at()
    if due_at is None or flow.user_is_told():
        return
    if not flow.follow_ups and asks_again(flow, due_at):
        return  # it polls the list of accounts, and may say more later than anybody can wait
    if flow.scenario.blocked:
        yield finding(
            "window-blocked-unhandled", ["window.open returned null, and nothing on the page changed after that"]
        )
    elif flow.first_reaction(due_at) is None:
        lines = [*_answers(flow), "nothing on the page changed after that", *error_lines(flow, due_at)]
        yield finding("silent-hang", lines)
    elif flow.expects_connected and not _refused(flow):
        shown = [line for event in flow.all_of(OutcomeShown) if event.visible for line in _visible_lines(event)]
        missing = [] if flow.outcome_shown("connected") else ["nothing that --connected selects became visible"]
        yield finding("connected-not-shown", [*_answers(flow), *missing, *shown, *error_lines(flow, due_at)])


def telling_doubt(flow: Flow) -> Doubt | None:
    """Return the doubt whether what seems to tell the user the outcome only moves by itself; None if there is none."""
    due_at = flow.told_due_at()
    if due_at is None or flow.is_acknowledged or (flow.expects_connected and flow.knows_connected):
        return None
    return movement_doubt(flow.events, due_at, flow.texts_while_open)


def _visible_lines(shown: OutcomeShown) -> list[str]:
    return [f"visible: --{shown.outcome}", *outcome_lines(shown)]


def without_opener(flow: Flow) -> Iterator[Finding]:
    """Check that a page whose opener is cut has another way to learn of the connection than the event."""
    cut_at = flow.opener_cut_at
    finished = [made for made in flow.finishes if made.answer == "finished"]
    # It is told where the story is that of the list, and not again in each other story of a cut opener.
    is_subject = flow.scenario.expect.outcome == "connected"
    if cut_at is None or not finished or not is_subject or _asked_otherwise(flow, cut_at):
        return
    yield finding(
        "no-way-without-opener",
        ["after the opener was cut, nothing asked for an account or their list, and no dialog asked the user"],
    )


def _asked_otherwise(flow: Flow, after: float) -> bool:
    """Return whether the page has asked the service or its user; one that ever asks for the list knows that way."""
    dialogs = [event for event in flow.all_of(DialogShown) if event.kind in ("confirm", "prompt")]
    asked = any(event.at > after for event in [*flow.follow_ups, *dialogs])
    return asked or bool(flow.lists) or bool(own_dialogs_since(flow, after))


def _refused(flow: Flow) -> bool:
    made = [*flow.follow_ups, *flow.lists, *flow.misdirected_follow_ups]
    return any(is_wrong(request) for request in made)


def _answers(flow: Flow) -> list[str]:
    verdict = list_verdict(flow)
    listed = [verdict] if verdict is not None else []
    requests = (
        flow.follow_ups or listed or [made for made in flow.finishes if made.answer == "cancelled"] or flow.starts
    )
    lines = [_answer(made) for made in requests][-3:]
    lines += delivery_lines(flow)
    closed = "" if flow.follow_ups or not flow.popups else "the window was closed"
    return [*lines, closed] if closed and not flow.scenario.opener_is_cut() else lines


def _answer(made: RequestSeen) -> str:
    return f"{request_line(made)} answered {made.status or 'nothing: the connection was reset'}"
