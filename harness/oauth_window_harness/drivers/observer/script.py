"""Turns what the observer script reports into the journal's events, redacting all that came from a page."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from oauth_window_harness.journal import events
from oauth_window_harness.redact import Redactor
from oauth_window_harness.scenario import intrusion

#: The name under which the observer finds its binding.
BINDING = "__oauthWindow"

#: The event by which the page under test is asked when its timers have run; no page knows its name.
SETTLING = f"oauth-window-{secrets.token_hex(8)}"

#: How far away a timer may be that is still a part of what the page does, in seconds: pages look after their window
#: every half second to every second.
HORIZON = 1.0

#: The parts of the observer, in the order in which they need each other.
_PARTS = ("kept", "windows", "messages", "listeners", "posts", "errors", "timers", "sight")
_FOLDER = Path(__file__).parent
_SCRIPT = "".join((_FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in _PARTS)

Report = Mapping[str, Any]
Maker = Callable[[Report, float, str, Redactor], events.Event | None]


def script(*, blocked: bool) -> str:
    """Return the observer.

    Args:
        blocked: whether ``window.open`` gives null, as where a browser blocks the window.
    """
    setup = {
        "blocked": blocked,
        "intruder": intrusion.PATH,
        "settling": SETTLING,
        "horizon": HORIZON * 1000,
    }
    return f"((setup) => {{\n{_SCRIPT}}})({json.dumps(setup)})"


def event_of(told: str, window: str, redactor: Redactor) -> events.Event | None:
    """Return the event of a report, or None where there is nothing to say of it.

    A page that replaces the observer's tools could report anything; what has not the right shape is left out.

    Args:
        told: what the script sent, a JSON object; its ``at`` is in milliseconds since the epoch.
        window: who sent it.
        redactor: the gate.
    """
    try:
        report = json.loads(told)
        make, at = _MAKERS.get(report["kind"]), float(report["at"])
        if make is None:
            return None
        return make(report, at / 1000, window, redactor)
    except (KeyError, TypeError, ValueError):
        return None


def clicked(told: object) -> str | None:
    """Return the selector of what was clicked, where a report is of a click; else None."""
    try:
        report = json.loads(str(told))
        return f"css=html > {report['place']}" if report["kind"] == "clicked" and report["place"] else None
    except (KeyError, TypeError, ValueError):
        return None


def _loaded(report: Report, at: float, window: str, redactor: Redactor) -> events.Event | None:
    if report["url"].partition("#")[0] == "about:blank":
        return None  # the window is still empty
    return events.DocumentLoaded(
        at=at, window=window, url=redactor.text(report["url"]), has_opener=bool(report["hasOpener"])
    )


def _asked(report: Report, at: float, window: str, redactor: Redactor) -> events.Event:
    return events.WindowOpenCalled(
        at=at,
        window=window,
        url=redactor.text(report["url"]),
        target=redactor.text(report["target"]),
        features=redactor.text(report["features"]),
        returned=bool(report["returned"]),
        active=bool(report["active"]),
    )


def _received(report: Report, at: float, window: str, redactor: Redactor) -> events.Event:
    return events.MessageReceived(
        at=at,
        window=window,
        data=redactor.data(report["data"]),
        origin=redactor.text(report["origin"]),
        source="popup" if report["source"] == "popup" else "other",
    )


def _posted(report: Report, at: float, window: str, redactor: Redactor) -> events.Event:
    return events.MessagePosted(
        at=at,
        window=window,
        origin=redactor.text(report["origin"]),
        data=redactor.data(report["data"]),
        target_origin=redactor.text(report["targetOrigin"]),
    )


def _listeners(report: Report, at: float, window: str, _redactor: Redactor) -> events.Event:
    return events.ListenersChanged(at=at, window=window, count=int(report["count"]))


def _threw(report: Report, at: float, window: str, redactor: Redactor) -> events.Event:
    return events.ScriptThrew(
        at=at,
        window=window,
        message=redactor.text(report["message"]),
        rejection=bool(report["rejection"]),
        listening=bool(report["listening"]),
    )


def _read(report: Report, at: float, window: str, redactor: Redactor) -> events.Event:
    return events.MessageRead(at=at, window=window, read=tuple(redactor.text(str(name)) for name in report["read"]))


def _closed(report: Report, at: float, window: str, _redactor: Redactor) -> events.Event:
    return events.ClosedRead(at=at, window=window, closed=bool(report["closed"]))


def _clicked(_report: Report, at: float, window: str, _redactor: Redactor) -> events.Event | None:
    return events.StepTaken(at=at, step="click") if window == "app" else None


def _text(report: Report, at: float, window: str, redactor: Redactor) -> events.Event | None:
    if window != "app":
        return None
    return events.TextShown(at=at, window=window, text=redactor.text(report["text"]))


_MAKERS: dict[str, Maker] = {
    "loaded": _loaded,
    "asked": _asked,
    "received": _received,
    "posted": _posted,
    "listeners": _listeners,
    "read": _read,
    "closed": _closed,
    "threw": _threw,
    "clicked": _clicked,
    "text": _text,
}
