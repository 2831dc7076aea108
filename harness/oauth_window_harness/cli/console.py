"""What the command prints with: a console, and an error in its four parts."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from oauth_window_harness.errors import HarnessError

if TYPE_CHECKING:
    from rich.console import Console

#: The width of lines where standard output is no terminal, in characters: so wide that none is broken.
_WIDTH = 100_000


def console(*, stderr: bool = False) -> Console:
    """Return the console of standard output or standard error."""
    from rich.console import Console  # noqa: PLC0415 - `--help` waits for none of this

    stream = sys.stderr if stderr else sys.stdout
    out = Console(stderr=stderr, width=None if stream.isatty() else _WIDTH, highlight=False)
    if out.is_dumb_terminal:  # it has a width all the same, for which Rich does not ask
        from shutil import get_terminal_size  # noqa: PLC0415 - only there

        out.width = get_terminal_size().columns
    return out


def print_error(error: HarnessError) -> None:
    """Print an error on standard error: what, where, what was seen, what to do; secrets by their shape are masked."""
    from rich.text import Text  # noqa: PLC0415 - only where there is an error

    from oauth_window_harness.redact import Redactor  # noqa: PLC0415

    out, redactor = console(stderr=True), Redactor()
    for name, part in error.parts():
        text = redactor.text(part)
        out.print(
            Text.assemble((f"{name + ':':<7}", "red" if name == "error" else "bright_black"), text), soft_wrap=True
        )
