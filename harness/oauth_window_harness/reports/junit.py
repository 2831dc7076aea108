"""junit.xml: the results in the form that every CI service shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from xml.etree import ElementTree as ET

from oauth_window_harness.reports.phrases import rest_on, told_elsewhere
from oauth_window_harness.reports.place import place_of
from oauth_window_harness.results.causes import fails
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import CauseResult, Results, ScenarioResult
from oauth_window_harness.results.run_error import ErrorResult

JUNIT = "junit.xml"

#: The characters that XML 1.0 §2.2 allows in no document, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


#: What begins the mark of a file that belongs to a test case, for GitLab, Jenkins and others.
_ATTACHMENT = "[[ATTACHMENT|"


def junit_report(folder: ArtifactFolder, root: str | None = None) -> Listener:
    """Return a listener that writes junit.xml at the end of a run.

    Args:
        folder: the report folder.
        root: its path, as whoever reads the report knows it; default: as the folder has it.
    """
    known_as = folder.root.as_posix() if root is None else root

    def listen(event: RunEvent) -> None:
        if isinstance(event, RunEnded):
            folder.write(JUNIT, junit(event.results, known_as))

    return listen


def junit(results: Results, root: str = ".") -> str:
    """Return the results as JUnit's XML, in which each failure is one thing to mend.

    A suite of the causes has a failure for each that fails the run; in the suite of the scenarios one that failed
    is skipped with the codes of its causes; a broken one is an error, and so is what ended the run. Pictures and traces
    are named by their paths below the root, in the output of a case; GitLab shows the first one of a case that failed.
    """
    attached = {result.name: _attached(result, root) for result in reversed(results.scenarios)}
    causes = [
        _cause(cause, next(filter(None, map(attached.get, cause.scenarios)), []))
        for cause in results.causes
        if fails(cause, results)
    ]
    milliseconds = sum(result.duration_ms for result in results.scenarios)
    cases = [_case(result, root) for result in results.scenarios]
    cases += [_error_case(results.error)] if results.error is not None else []
    timestamp = results.started_at.isoformat(timespec="seconds")
    suites = [
        *([_group("testsuite", causes, 0, name="causes", timestamp=timestamp)] if causes else []),
        _group("testsuite", cases, milliseconds, name="oauth-window", timestamp=timestamp),
    ]
    document = _group("testsuites", suites, milliseconds)
    ET.indent(document)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(document, encoding="unicode") + "\n"


def _group(tag: str, parts: list[ET.Element], milliseconds: int, **attributes: str) -> ET.Element:
    """Return an element around its parts, with the numbers of what is in them."""
    group = ET.Element(tag, attributes)
    group.extend(parts)
    counted = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}
    for attribute, name in counted.items():
        group.set(attribute, str(sum(1 for _ in group.iter(name))))
    group.set("time", _seconds(milliseconds))
    return group


def _cause(cause: CauseResult, attached: Sequence[str]) -> ET.Element:
    case = ET.Element("testcase", name=_plain(cause.code), classname="oauth-window.causes", time=_seconds(0))
    if (place := place_of(cause)) is not None:
        case.set("file", _plain(place.file))
        case.set("line", str(place.line))
    failure = ET.SubElement(case, "failure", type=_plain(cause.code), message=_plain(cause.message))
    lines = [
        *(f"seen: {line}" for line in cause.evidence),
        f"mend: {cause.mend}",
        f"in: {', '.join(cause.scenarios)}",
        *([f"engines: {', '.join(cause.browsers)}"] if cause.browsers else []),
        *([f"{rest_on(len(cause.rest_on_it))}: {', '.join(cause.rest_on_it)}"] if cause.rest_on_it else []),
        f"again: {cause.again}",
    ]
    failure.text = _plain("\n".join(lines))
    if attached:
        ET.SubElement(case, "system-out").text = "\n".join(attached)
    return case


def _case(result: ScenarioResult, root: str) -> ET.Element:
    group = result.tags[0] if result.tags else "scenario"
    case = ET.Element(
        "testcase", name=result.label, classname=f"oauth-window.{group}", time=_seconds(result.duration_ms)
    )
    if result.file is not None:
        case.set("file", _plain(result.file))
    if result.verdict == "failed":
        ET.SubElement(case, "skipped", message=_plain(told_elsewhere(result)))
    elif result.verdict == "broken":
        ET.SubElement(case, "error", type="broken", message=_plain(result.reason or ""))
    elif result.verdict == "skipped":
        ET.SubElement(case, "skipped", message=_plain(result.reason or ""))
    if output := [*_attached(result, root), *_texts_of(result)]:
        ET.SubElement(case, "system-out").text = "\n\n".join(output)
    return case


def _attached(result: ScenarioResult, root: str) -> list[str]:
    """Return the marks of the pictures of a play, and of its trace; each stands on a line of its own."""
    files = [*result.artifacts.screenshots, *([result.artifacts.trace] if result.artifacts.trace else [])]
    return [f"{_ATTACHMENT}{_plain(PurePosixPath(root, path).as_posix())}]]" for path in files]


def _error_case(error: ErrorResult) -> ET.Element:
    case = ET.Element("testcase", name="run", classname="oauth-window", time=_seconds(0))
    told = ET.SubElement(case, "error", type=error.kind, message=_plain(error.what))
    told.text = _plain("\n".join(f"{name}: {text}" for name, text in error.parts()))
    return case


def _texts_of(result: ScenarioResult) -> list[str]:
    return [
        _plain(
            "\n".join(
                [
                    f"{finding.severity}{' (known)' if finding.known else ''}: {finding.code}: {finding.message}",
                    *(f"  seen: {line}" for line in finding.evidence),
                    f"  mend: {finding.mend}",
                ]
            )
        )
        for finding in [*result.errors, *(other for other in result.findings if other not in result.errors)]
    ]


def _plain(text: str) -> str:
    """Return a text that may stand in XML, and names no file as belonging to the case."""
    return _NOT_XML.sub("\ufffd", text).replace(_ATTACHMENT, "[ [ATTACHMENT|")


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.3f}"
