"""Joins the observer's scripts, and turns their reports into events, with all that came from a page redacted."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from oauth_window_harness.contract import rules
from oauth_window_harness.contract.shape import read_json
from oauth_window_harness.drivers.observer import page_reports, script_reports
from oauth_window_harness.drivers.observer.stacks import SOURCE, stack_of
from oauth_window_harness.journal import events
from oauth_window_harness.journal.click_handlers import ClickHandlerAdded, LackSupplied
from oauth_window_harness.journal.texts import TimerRun
from oauth_window_harness.redact import Redactor
from oauth_window_harness.scenario import intrusion

#: The name of the global function with which the observer reports; the observer deletes it from ``window``.
BINDING = "__oauthWindow"

#: The name of the DOM event that asks the observer when the page's timers have run; random, so that no page knows it.
SETTLE_EVENT = f"oauth-window-{secrets.token_hex(8)}"

#: The name of the DOM event that asks the observer what the page has outstanding; likewise random.
QUIET_EVENT = f"oauth-window-{secrets.token_hex(8)}"

#: How soon a timer must be due in order to count as part of the flow, in seconds: pages check every half second to
#: every second whether their window is closed.
HORIZON = 1.0

#: How many like reports one document sends in a second; the further ones are not sent.
MOST = 100

#: How long a name is awaited that a click looked for and that no script has defined, in seconds: as long as a user may.
_LONGEST = 60.0

#: The parts of the observer; each uses names of those before it.
_PARTS = (
    "base", "stacks", "windows", "messages", "listeners", "posts", "errors", "timers", "controls", "generated",
    "lateness", "sight", "outstanding",
)  # fmt: skip
#: The same where a suite injects the observer itself, and no driver is there.
_PARTS_OF_SUITE = ("transport", *_PARTS[: _PARTS.index("timers")], "suite", *_PARTS[_PARTS.index("timers") :])
_FOLDER = Path(__file__).parent


@cache
def _joined(parts: tuple[str, ...]) -> str:
    return "".join((_FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in parts)


Report = Mapping[str, Any]
Maker = Callable[[Report, float, str, Redactor], events.Event | None]


@dataclass(frozen=True)
class ReportAddress:
    """Where a suite's observer sends its reports.

    Attributes:
        control: the origin of the control API, as pages of this machine reach it.
        service: the origin under which every other page reaches it, through the gateway.
        hosts: the names whose pages reach it at their own origin.
        path: the path of the call.
        ticket: shows that the observer came from this server, for this key.
    """

    control: str
    service: str
    hosts: tuple[str, ...]
    path: str
    ticket: str


def script(*, blocked: bool, skew: float = 0) -> str:
    """Return the observer's source, to run before a page's own scripts.

    Args:
        blocked: whether ``window.open`` returns null, as if the browser blocked the window.
        skew: by how much the browser's clock is ahead of this machine's, in seconds; the moments of its reports are
            those of this machine.
    """
    return _called(_PARTS, {**_setup(blocked=blocked), "skew": skew * 1000})


def suite_script(*, blocked: bool, address: ReportAddress) -> str:
    """Return the observer's source for a suite that injects it by itself, in any language.

    Args:
        blocked: whether ``window.open`` returns null, as if the browser blocked the window.
        address: where it sends its reports, unless the suite has exposed a function named `BINDING`.
    """
    return _called(_PARTS_OF_SUITE, {**_setup(blocked=blocked), **asdict(address)})


def _called(parts: tuple[str, ...], setup: Mapping[str, Any]) -> str:
    return f"((setup) => {{\n{_joined(parts)}}})({json.dumps(setup)})\n//# sourceURL={SOURCE}\n"


def _setup(*, blocked: bool) -> dict[str, Any]:
    return {
        "blocked": blocked,
        "skew": 0,
        "intruder": intrusion.PATH,
        "settling": SETTLE_EVENT,
        "quiet": QUIET_EVENT,
        "horizon": HORIZON * 1000,
        "longest": _LONGEST * 1000,
        "most": MOST,
    }


def event_of(report_json: str, window: str, redactor: Redactor) -> events.Event | None:
    """Return the event of a report, or None if the report has none or is malformed.

    A page that replaces the functions that the observer uses could report anything, so no shape is trusted.

    Args:
        report_json: the report, a JSON object; its ``at`` is in milliseconds since the epoch.
        window: the name of the window that sent it.
        redactor: redacts every string of it.
    """
    try:
        report = read_json(report_json)
        make, at = _MAKERS.get(report["kind"]), float(report["at"])
        if make is None:
            return None
        return make(report, at / 1000, window, redactor)
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        return None


def clicked_selector(report_json: object) -> str | None:
    """Return the selector of the element that was clicked, or None if the report is not of a click."""
    try:
        report = json.loads(str(report_json))
        return f"css=html > {report['place']}" if report["kind"] == "clicked" and report["place"] else None
    except (KeyError, TypeError, ValueError):
        return None


def _document(report: Report, at: float, window: str, redactor: Redactor) -> events.Event | None:
    if report["url"].partition("#")[0] == "about:blank":
        return None  # the window is still empty
    return events.DocumentLoaded(
        at=at, window=window, url=redactor.text(report["url"]), has_opener=bool(report["hasOpener"])
    )


def _open_call(report: Report, at: float, window: str, redactor: Redactor) -> events.Event:
    return events.WindowOpenCalled(
        at=at,
        window=window,
        url=redactor.text(report["url"]),
        target=redactor.text(report["target"]),
        features=redactor.text(report["features"]),
        returned=bool(report["returned"]),
        active=bool(report["active"]),
        in_click=bool(report["inClick"]),
        has_token=rules.holds_token(str(report["url"])),
        stack=stack_of(report.get("stack"), redactor),
    )


def _message(report: Report, at: float, window: str, redactor: Redactor) -> events.Event:
    return events.MessageReceived(
        at=at,
        window=window,
        data=redactor.data(report["data"]),
        origin=redactor.text(report["origin"]),
        source="popup" if report["source"] == "popup" else "other",
    )


def _post(report: Report, at: float, window: str, redactor: Redactor) -> events.Event:
    return events.MessagePosted(
        at=at,
        window=window,
        origin=redactor.text(report["origin"]),
        data=redactor.data(report["data"]),
        target_origin=redactor.text(report["targetOrigin"]),
    )


def _listener_count(report: Report, at: float, window: str, _redactor: Redactor) -> events.Event:
    return events.ListenersChanged(at=at, window=window, count=int(report["count"]))


def _closed_reading(report: Report, at: float, window: str, redactor: Redactor) -> events.Event:
    stack = stack_of(report.get("stack"), redactor)
    return events.ClosedRead(at=at, window=window, closed=bool(report["closed"]), stack=stack)


def _click(_report: Report, at: float, window: str, _redactor: Redactor) -> events.Event | None:
    return events.StepTaken(at=at, step="click") if window == "app" else None


def _handler(_report: Report, at: float, window: str, _redactor: Redactor) -> events.Event | None:
    return ClickHandlerAdded(at=at) if window == "app" else None


def _supply(_report: Report, at: float, window: str, _redactor: Redactor) -> events.Event | None:
    return LackSupplied(at=at) if window == "app" else None


def _text(report: Report, at: float, window: str, redactor: Redactor) -> events.Event | None:
    if window != "app":
        return None
    run = report.get("timer")
    timer = TimerRun(since=float(run["since"]) / 1000, count=int(run["count"])) if run else None
    return events.TextShown(at=at, window=window, text=redactor.text(report["text"]), timer=timer)


_MAKERS: dict[str, Maker] = {
    "loaded": _document,
    "asked": _open_call,
    "received": _message,
    "posted": _post,
    "listeners": _listener_count,
    "closed": _closed_reading,
    "clicked": _click,
    "text": _text,
    **page_reports.MAKERS,
    **script_reports.MAKERS,
    "handler": _handler,
    "supplied": _supply,
}
