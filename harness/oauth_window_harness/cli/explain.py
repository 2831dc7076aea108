"""``oauth-window explain``."""

from __future__ import annotations

import difflib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oauth_window_harness.cli.console import console
from oauth_window_harness.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from oauth_window_harness.findings.causes.cause import Cause

#: The colour of each severity.
_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}


def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="The finding; none: list all.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON: one object, or a list of all.")] = False,
) -> None:
    """Explain a finding: what it means, an example, and the lines that mend it."""
    from oauth_window_harness.findings.causes import CAUSES  # noqa: PLC0415 - `--help` waits for none of this

    if code is not None and code not in CAUSES:
        near = difflib.get_close_matches(code, CAUSES, n=3, cutoff=0.4)
        nearest = f"nearest: {', '.join(near)}; " if near else ""
        raise UsageError(
            f"no finding has the code {code!r}", where="CODE", todo=f"{nearest}`oauth-window explain` lists all"
        )
    if as_json:
        shown = [_fields(one, CAUSES[one]) for one in CAUSES] if code is None else _fields(code, CAUSES[code])
        print(json.dumps(shown, ensure_ascii=True, indent=2))  # noqa: T201 - for machines, whatever the terminal is
    elif code is None:
        _list(console())
    else:
        _explain(console(), code, CAUSES[code])


def _fields(code: str, cause: Cause) -> dict[str, Any]:
    """Return an explanation for machines, in the words of a cause in results.json."""
    from oauth_window_harness.findings.mends import explanation_of  # noqa: PLC0415

    explanation = explanation_of(code)
    return {
        "code": code,
        "severity": cause.severity,
        "message": cause.message,
        "meaning": explanation.meaning,
        "example": explanation.example,
        "lines": None if explanation.lines is None else asdict(explanation.lines),
        "no_lines": explanation.no_lines,
        "mend": cause.mend,
        "clause": cause.clause,
    }


def _list(out: Console) -> None:
    from oauth_window_harness.findings.causes import CAUSES, GROUPS  # noqa: PLC0415

    width = max(map(len, CAUSES))
    for number, (title, causes) in enumerate(GROUPS.items()):
        if number:
            out.print()
        out.print(f"[bold]{title}[/]")
        for code, cause in causes.items():
            out.print(f"{code:<{width}}  [{_COLOURS[cause.severity]}]{cause.severity:<7}[/]  ", end="")
            out.print(cause.message, markup=False, soft_wrap=True)


def _explain(out: Console, code: str, cause: Cause) -> None:
    from oauth_window_harness.findings.mends import explanation_of  # noqa: PLC0415

    explanation = explanation_of(code)
    out.print(f"[bold]{code}[/]  [{_COLOURS[cause.severity]}]{cause.severity}[/]")
    out.print(cause.message, markup=False, soft_wrap=True)
    _section(out, "What it means", explanation.meaning)
    _section(out, "For example", explanation.example)
    if explanation.lines is not None:
        _section(out, "Before", explanation.lines.before, is_code=True)
        _section(out, "After", explanation.lines.after, is_code=True)
    _section(out, "Mend", "\n".join(filter(None, (cause.mend, explanation.no_lines))))
    _section(out, "Required by", cause.clause)


def _section(out: Console, title: str, text: str, *, is_code: bool = False) -> None:
    """Print a titled text, unless it is empty; lines of code are never broken, nor any where there is no terminal."""
    if not text:
        return
    out.print(f"\n[bold]{title}[/]")
    for line in text.splitlines():
        out.print(f"    {line}" if is_code else line, markup=False, soft_wrap=is_code or not out.is_terminal)
