"""``oauth-window record``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oauth_window_harness.cli.console import console
from oauth_window_harness.cli.interruption import interruptible
from oauth_window_harness.cli.live_token import live_token
from oauth_window_harness.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from oauth_window_harness.record.known_fields import Rule
    from oauth_window_harness.record.recording import Recorded

_WHAT = "What is recorded"
_WINDOW = "The window"

Location = Annotated[
    str, typer.Option(metavar="ID", help="The sub-account whose accounts are connected.", rich_help_panel=_WHAT)
]
User = Annotated[
    str | None, typer.Option(metavar="ID", help="Who connects; the window needs it.", rich_help_panel=_WHAT)
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
        help="What becomes of a field that redaction does not know.",
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
    typer.Option(
        metavar="SECONDS", min=0.1, max=3600, help="How long a person is waited for.", rich_help_panel=_WINDOW
    ),
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
    from oauth_window_harness.record.recording import RecordOptions  # noqa: PLC0415 - `--help` waits for none of this
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
        taught=_taught(field or []),
    )
    told = console()
    recorded = interruptible(recording(options, lambda text: told.print(text, markup=False, soft_wrap=True)))
    _tell(told, recorded)


def _statuses(listed: str) -> tuple[int, ...]:
    parts = [part.strip() for part in listed.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise UsageError("that is no list of statuses", where="--statuses", seen=listed, todo="such as 200,401")
    return tuple(sorted({int(part) for part in parts}))


def _taught(given: list[str]) -> dict[str, Rule]:
    rules: dict[str, Rule] = {"keep": "taught", "pseudonym": "pseudonym"}
    taught: dict[str, Rule] = {}
    for told in given:
        name, _, rule = told.partition("=")
        if not name or rule not in rules:
            raise UsageError(
                "that says nothing of a field", where="--field", seen=told, todo="write NAME=keep or NAME=pseudonym"
            )
        taught[name] = rules[rule]
    return taught


def _tell(told: Console, recorded: Recorded) -> None:
    from rich.table import Table  # noqa: PLC0415 - `--help` waits for none of this

    told.print()
    table = Table("differs from the documented contract", "", box=None, pad_edge=False, header_style="bold")
    for found in recorded.deviations:
        table.add_row(f"{found.name}.json", found.told)
    if recorded.deviations:
        told.print(table)
    else:
        told.print("Nothing differs from the documented contract.")
    told.print()
    count = len(recorded.fixtures)
    told.print(f"{count} {'fixture' if count == 1 else 'fixtures'} in {recorded.folder}", markup=False, soft_wrap=True)
    line = shlex.join(["oauth-window", "run", "--fixtures", str(recorded.folder)])
    told.print(f"play them: {line}", markup=False, soft_wrap=True)
