"""The command ``oauth-window``: each module reads the options of one command, and hands them to the room that acts."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

import typer
from typer.core import TyperGroup

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.cli import doctor, explain, init, record, report, run, scenarios, serve, verify
from oauth_window_harness.cli.console import print_error
from oauth_window_harness.errors import ExitCode, HarnessError
from oauth_window_harness.redact import Redactor

_EXIT_CODES = (
    "Exit codes: 0 all held; 1 something was found; 2 wrong use or a bad file; 3 the environment, or a scenario that "
    "could not be judged; 130 interrupted."
)
#: A paragraph is a line; a bracket would be markup.
_RUN = (
    "Every option may stand in oauth-window.toml, or in the table tool.oauth-window of pyproject.toml, in the current "
    "folder; what is typed wins.\n\n"
    "Examples: oauth-window run --app http://localhost:3000/settings account-200\n\n"
    "oauth-window run --app http://localhost:3000/ --app-command 'npm start' contract hostile"
)


class _Commands(TyperGroup):
    """The commands; an error in the words of a command line quotes no secret that stands among them."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that is named."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            # Typer's own errors, of wrong use, have a message; ours are masked where they are printed, and those of
            # libraries may have one that cannot be set.
            if isinstance(message := getattr(error, "message", None), str):
                with suppress(AttributeError):
                    error.message = Redactor().text(message)  # type: ignore[attr-defined]
            raise


app = typer.Typer(
    cls=_Commands,
    name="oauth-window",
    help="Test, end to end and offline, how a web application connects HighLevel social accounts by OAuth popup.",
    epilog=f"Example: oauth-window run --app http://localhost:3000/settings account-200\n\n{_EXIT_CODES}",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run", epilog=f"{_RUN}\n\n{_EXIT_CODES}")(run.run)
app.command("init")(init.init)
app.command("serve", cls=serve.ServeCommand)(serve.serve)
app.command("record")(record.record)
app.command("verify")(verify.verify)
app.add_typer(scenarios.app, name="scenarios")
app.add_typer(report.app, name="report")
app.command("explain")(explain.explain)
app.command("doctor")(doctor.doctor)


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(f"oauth-window {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    pass


def main() -> None:
    """Run the command, and exit with its code; an error is printed in its four parts, never as a traceback."""
    try:
        app(prog_name="oauth-window")
    except HarnessError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
