"""SARIF 2.1.0: what is to be mended as code-scanning services show it, beside the line of the page's own code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from oauth_window_harness.errors import OutputError
from oauth_window_harness.findings.causes.cause import Severity
from oauth_window_harness.reports.place import Place, place_of
from oauth_window_harness.reports.sarif import document
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent
from oauth_window_harness.results.model import FindingResult, Results

_LEVELS: Mapping[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def sarif_report(file: Path) -> Listener:
    """Return a listener that writes a SARIF file at the end of a run, also of an interrupted one."""

    def listen(event: RunEvent) -> None:
        if isinstance(event, RunEnded) and not event.keeps_earlier:
            try:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(findings_sarif(event.results, Path.cwd()), encoding="utf-8")
            except OSError as error:
                raise OutputError(
                    "the SARIF file cannot be written", where=f"--sarif {file}", seen=str(error), todo="name another"
                ) from None

    return listen


def findings_sarif(results: Results, folder: Path) -> str:
    """Return the findings of a run as SARIF: one result for each cause at each place, with its scenarios.

    A finding that lies in no file of the project is left out: GitHub refuses a result without a place.

    Args:
        results: the run.
        folder: the one from which it was started.
    """
    found = _found(results, folder)
    rules = {cause.code: cause for cause in results.causes if any(one.code == cause.code for one, *_ in found)}
    index = {code: place for place, code in enumerate(rules)}
    counted: Counter[str] = Counter()
    shown = []
    for one, place, scenarios in found:
        # The line is no part of what tells results apart: it moves with each edit above it.
        key = f"{one.code}:{place.file}"
        counted[key] += 1
        shown.append(_result(one, place, scenarios, index[one.code], f"{key}:{counted[key]}"))
    return document(
        [
            {
                "id": cause.code,
                "shortDescription": {"text": cause.message},
                "help": {"text": f"{cause.mend}\n{cause.clause}".strip()},
                "defaultConfiguration": {"level": _LEVELS[cause.severity]},
            }
            for cause in rules.values()
        ],
        shown,
        list(_notifications(results, folder)),
        is_whole=results.error is None and not results.interrupted,
    )


def _found(results: Results, folder: Path) -> list[tuple[FindingResult, Place, list[str]]]:
    """Return each cause at each of its places, once, with the scenarios that showed it there."""
    known = {cause.code for cause in results.causes}
    found: dict[tuple[str, Place, bool], tuple[FindingResult, Place, list[str]]] = {}
    for result in results.scenarios:
        for one in result.findings:
            place = place_of(one, folder) if one.code in known else None
            if place is not None:
                scenarios = found.setdefault((one.code, place, one.known), (one, place, []))[2]
                scenarios += [result.name] if result.name not in scenarios else []
    return sorted(found.values(), key=lambda row: list(_LEVELS).index(row[0].severity))


def _result(one: FindingResult, place: Place, scenarios: list[str], rule: int, fingerprint: str) -> dict[str, Any]:
    lines = [one.message, *(f"seen: {line}" for line in one.evidence), f"mend: {one.mend}"]
    region = {"startLine": place.line} | ({} if place.column is None else {"startColumn": place.column})
    return {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": _LEVELS[one.severity],
        "message": {"text": "\n".join([*lines, f"in: {', '.join(scenarios)}"])},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": place.uri}, "region": region}}],
        "partialFingerprints": {"oauthWindow/v1": fingerprint},
        # What the baseline knows is told as dismissed.
        **({"suppressions": [{"kind": "external", "justification": "the baseline has it"}]} if one.known else {}),
    }


def _notifications(results: Results, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield what kept the run from its end, and the causes that lie in no file of the project."""
    if results.error is not None:
        yield {"level": "error", "message": {"text": f"{results.error.what}: {results.error.seen}"}}
    for cause in results.causes:
        if place_of(cause, folder) is None:
            yield {"level": "note", "message": {"text": f"{cause.code}, in no file of the project: {cause.message}"}}
