"""The command ``oauth-window``: each module reads the options of one command, and hands them to the room that acts."""

from __future__ import annotations

import sys

import typer

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.cli import doctor, explain, record, run, scenarios, serve, verify
from oauth_window_harness.cli.console import print_error
from oauth_window_harness.errors import ExitCode, HarnessError

app = typer.Typer(
    name="oauth-window",
    help="Test, end to end and offline, how a web application connects HighLevel social accounts by OAuth popup.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.command("serve")(serve.serve)
app.command("record")(record.record)
app.command("verify")(verify.verify)
app.add_typer(scenarios.app, name="scenarios")
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
        app()
    except HarnessError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
