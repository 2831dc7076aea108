"""GitHub's step summary: what is to be mended, each cause once, and then the scenarios; Markdown for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from oauth_window_harness.errors import OutputError
from oauth_window_harness.reports.markdown import block, cell, code, folded, prose
from oauth_window_harness.reports.phrases import (
    STRICT_WARNINGS,
    broken_by_reason,
    count,
    duration,
    endpoint_lines,
    engine_verdict,
    engines_line,
    explanation,
    names,
    one_line,
    part,
    rest_on,
    why_not_whole,
)
from oauth_window_harness.reports.place import place_of
from oauth_window_harness.results.causes import failing_warnings, fails
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent
from oauth_window_harness.results.model import CauseResult, Results, ScenarioResult, Verdict
from oauth_window_harness.results.run_error import ErrorResult

#: How much is shown of what could be endless: GitHub takes no summary of more than 1 MiB, and shows none of it then.
_EVIDENCE, _LONGEST, _ROWS = 8, 400, 200
_NAMES = 200

#: What stands in the place of the app's address where none was named: a pass then says nothing of the user's page.
_REFERENCE = "the bundled reference app; name yours as `app` in oauth-window.toml"

_MARKS = {"error": "❌", "warning": "⚠️", "info": "ℹ️"}  # noqa: RUF001 - the sign for an information
_VERDICT_MARKS: dict[Verdict, str] = {"passed": "✅", "warned": "⚠️", "failed": "❌", "skipped": "⏭️", "broken": "❔"}


def step_summary_report(file: Path, output: str) -> Listener:
    """Return a listener that appends the summary of a run to GitHub's file.

    Args:
        file: the file, which other programs of the step may have begun.
        output: the report folder, which is named at the end.
    """

    def listen(event: RunEvent) -> None:
        if isinstance(event, RunEnded) and not event.keeps_earlier:
            append_summary(file, step_summary(event.results, output))

    return listen


def append_summary(file: Path, summary: str) -> None:
    """Append a summary to GitHub's file.

    Raises:
        OutputError: it cannot be written.
    """
    try:
        with file.open("a", encoding="utf-8") as opened:
            opened.write(f"\n{summary}" if opened.tell() else summary)
    except OSError as error:
        raise OutputError(
            "the step summary cannot be written",
            where=f"GITHUB_STEP_SUMMARY={file}",
            seen=error.strerror or str(error),
            todo="let the variable name a file in a folder that exists, or unset it",
        ) from None


def step_summary(results: Results, output: str) -> str:
    """Return the summary as Markdown; of one shard of several, only what it played: the merged report has the rest."""
    sections = [f"## {_title(results)}", _counts(results)]
    if results.error is not None:
        sections.append(_error(results.error))
    if is_partial(results):
        sections.append("The causes stand in the report that `oauth-window report merge` makes of all shards.")
    else:
        if failing_warnings(results):
            sections.append(f"❌ {prose(STRICT_WARNINGS)}.")
        sections += _engines(results)
        sections += [
            _cause(cause, is_failure=fails(cause, results)) for cause in results.causes if not _is_brief(cause)
        ]
        sections += _notes(results)
    if results.scenarios:
        sections.append(folded("Scenarios", _table(results.scenarios)))
    sections.append(f"Report: {code(f'{output}/index.html')}, results.json, junit.xml, ctrf-report.json")
    return "\n\n".join(sections) + "\n\n"


def is_partial(results: Results) -> bool:
    """Return whether results are those of one shard of several, whose causes other shards show as well."""
    return results.shard is not None and results.shard.count > 1


def _title(results: Results) -> str:
    failing = [cause for cause in results.causes if fails(cause, results)]
    if failing:
        text = f"{count(len(failing), 'cause')} to mend"
    elif results.interrupted:
        text = why_not_whole(results)
    elif results.summary.broken:
        text = f"{count(results.summary.broken, 'scenario')} could not be judged"
    else:
        text = "no failure" if results.scenarios else "nothing was played"
    shard = part(results)
    return f"oauth-window: {text}{f', {shard}' if shard and results.shard else ''}"


def _counts(results: Results) -> str:
    numbers = [(verdict, getattr(results.summary, verdict)) for verdict in get_args(Verdict)]
    words = [f"**{number} {verdict}**" for verdict, number in numbers if number] or ["nothing was played"]
    app = code(results.app) if results.app != "reference" else _REFERENCE
    browser = f" · {prose(f'{results.browser.name} {results.browser.version}')}" if results.browser else ""
    return f"{', '.join(words)} · {app}{browser} · {duration(results.duration_ms)}"


def _error(error: ErrorResult) -> str:
    return "### ❌ The run could not go on\n\n" + block(
        f"{name}: {one_line(text, _LONGEST)}" for name, text in error.parts()
    )


def _engines(results: Results) -> Iterator[str]:
    """Yield in what the engines differ, where several were to play."""
    if results.browsers:
        rows = [
            f"- {names(row.scenarios, _NAMES)}: "
            + prose("; ".join(f"{one.browser} {engine_verdict(one)}" for one in row.engines))
            for row in results.divergences or ()
        ]
        yield "\n".join([f"**{prose(engines_line(results))}**", "", *rows]).strip()


def _cause(cause: CauseResult, *, is_failure: bool) -> str:
    evidence = [one_line(line, _LONGEST) for line in cause.evidence[:_EVIDENCE]]
    left = len(cause.evidence) - len(evidence)
    evidence += [f"and {count(left, 'line')} more, in results.json"] if left else []
    where = f"In {prose(names(cause.scenarios, _NAMES))}."
    rests = f" {rest_on(len(cause.rest_on_it)).capitalize()}." if cause.rest_on_it else ""
    engines = f" Engines: {prose(', '.join(cause.browsers))}." if cause.browsers else ""
    pieces = [f"### {_MARKS[cause.severity]} {code(cause.code)}: {prose(cause.message)}"]
    if (place := place_of(cause)) is not None:
        pieces.append(f"At {code(f'{place.file}:{place.line}')}.")
    elif cause.place is not None:
        pieces.append(f"At {code(one_line(str(cause.place)))}.")
    pieces += [block(evidence)] if evidence else []
    pieces += [f"**Mend:** {prose(cause.mend)}"] if cause.mend else []
    if cause.lines is not None:
        lines = f"Before:\n\n{block([cause.lines.before], '')}\n\nAfter:\n\n{block([cause.lines.after], '')}"
        pieces.append(folded("Lines of a typical page, before and after", lines))
    commands = [*([one_line(cause.again)] if is_failure else []), explanation(cause.code)]
    return "\n\n".join([*pieces, f"{where}{rests}{engines}", block(commands, "sh")])


def _is_brief(cause: CauseResult) -> bool:
    return cause.known or cause.severity == "info"


def _notes(results: Results) -> Iterator[str]:
    """Yield what needs no section of its own: what could not be judged, known causes, infos, stale entries."""
    broken = [(reason, names(labels, _NAMES)) for reason, labels in broken_by_reason(results).items()]
    rows = [f"- ❔ {code(name)} could not be judged: {prose(reason)}" for reason, name in broken]
    for cause in filter(_is_brief, results.causes):
        head = "known" if cause.known else cause.severity
        rows.append(f"- {head}: {code(cause.code)}, {prose(cause.message)}")
    rows += [
        f"- stale in the baseline: {code(entry.scenario)}: {code(entry.code)} no longer occurs"
        for entry in results.stale
    ]
    rows += [f"- {prose(line)}" for line in endpoint_lines(results)]
    if rows:
        yield "\n".join(rows[:_ROWS])


def _table(scenarios: Sequence[ScenarioResult]) -> str:
    """Return a table of the plays, those first that are not as they should be."""
    first = sorted(scenarios, key=lambda result: result.verdict in ("passed", "skipped"))
    rows = [
        f"| {_VERDICT_MARKS[result.verdict]} {result.verdict} | {cell(code(result.label))} "
        f"| {cell(_why(result))} | {duration(result.duration_ms)} |"
        for result in first[:_ROWS]
    ]
    more = [f"\nand {count(len(first) - _ROWS, 'play')} more, in results.json"] if len(first) > _ROWS else []
    return "\n".join(["| verdict | scenario | why | time |", "|---|---|---|---|", *rows, *more])


def _why(result: ScenarioResult) -> str:
    if result.reason:
        return prose(one_line(result.reason, _LONGEST))
    return ", ".join(dict.fromkeys(code(finding.code) for finding in result.findings))
