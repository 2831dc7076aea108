"""Turns the reports of what the page's scripts did into events, with their places, and with all of it redacted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from oauth_window_harness.drivers.observer.stacks import stack_of
from oauth_window_harness.journal import scripts
from oauth_window_harness.journal.events import Event
from oauth_window_harness.redact import Redactor

Report = Mapping[str, Any]


def _script_error(report: Report, at: float, window: str, redactor: Redactor) -> Event:
    return scripts.ScriptThrew(
        at=at,
        window=window,
        message=redactor.text(report["message"]),
        rejection=bool(report["rejection"]),
        listening=bool(report["listening"]),
        stack=stack_of(report.get("stack"), redactor),
    )


def _message_reads(report: Report, at: float, window: str, redactor: Redactor) -> Event:
    return scripts.MessageRead(
        at=at,
        window=window,
        read=tuple(redactor.text(str(name)) for name in report["read"]),
        acted=bool(report["acted"]),
        readings=tuple(
            scripts.Reading(redactor.text(str(name)), stack_of(stack, redactor))
            for name, stack in report.get("readings", ())
        ),
    )


def _call(report: Report, at: float, window: str, redactor: Redactor) -> Event | None:
    if window != "app":
        return None
    stack = stack_of(report["stack"], redactor)
    return scripts.CallMade(at=at, window=window, url=redactor.text(str(report["url"])), stack=stack)


def _listener(report: Report, at: float, window: str, redactor: Redactor) -> Event:
    return scripts.ListenerAdded(at=at, window=window, stack=stack_of(report["stack"], redactor))


def _location(report: Report, at: float, window: str, redactor: Redactor) -> Event:
    stack = stack_of(report["stack"], redactor)
    return scripts.LocationSet(at=at, window=window, url=redactor.text(str(report["url"])), stack=stack)


def _close(report: Report, at: float, window: str, redactor: Redactor) -> Event:
    return scripts.CloseCalled(at=at, window=window, stack=stack_of(report["stack"], redactor))


#: By the kind of the report.
MAKERS: Mapping[str, Callable[[Report, float, str, Redactor], Event | None]] = {
    "threw": _script_error,
    "read": _message_reads,
    "called": _call,
    "heeds": _listener,
    "sending": _location,
    "closing": _close,
}
