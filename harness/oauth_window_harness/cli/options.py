"""The options of ``oauth-window run`` as typer reads them, made from the table in `run.options`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from dataclasses import fields
from typing import Annotated, Any, get_type_hints

import typer

from oauth_window_harness.run.options import OPTIONS, RunOptions

Names = Annotated[
    list[str] | None, typer.Argument(metavar="NAME|TAG|FILE", help="The scenarios to play; default: all of them.")
]
List = Annotated[bool, typer.Option("--list", help="Print the names of the scenarios, and play none.")]
Json = Annotated[
    bool, typer.Option("--json", help="Print results.json on standard output, and all lines for people beside it.")
]


def takes_run_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return the command with a signature that has every option of the table before its own; it gets them by name."""
    context, argument, *own = inspect.signature(command, eval_str=True).parameters.values()
    own = [one for one in own if one.kind is not inspect.Parameter.VAR_KEYWORD]
    command.__signature__ = inspect.Signature([context, argument, *_parameters(), *own])  # type: ignore[attr-defined]
    return command


def typed(context: typer.Context) -> Collection[str]:
    """Return the names of the options that were typed, and are no defaults."""
    sources = {name: context.get_parameter_source(name) for name in OPTIONS}
    return {name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"}


def run_options(values: dict[str, Any]) -> RunOptions:
    """Return the options of a run from the values that such a command receives."""
    repeated = {name: tuple(values[name] or ()) for name, row in OPTIONS.items() if row.repeated}
    return RunOptions(**{**values, **repeated})


def _parameters() -> list[inspect.Parameter]:
    hints = get_type_hints(RunOptions)
    return [
        inspect.Parameter(
            one.name,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=None if OPTIONS[one.name].repeated else one.default,
            annotation=Annotated[
                list[str] | None if OPTIONS[one.name].repeated else hints[one.name], _option(one.name)
            ],
        )
        for one in fields(RunOptions)
    ]


def _option(name: str) -> Any:
    row = OPTIONS[name]
    least, most = row.bounds or (None, None)
    word = name.replace("_", "-")
    # What a file turns on can be turned off again.
    off = f"/--no-{word}" if row.metavar is None and not row.one_off else ""
    return typer.Option(
        f"--{word}{off}",
        *([row.letter] if row.letter else []),
        metavar=row.metavar,
        help=row.help,
        min=least,
        max=most,
        show_default=row.metavar is not None,
        rich_help_panel=row.panel,
    )
