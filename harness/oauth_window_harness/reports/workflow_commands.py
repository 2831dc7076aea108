"""GitHub's annotations: workflow commands on standard output, one for each thing to mend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from oauth_window_harness.reports.phrases import broken_by_reason, explanation, names, one_line, rest_on
from oauth_window_harness.reports.place import place_of
from oauth_window_harness.reports.step_summary import is_partial
from oauth_window_harness.results.causes import fails
from oauth_window_harness.results.events import Listener, RunEnded, RunEvent
from oauth_window_harness.results.model import CauseResult, Results
from oauth_window_harness.results.run_error import ErrorResult

#: How much of a cause's evidence an annotation has: GitHub shows a few lines, and cuts a message of more than 64 KiB.
_EVIDENCE, _LONGEST = 4, 300
_NAMES = 200

#: What stands for the characters that would end a message, and those that would end a property as well.
_IN_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = _IN_DATA | str.maketrans({":": "%3A", ",": "%2C"})


def annotation_report(stream: IO[str]) -> Listener:
    """Return a listener that writes the annotations at the end of a run."""

    def listen(event: RunEvent) -> None:
        if isinstance(event, RunEnded):
            write_annotations(event.results, stream)

    return listen


def write_annotations(results: Results, stream: IO[str]) -> None:
    """Write the annotations, each on a line of its own."""
    stream.writelines(f"{line}\n" for line in commands(results))
    stream.flush()


def commands(results: Results) -> Iterator[str]:
    """Yield the commands: for the error that ended the run, each new cause, and each reason not to judge.

    A shard of several has none for its causes, which other shards show as well: the merged results have them once.
    """
    if results.error is not None:
        yield _of_error(results.error)
    if is_partial(results):
        return
    for cause in results.causes:
        if cause.severity != "info" and not cause.known:
            yield _of_cause(cause, is_failure=fails(cause, results))
    for reason, labels in broken_by_reason(results).items():
        text = f"{names(labels, _NAMES)}: {one_line(reason, _LONGEST)}"
        yield _command("error", text, title="oauth-window: could not be judged")


def _of_cause(cause: CauseResult, *, is_failure: bool) -> str:
    lines = [
        one_line(cause.message),
        *(f"seen: {one_line(line, _LONGEST)}" for line in cause.evidence[:_EVIDENCE]),
        f"mend: {one_line(cause.mend)}",
        f"in {names(cause.scenarios, _NAMES)}",
        *([rest_on(len(cause.rest_on_it))] if cause.rest_on_it else []),
        f"more: {explanation(cause.code)}",
        *([f"again: {one_line(cause.again)}"] if is_failure else []),
    ]
    place = place_of(cause)
    where = {} if place is None else {"file": place.file, "line": str(place.line)}
    if place is not None and place.column is not None:
        where["col"] = str(place.column)
    kind = "error" if is_failure else "warning"
    return _command(kind, "\n".join(lines), **where, title=f"oauth-window: {cause.code}")


def _of_error(error: ErrorResult) -> str:
    text = "\n".join(one_line(f"{name}: {part}", _LONGEST) for name, part in error.parts())
    return _command("error", text, title="oauth-window: the run could not go on")


def _command(name: str, message: str, **properties: str) -> str:
    told = ",".join(f"{key}={value.translate(_IN_PROPERTY)}" for key, value in properties.items())
    return f"::{name} {told}::{message.translate(_IN_DATA)}"
