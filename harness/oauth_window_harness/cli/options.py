"""The options of ``oauth-window run``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

DriverName = Literal["playwright", "mock"]

_REACH = "The app under test"
_DRIVE = "The browser"

Names = Annotated[
    list[str] | None, typer.Argument(metavar="NAME|TAG|FILE", help="What is played; all, if none is named.")
]
App = Annotated[
    str | None,
    typer.Option(
        metavar="URL", help="The page under test; default: the bundled reference app.", rich_help_panel=_REACH
    ),
]
AppCommand = Annotated[
    str | None,
    typer.Option(
        metavar="CMD",
        help="Start this first, wait until --app answers, and end it with its children; its environment leads it "
        "to the stub.",
        rich_help_panel=_REACH,
    ),
]
Connect = Annotated[
    str | None,
    typer.Option(
        metavar="SELECTOR",
        help="The control that opens the window; default: the one that names Facebook.",
        rich_help_panel=_REACH,
    ),
]
Connected = Annotated[
    str | None,
    typer.Option(metavar="SELECTOR", help="What is visible when the page says connected.", rich_help_panel=_REACH),
]
Failed = Annotated[
    str | None,
    typer.Option(
        metavar="SELECTOR", help="What is visible when the page says failed or cancelled.", rich_help_panel=_REACH
    ),
]
Token = Annotated[
    str | None,
    typer.Option(
        metavar="TOKEN",
        help="The only bearer token that the stub accepts; default: any well-formed one.",
        rich_help_panel=_REACH,
    ),
]
TokenEnv = Annotated[
    str | None, typer.Option(metavar="NAME", help="The same, from this environment variable.", rich_help_panel=_REACH)
]
Location = Annotated[
    str | None, typer.Option(metavar="ID", help="The only locationId that the stub accepts.", rich_help_panel=_REACH)
]
User = Annotated[
    str | None, typer.Option(metavar="ID", help="The only userId that the stub accepts.", rich_help_panel=_REACH)
]
Allow = Annotated[
    list[str] | None,
    typer.Option(metavar="HOST[:PORT]", help="A further host that the gateway lets through.", rich_help_panel=_REACH),
]
Driver = Annotated[
    DriverName,
    typer.Option(
        metavar="playwright|mock",
        help="What drives: a real browser, or none: plain HTTP, in milliseconds.",
        rich_help_panel=_DRIVE,
    ),
]
Deliver = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        help="With --driver mock: where the app's backend takes the event, posted to it as JSON.",
        rich_help_panel=_REACH,
    ),
]
Executable = Annotated[
    str | None,
    typer.Option(
        metavar="PATH",
        help="The browser to launch; default: Playwright's own build, else one from PATH.",
        rich_help_panel=_DRIVE,
    ),
]
Headed = Annotated[bool, typer.Option("--headed", help="Show the browser.", rich_help_panel=_DRIVE)]
Patience = Annotated[
    float, typer.Option(metavar="SECONDS", min=0.1, max=600, help="How long the page may take to react.")
]
Repeat = Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help="Play each scenario N times.")]
KnownFindings = Annotated[
    Path | None, typer.Option("--baseline", metavar="FILE", help="Known findings, which do not fail the run.")
]
WriteBaseline = Annotated[
    bool, typer.Option("--write-baseline", help="Write what is found as known, to --baseline or its default name.")
]
Fixtures = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Recorded fixtures, replayed before the bundled ones.")
]
Output = Annotated[Path, typer.Option(metavar="DIR", help="The report folder.")]
List = Annotated[bool, typer.Option("--list", help="Name what would be played, and play nothing.")]
