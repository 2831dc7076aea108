"""``oauth-window verify``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from oauth_window_harness.cli.console import console
from oauth_window_harness.cli.interruption import interruptible
from oauth_window_harness.cli.live_token import live_token
from oauth_window_harness.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from oauth_window_harness.verify.verification import Verification, VerifyOptions

_AGAINST = "Compared with"
_LIVE = "The live values behind the pseudonyms"

Fixtures = Annotated[
    Path | None, typer.Argument(metavar="FIXTURES", help="A folder of fixtures; default: the bundled contracts.")
]
UpstreamUrl = Annotated[
    str | None,
    typer.Option("--upstream", metavar="URL", help="A service: its origin.", rich_help_panel=_AGAINST),
]
Spec = Annotated[
    Path | None, typer.Option(metavar="FILE", help="An OpenAPI 3 file, JSON or YAML.", rich_help_panel=_AGAINST)
]
MaxAge = Annotated[
    int | None,
    typer.Option(metavar="DAYS", min=0, max=36500, help="How old a recording may be.", rich_help_panel=_AGAINST),
]
TokenEnv = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The environment variable that holds the token.", rich_help_panel=_LIVE),
]
Location = Annotated[str | None, typer.Option(metavar="ID", help="The locationId.", rich_help_panel=_LIVE)]
User = Annotated[str | None, typer.Option(metavar="ID", help="The userId, for start.", rich_help_panel=_LIVE)]
AccountId = Annotated[
    str | None, typer.Option(metavar="ID", help="The accountId that the event named.", rich_help_panel=_LIVE)
]
Format = Annotated[Literal["text", "json", "sarif"], typer.Option("--format", help="The format of the report.")]


def verify(
    fixtures: Fixtures = None,
    upstream: UpstreamUrl = None,
    spec: Spec = None,
    max_age: MaxAge = None,
    token_env: TokenEnv = None,
    location: Location = None,
    user: User = None,
    account_id: AccountId = None,
    format_: Format = "text",
) -> None:
    """Compare fixtures with a service or an OpenAPI file, and report the differences."""
    from oauth_window_harness.service.request import LiveValues  # noqa: PLC0415
    from oauth_window_harness.verify import verification  # noqa: PLC0415 - `--help` waits for none of this

    if upstream is not None and spec is not None:
        raise UsageError(
            "fixtures are compared with one thing at a time", where="--upstream and --spec", todo="leave one out"
        )
    live = None
    if upstream is not None:
        live = LiveValues(live_token(token_env), location, user, account_id)
    options = verification.VerifyOptions(fixtures, upstream, live, spec, max_age, token_env)
    verified = interruptible(verification.verify(options))
    _print_report(verified, options, format_)
    raise typer.Exit(ExitCode.FOUND if verified.drift.is_drift else ExitCode.HELD)


def _print_report(verified: Verification, options: VerifyOptions, format_: str) -> None:
    from oauth_window_harness.cli import next_command  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.reports.drift import print_drift  # noqa: PLC0415
    from oauth_window_harness.reports.sarif import sarif  # noqa: PLC0415

    if format_ == "json":
        typer.echo(verified.drift.model_dump_json(indent=1))
    elif format_ == "sarif":
        typer.echo(sarif(verified.drift, verified.files, Path.cwd()), nl=False)
    else:
        print_drift(console(), verified.drift, next_command=next_command.after_verification(options, verified.drift))
