"""How reports put durations, numbers of things, lists of names and foreign text into words."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import PurePath

from oauth_window_harness.results.artifacts import Artifacts
from oauth_window_harness.results.model import EngineVerdict, Results, ScenarioResult

#: Why a run fails that showed warnings alone.
STRICT_WARNINGS = "a warning fails this run: --strict-warnings"

_SECOND, _MINUTE, _HOUR = 1000, 60, 3600


def duration(milliseconds: float) -> str:
    """Return a duration in the units that fit: ``7 ms``, ``1.2 s``, ``2 min 5 s``, ``1 h 2 min``."""
    if milliseconds < _SECOND:
        return f"{milliseconds:.0f} ms"
    tenths = f"{milliseconds / _SECOND:.1f}"
    seconds = round(milliseconds / _SECOND)
    if float(tenths) < _MINUTE:
        return f"{tenths} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min {seconds % _MINUTE} s"
    return f"{seconds // _HOUR} h {seconds % _HOUR // _MINUTE} min"


def count(number: int, noun: str) -> str:
    """Return a number of things: ``1 scenario``, ``2 scenarios``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def explanation(code: str) -> str:
    """Return the command that explains a cause in full."""
    return f"oauth-window explain {code}"


def show_trace(root: str, trace: str) -> str:
    """Return the command that shows a trace; without a port it would need Playwright's own build of a browser."""
    return shlex.join(["python", "-m", "playwright", "show-trace", "--port", "0", PurePath(root, trace).as_posix()])


def traced(artifacts: Artifacts) -> str:
    """Return what is to be known of the trace of a play: that it is of another playing, which showed something else."""
    shows = artifacts.trace_shows
    if shows is None:
        return ""
    return f"of another playing of the scenario, which showed {', '.join(shows) or 'nothing'}"


def plays(number: int, repeat: int) -> str:
    """Return how many scenarios are played, and how many plays that makes: ``51 scenarios, 102 plays``."""
    scenarios = count(number // repeat, "scenario")
    return scenarios if repeat == 1 else f"{scenarios}, {count(number, 'play')}"


def rest_on(number: int) -> str:
    """Return how many scenarios rest on a cause, and which option plays them."""
    verb, past, them = ("rests", "was", "it") if number == 1 else ("rest", "were", "them")
    return f"{count(number, 'scenario')} {verb} on it and {past} not played; --play-all plays {them}"


def why_not_whole(results: Results) -> str:
    """Return why results are not those of all that was to be played."""
    if results.merged is not None:
        return "the run is not whole"
    return "interrupted" if results.error is None else "the run could not go on"


def part(results: Results) -> str:
    """Return which part of a run results are, or what they were merged from; nothing of a whole run."""
    if results.shard is not None:
        return f"shard {results.shard.index} of {results.shard.count}"
    if results.merged is not None:
        runs = [f"shard {run.shard}" if run.shard is not None else run.results for run in results.merged.runs]
        return f"merged from {', '.join(runs)}"
    return ""


def told_elsewhere(result: ScenarioResult) -> str:
    """Return what a play that failed says where its causes stand in a suite of their own."""
    codes = ", ".join(dict.fromkeys(finding.code for finding in result.errors))
    return f"failed: {codes}, told in the suite of causes"


def broken_by_reason(results: Results) -> dict[str, list[str]]:
    """Return the reasons for which plays could not be judged, each with the labels of the plays."""
    broken: dict[str, list[str]] = {}
    for result in results.scenarios:
        if result.verdict == "broken":
            broken.setdefault(result.reason or "", []).append(result.label)
    return broken


def names(all_names: Sequence[str], longest: int) -> str:
    """Return the different names, as many as fit into so many characters but one at least, and how many more."""
    once = list(dict.fromkeys(all_names))
    if len(", ".join(once)) <= longest:
        return ", ".join(once)
    for number in range(len(once) - 1, 1, -1):
        text = f"{', '.join(once[:number])} and {len(once) - number} more"
        if len(text) <= longest:
            return text
    return once[0] if len(once) == 1 else f"{once[0]} and {len(once) - 1} more"


def one_line(text: str, longest: int | None = None) -> str:
    """Return a text of the page under test on one line, without control characters, cut at so many characters.

    GitHub takes `##[` anywhere in a log's line for the beginning of a command, so that it is written apart.
    """
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    line = line.replace("##[", "## [")
    return line if longest is None or len(line) <= longest else line[: longest - 1] + "…"


def engines_line(results: Results) -> str:
    """Return in how many scenarios the engines differ that played, and which engines are not here."""
    played = " and ".join(f"{one.name} {one.version}" for one in results.browsers)
    differing = sum(len(row.scenarios) for row in results.divergences or ())
    both = len({result.name for result in results.scenarios})
    if results.divergences is None:
        line = f"{played} alone played: nothing to compare"
    elif differing:
        line = f"{played} differ in {differing} of {count(both, 'scenario')}"
    else:
        line = f"{played} agree on {count(both, 'scenario')}"
    absent = f"; not here: {', '.join(results.absent_browsers)}" if results.absent_browsers else ""
    return f"{line}{absent}"


def endpoint_lines(results: Results) -> list[str]:
    """Return what became of the browsers elsewhere: a line on how plays were spread, and one on each that ended."""
    endpoints = results.endpoints
    spread = [f"{one.address} ({count(one.plays, 'play')})" for one in endpoints]
    lines = [f"played at {', '.join(spread)}"]
    stays = any(one.lost is None for one in endpoints)
    for one in endpoints:
        if one.lost is not None:
            others = "; its plays were played at the others" if stays else ""
            lines.append(f"{one.address} was taken out: {one.lost}{others}")
        elif one.ended:
            ended = f"its browser ended {count(one.ended, 'time')}, and another one was started there"
            lines.append(f"{one.address}: {ended}")
    return lines if endpoints else []


def engine_verdict(engine: EngineVerdict) -> str:
    """Return what an engine made of a scenario: its verdict, and the codes of what it found."""
    verdicts = " or ".join(engine.verdicts)
    return f"{verdicts}, {', '.join(engine.codes)}" if engine.codes else verdicts
