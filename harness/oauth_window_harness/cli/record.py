"""``oauth-window record``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oauth_window_harness.cli.console import console
from oauth_window_harness.cli.interruption import interruptible
from oauth_window_harness.cli.live_token import live_token
from oauth_window_harness.errors import UnredactedError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from oauth_window_harness.record.known_fields import Rule
    from oauth_window_harness.record.recording import Recording

_WHAT = "What is recorded"
_WINDOW = "The window"

Location = Annotated[
    str, typer.Option(metavar="ID", help="The sub-account whose accounts are connected.", rich_help_panel=_WHAT)
]
User = Annotated[
    str | None, typer.Option(metavar="ID", help="The user who connects; the window needs it.", rich_help_panel=_WHAT)
]
TokenEnv = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The environment variable that holds the access token.", rich_help_panel=_WHAT),
]
AccountId = Annotated[
    str | None,
    typer.Option(metavar="ID", help="Record by HTTP alone, for this account; no window opens.", rich_help_panel=_WHAT),
]
Upstream = Annotated[str, typer.Option(metavar="URL", help="The service's origin.", rich_help_panel=_WHAT)]
Platform = Annotated[str, typer.Option(metavar="NAME", help="facebook.", rich_help_panel=_WHAT)]
Api = Annotated[str, typer.Option(metavar="VERSION", help="2021-07-28 or v3.", rich_help_panel=_WHAT)]
Statuses = Annotated[
    str,
    typer.Option(metavar="LIST", help="The answers of the account GET; errors are provoked.", rich_help_panel=_WHAT),
]
FieldRule = Annotated[
    list[str] | None,
    typer.Option(
        "--field",
        metavar="NAME=keep|pseudonym",
        help="What to do with a field that redaction does not know.",
        rich_help_panel=_WHAT,
    ),
]
Out = Annotated[Path, typer.Option(metavar="DIR", help="The folder of fixtures.", rich_help_panel=_WHAT)]
Headed = Annotated[
    bool,
    typer.Option("--headed/--headless", help="Show the browser, or let a script drive it.", rich_help_panel=_WINDOW),
]
Executable = Annotated[
    str | None,
    typer.Option(metavar="PATH", help="The browser to launch; default: as for run.", rich_help_panel=_WINDOW),
]
Patience = Annotated[
    float,
    typer.Option(metavar="SECONDS", min=0.1, max=3600, help="How long to wait for a person.", rich_help_panel=_WINDOW),
]


def record(
    location: Location,
    user: User = None,
    token_env: TokenEnv = None,
    account_id: AccountId = None,
    upstream: Upstream = "https://services.leadconnectorhq.com",
    platform: Platform = "facebook",
    api: Api = "2021-07-28",
    statuses: Statuses = "200,400,401,422",
    field: FieldRule = None,
    out: Out = Path("oauth-window-fixtures"),
    headed: Headed = True,
    executable: Executable = None,
    patience: Patience = 300.0,
) -> None:
    """Record contract fixtures from the service, without a secret or anything personal in them."""
    from oauth_window_harness.cli.next_command import recording_command  # noqa: PLC0415 - `--help` waits for none of this
    from oauth_window_harness.record.recording import RecordOptions  # noqa: PLC0415
    from oauth_window_harness.record.recording import record as recording  # noqa: PLC0415

    options = RecordOptions(
        location=location,
        token=live_token(token_env),
        user=user,
        account=account_id,
        platform=platform,
        api=api,
        upstream=upstream,
        statuses=_statuses(statuses),
        out=out,
        headed=headed,
        executable=executable,
        patience=patience,
        field_rules=_field_rules(field or []),
    )
    terminal = console()
    try:
        recorded = interruptible(recording(options, lambda text: terminal.print(text, markup=False, soft_wrap=True)))
    except UnredactedError as error:
        if error.fields:
            line = recording_command(options, token_env or "NAME", error.fields)
            error.todo = f"{error.todo}: {line}"
        raise
    _print_summary(terminal, recorded)


def _statuses(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise UsageError("the statuses are invalid", where="--statuses", seen=text, todo="write them as in 200,401")
    return tuple(sorted({int(part) for part in parts}))


def _field_rules(texts: list[str]) -> dict[str, Rule]:
    rules: dict[str, Rule] = {"keep": "allowed", "pseudonym": "pseudonym"}
    by_field: dict[str, Rule] = {}
    for text in texts:
        name, _, rule = text.partition("=")
        if not name or rule not in rules:
            raise UsageError(
                "the rule for a field is invalid", where="--field", seen=text, todo="write NAME=keep or NAME=pseudonym"
            )
        by_field[name] = rules[rule]
    return by_field


def _print_summary(terminal: Console, recorded: Recording) -> None:
    from rich.table import Table  # noqa: PLC0415 - `--help` waits for none of this

    terminal.print()
    table = Table("differs from the documented contract", "", box=None, pad_edge=False, header_style="bold")
    for found in recorded.deviations:
        table.add_row(f"{found.name}.json", found.sentence)
    if recorded.deviations:
        terminal.print(table)
    else:
        terminal.print("Nothing differs from the documented contract.")
    terminal.print()
    count = len(recorded.fixtures)
    terminal.print(
        f"{count} {'fixture' if count == 1 else 'fixtures'} in {recorded.folder}", markup=False, soft_wrap=True
    )
    line = shlex.join(["oauth-window", "run", "--fixtures", str(recorded.folder)])
    terminal.print(f"play them: {line}", markup=False, soft_wrap=True)
