"""What explains that a click opened no window: the page itself went there, a dialog came, an error stopped it."""

from __future__ import annotations

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.page_calls import (
    answer_lines,
    forbidden,
    is_to_service,
    log_lines,
    own_calls,
    refusal_lines,
    unique,
)
from oauth_window_harness.checks.page_errors import control_line, controls_since, dialogs_since, error_lines
from oauth_window_harness.journal.events import DocumentLoaded, RequestSeen
from oauth_window_harness.journal.page_events import StillLoading

_CLICKED = "the control was clicked; there was no window.open and no link to a new window"

#: What a browser says that a document is asked for which is shown in another one.
_FRAMES = ("iframe", "frame", "object", "embed")


def went_itself(flow: Flow) -> str | None:
    """Return the address of the service to which the page itself went at the click, without a window; or None."""
    if not flow.clicks or flow.popups:
        return None
    if any(not call.returned for call in flow.open_calls):
        return None  # a page that is given no window may well go there itself
    clicked = flow.clicks[0].at
    asked = [made.url for made in flow.requests if made.at >= clicked and _is_navigation(made)]
    shown = [document.url for document in _documents_since(flow, clicked) if is_to_service(document.url)]
    return next(iter([*asked, *shown]), None)


def _is_navigation(made: RequestSeen) -> bool:
    return made.sent_by == "page" and made.headers.get("sec-fetch-dest") == "document"


def _documents_since(flow: Flow, since: float) -> list[DocumentLoaded]:
    return [document for document in flow.documents("app") if document.at >= since]


def _in_frames(flow: Flow, since: float) -> list[str]:
    """Return one line for each address of the service that the page opened in a frame since a moment."""
    asked = [made for made in flow.requests if made.at >= since and made.headers.get("sec-fetch-dest") in _FRAMES]
    return unique(
        f"the page opened {made.url} in a frame, where Facebook does not show its pages; it needs a window"
        for made in asked
        if made.endpoint in ("start", "other-start", "dialog")
    )


def still_loading(flow: Flow) -> list[str]:
    """Return what of the page had not come when nothing more was waited for: what its click does is not known then."""
    clicked = max((click.at for click in flow.clicks), default=0.0)
    late = {event.url: event for event in flow.all_of(StillLoading) if event.at > clicked}
    return [event.line() for event in late.values()]


def lines(flow: Flow) -> list[str]:
    """Return what is known of a click that opened no window, the nearest explanation first."""
    clicked = flow.clicks[0].at
    found = [_CLICKED, *_in_frames(flow, clicked)[:1]]
    found += [f"a dialog of the page came instead of a window: {line!r}" for line in dialogs_since(flow, clicked)]
    controls = controls_since(flow, clicked)
    if controls:
        found.append(
            f"controls came that nobody pressed: {control_line(controls)}; where one of them opens the window, name it "
            "with --connect, and the step before it with --before SELECTOR"
        )
    found += [f"the page then went to {document.url}" for document in _documents_since(flow, clicked)]
    found += error_lines(flow)
    found += [*refusal_lines(flow, 0.0), *answer_lines(flow, clicked), *log_lines(flow, clicked)]
    reasons = [forbidden(flow, call.url) for call in own_calls(flow)]
    return [*found, *dict.fromkeys(f"the browser: {one.reason}" for one in reasons if one)]
