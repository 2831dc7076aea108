"""Turns the observer's reports of what the page ran into into events, with all that came from the page redacted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from oauth_window_harness.journal import events, page_events
from oauth_window_harness.journal.events import Event
from oauth_window_harness.redact import Redactor

Report = Mapping[str, Any]


def _script_not_loaded(report: Report, at: float, window: str, redactor: Redactor) -> Event | None:
    if window != "app":
        return None
    return page_events.ScriptNotLoaded(
        at=at,
        url=redactor.text(str(report["url"])),
        module=bool(report["module"]),
        awaited=bool(report["awaited"]),
    )


def _violation(report: Report, at: float, window: str, redactor: Redactor) -> Event:
    return page_events.PolicyViolated(
        at=at,
        window=window,
        directive=redactor.text(str(report["directive"])),
        blocked=redactor.text(str(report["blocked"])),
    )


def _replacement(report: Report, at: float, window: str, _redactor: Redactor) -> Event:
    return page_events.OpenReplaced(at=at, window=window, used=bool(report["used"]))


def _controls(report: Report, at: float, window: str, redactor: Redactor) -> Event | None:
    if window != "app":
        return None
    return page_events.ControlsShown(
        at=at,
        window=window,
        controls=tuple(
            page_events.Control(redactor.text(str(one["text"])), redactor.text(str(one["selector"])))
            for one in report["controls"]
        ),
        dialogs=tuple(redactor.text(str(line)) for line in report["dialogs"]),
    )


def _call(report: Report, at: float, window: str, redactor: Redactor) -> Event | None:
    if window != "app":
        return None
    return events.PageRequested(
        at=at,
        method=redactor.text(str(report["method"])),
        url=redactor.text(str(report["url"])),
        body=redactor.text(str(report["body"])),
    )


def _answer(report: Report, at: float, window: str, redactor: Redactor) -> Event | None:
    if window != "app":
        return None
    status = report.get("status")
    return page_events.PageAnswered(
        at=at,
        asked_at=float(report["since"]) / 1000,
        method=redactor.text(str(report["method"])),
        url=redactor.text(str(report["url"])),
        sent=redactor.text(str(report["body"])),
        status=None if status is None else int(status),
        failure=redactor.text(str(report["failure"])),
        text=redactor.text(""),
    )


def _dialog(report: Report, at: float, window: str, redactor: Redactor) -> Event | None:
    if window != "app":
        return None
    name, message = (redactor.text(str(report[field])) for field in ("name", "message"))
    return events.DialogShown(at=at, window=window, kind=name, message=message)


#: By the kind of the report.
MAKERS: Mapping[str, Callable[[Report, float, str, Redactor], Event | None]] = {
    "unloaded": _script_not_loaded,
    "violated": _violation,
    "replaced": _replacement,
    "controls": _controls,
    "requested": _call,
    "answered": _answer,
    "dialog": _dialog,
}
