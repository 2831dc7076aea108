"""What kept the page's scripts from opening a window: window.open replaced, a script that was refused or blocked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from oauth_window_harness.checks.analytics import globals_of
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.page_calls import hosts_of, place_of, refused_places, unique
from oauth_window_harness.checks.page_errors import error_lines, uncaught
from oauth_window_harness.findings.finding import Finding, finding
from oauth_window_harness.journal.page_events import OpenReplaced, PolicyViolated, ScriptFailed, ScriptNotLoaded

#: What a script says that looks for something which another script would have defined, in the words of the engines.
_OF_MISSING = re.compile(
    r"is not defined|undefined|is not a (?:function|constructor)|Can't find variable|import(?:ed|ing)", re.IGNORECASE
)

#: The directives that block a script.
_OF_SCRIPTS = ("script-src", "script-src-elem", "script-src-attr")


def cause(flow: Flow) -> Finding | None:
    """Return what about the page's scripts explains that a click opened no window, or None."""
    return _replaced(flow) or _refused(flow) or _blocked(flow)


def of_refusal(lines: Sequence[str], places: Sequence[str]) -> Finding:
    """Return a refused host as the cause of an error, with the option that lets it through."""
    options = " ".join(f"--allow {host}" for host in hosts_of(places))
    mend = f"The page needs what was refused: let it through with {options}, or serve it from the page's own host."
    return replace(finding("unexpected-request", unique(lines)), severity="error", mend=mend)


def of_policy(flow: Flow, found: Sequence[PolicyViolated]) -> Finding:
    """Return what the page's policy blocked as the cause of an error."""
    lines = [f"{one.directive} of the page's Content-Security-Policy blocked {one.blocked}" for one in found]
    return finding("content-policy-blocked", [*unique(lines), *error_lines(flow)])


def violations(flow: Flow) -> list[PolicyViolated]:
    """Return what the policy of the page under test blocked."""
    return [event for event in flow.all_of(PolicyViolated) if event.window == "app"]


def _replaced(flow: Flow) -> Finding | None:
    used = any(event.used for event in flow.all_of(OpenReplaced) if event.window == "app")
    if not used or flow.open_calls:
        return None
    line = "at the click, window.open was a function of the page's own; it was asked for, and no window came of it"
    return finding("window-open-replaced", [line, *error_lines(flow, flow.clicks[0].at)])


def _refused(flow: Flow) -> Finding | None:
    refused = refused_places(flow)
    failed = unique(event.url for event in flow.all_of(ScriptFailed) if place_of(event.url) in refused)
    failed = _needed(flow, failed)
    if not failed:
        return None
    lines = [f"a script did not load, as the gateway refused its host: {url}" for url in failed]
    return of_refusal([*lines, *error_lines(flow)], [place_of(url) for url in failed])


def _blocked(flow: Flow) -> Finding | None:
    # Libraries try whether eval is allowed, and do without it.
    found = [one for one in violations(flow) if one.directive in _OF_SCRIPTS and one.blocked != "eval"]
    if not any(one.blocked == "inline" for one in found):
        needed = _needed(flow, [one.blocked for one in found])
        found = [one for one in found if one.blocked in needed]
    return of_policy(flow, found) if found else None


def _needed(flow: Flow, urls: Sequence[str]) -> list[str]:
    """Return the scripts on which the page relies: an error looks for what they define; without any, others waited.

    A click does not wait for a script that only counts, and an error is due to it only if it names what it defines.
    """
    errors = [error.message for error in uncaught(flow) if _OF_MISSING.search(error.message)]
    counting = {url: names for url in urls if (names := globals_of(url)) is not None}
    named = [url for url, names in counting.items() if any(_looks_for(message, names) for message in errors)]
    if named:
        return named
    others = [url for url in urls if url not in counting]
    if uncaught(flow):
        return others if errors else []
    awaited = [event for event in flow.all_of(ScriptNotLoaded) if event.awaited]
    return others if any(event.module or event.url in others for event in awaited) else []


def _looks_for(message: str, names: Sequence[str]) -> bool:
    """Return whether an error is that one of some globals is missing, in the words of the engines."""
    one = "|".join(map(re.escape, names)) or "(?!)"
    before = r"(?:(?<![\w$.])|\b(?:window|globalThis|self)\.)"
    return re.search(rf"{before}(?:{one})(?:\.\w+)? is not |Can't find variable: (?:{one})\b", message) is not None
