"""The commands of the program and their options, read from its own parser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import typer.main

from oauth_window_harness.cli import app


def commands(command: Any, name: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield each command of the program with the words that call it."""
    yield " ".join(name), command
    for word, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*name, word))


COMMANDS = dict(commands(typer.main.get_command(app)))


def options(command: Any) -> list[str]:
    """Return the options of a command as the documentation writes them: the long name and the metavar."""
    parameters = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    return [
        name if option.is_flag else f"{name} {option.metavar or '|'.join(get_args(option.type_descriptor.annotation))}"
        for option in parameters
        for name in (max(option.opts, key=len), *option.secondary_opts)
        if not option.hidden
    ]
