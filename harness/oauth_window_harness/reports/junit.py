"""junit.xml: the results in the form that every CI service shows."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from oauth_window_harness.results.events import Listener, RunEnded, RunEvent
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import ErrorResult, Results, ScenarioResult

JUNIT = "junit.xml"

#: The characters that XML 1.0 §2.2 allows in no document, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_report(folder: ArtifactFolder) -> Listener:
    """Return a listener that writes junit.xml at the end of a run."""

    def listen(event: RunEvent) -> None:
        if isinstance(event, RunEnded):
            folder.write(JUNIT, junit(event.results))

    return listen


def junit(results: Results) -> str:
    """Return the results as JUnit's XML: a failed scenario is a failure, a broken one an error, as what ends a run."""
    summary = results.summary
    errors = [_error_case(results.error)] if results.error is not None else []
    suite = ET.Element(
        "testsuite",
        name="oauth-window",
        tests=str(len(results.scenarios) + len(errors)),
        failures=str(summary.failed),
        errors=str(summary.broken + len(errors)),
        skipped=str(summary.skipped),
        time=_seconds(sum(result.duration_ms for result in results.scenarios)),
    )
    suite.extend(_case(result) for result in results.scenarios)
    suite.extend(errors)
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(result: ScenarioResult) -> ET.Element:
    name = result.name if result.repeat is None else f"{result.name} ({result.repeat})"
    group = result.tags[0] if result.tags else "scenario"
    case = ET.Element("testcase", name=name, classname=f"oauth-window.{group}", time=_seconds(result.duration_ms))
    text = _plain("\n\n".join(_texts_of(result)))
    if result.verdict == "failed":
        first = result.errors[0]
        failure = ET.SubElement(case, "failure", type=first.code, message=_plain(first.message))
        failure.text = text
    elif result.verdict == "broken":
        ET.SubElement(case, "error", type="broken", message=_plain(result.reason or ""))
    elif result.verdict == "skipped":
        ET.SubElement(case, "skipped", message=_plain(result.reason or ""))
    elif text:
        ET.SubElement(case, "system-out").text = text
    return case


def _error_case(error: ErrorResult) -> ET.Element:
    case = ET.Element("testcase", name="run", classname="oauth-window", time=_seconds(0))
    told = ET.SubElement(case, "error", type=error.kind, message=_plain(error.what))
    told.text = _plain("\n".join(f"{name}: {text}" for name, text in error.parts()))
    return case


def _texts_of(result: ScenarioResult) -> list[str]:
    return [
        "\n".join(
            [
                f"{finding.severity}{' (known)' if finding.known else ''}: {finding.code}: {finding.message}",
                *(f"  seen: {line}" for line in finding.evidence),
                f"  mend: {finding.mend}",
            ]
        )
        for finding in [*result.errors, *(other for other in result.findings if other not in result.errors)]
    ]


def _plain(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.3f}"
