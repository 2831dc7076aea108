"""The options of a run, in one table: the command line and the pytest plugin both read it.

pytest loads this module in every run of every project that has the package installed: it imports the standard library
alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

DriverName = Literal["playwright", "mock"]

_REACH = "The app under test"
_DRIVE = "The browser"

#: The most plays at once.
MOST_JOBS = 64


@dataclass(frozen=True)
class Option:
    """One row of the table: an option's argument, and its help.

    Attributes:
        metavar: the name of its argument; None for a flag.
        help: its help on the command line.
        in_pytest: its help in pytest; None if pytest has no such option.
        panel: its heading in the command line's help.
        bounds: its smallest and largest value.
        repeated: whether it may be given again.
        letter: its short form, a dash and a letter.
        one_off: whether it is meant for the run for which it is typed, and so may not stand in a file.
    """

    metavar: str | None
    help: str
    in_pytest: str | None = None
    panel: str | None = None
    bounds: tuple[float, float] | None = None
    repeated: bool = False
    letter: str | None = None
    one_off: bool = False


def _row(
    metavar: str | None, text: str, *, in_pytest: str | Literal[True] | None = None, **further: Any
) -> Mapping[str, Option]:
    """Return the metadata of a field; with ``in_pytest=True``, pytest's help has the same words."""
    own = text[0].lower() + text[1:].removesuffix(".") if in_pytest is True else in_pytest
    return {"row": Option(metavar, text, own, **further)}


def _reach(metavar: str, text: str, **further: Any) -> Mapping[str, Option]:
    return _row(metavar, text, panel=_REACH, **further)


def _drive(metavar: str | None, text: str, **further: Any) -> Mapping[str, Option]:
    return _row(metavar, text, panel=_DRIVE, **further)


@dataclass(frozen=True)
class RunOptions:
    """The options of a run, which say how scenarios are played."""

    app: str | None = field(
        default=None,
        metadata=_reach(
            "URL",
            "The page under test; default: the bundled reference app.",
            in_pytest="the page under test of these scenarios; default: base_url; `reference` is the bundled model app",
        ),
    )
    app_command: str | None = field(
        default=None,
        metadata=_reach(
            "CMD",
            "Start this first, wait until --app answers, and end it with its children; its environment leads it "
            "to the stub.",
            in_pytest="start this first, wait until the app's URL answers, and end it at the end",
        ),
    )
    connect: str | None = field(
        default=None,
        metadata=_reach(
            "SELECTOR", "The control that opens the window; default: the one that names Facebook.", in_pytest=True
        ),
    )
    connected: str | None = field(
        default=None, metadata=_reach("SELECTOR", "What is visible when the page says connected.", in_pytest=True)
    )
    failed: str | None = field(
        default=None,
        metadata=_reach("SELECTOR", "What is visible when the page says failed or cancelled.", in_pytest=True),
    )
    before: tuple[str, ...] = field(
        default=(),
        metadata=_reach(
            "SELECTOR",
            "What the user clicks before the control that opens the window; may be given again, in order.",
            in_pytest=True,
            repeated=True,
        ),
    )
    then: tuple[str, ...] = field(
        default=(),
        metadata=_reach(
            "SELECTOR",
            "What the user clicks after the event has come, or in the app's own window before it goes to start; may be "
            "given again, in order.",
            in_pytest=True,
            repeated=True,
        ),
    )
    storage_state: Path | None = field(
        default=None,
        metadata=_reach(
            "FILE",
            "Cookies and local storage with which the page is opened, as Playwright saves them.",
            in_pytest="cookies and local storage with which the page of these scenarios is opened, as Playwright "
            "saves them",
        ),
    )
    token: str | None = field(
        default=None,
        metadata=_reach("TOKEN", "The only bearer token that the stub accepts; default: any well-formed one."),
    )
    token_env: str | None = field(
        default=None,
        metadata=_reach(
            "NAME",
            "The same, from this environment variable.",
            in_pytest="the environment variable with the only bearer token that the stub accepts",
        ),
    )
    location: str | None = field(
        default=None, metadata=_reach("ID", "The only locationId that the stub accepts.", in_pytest=True)
    )
    user: str | None = field(
        default=None, metadata=_reach("ID", "The only userId that the stub accepts.", in_pytest=True)
    )
    allow: tuple[str, ...] = field(
        default=(),
        metadata=_reach(
            "HOST[:PORT]",
            "A further host that the gateway lets through.",
            in_pytest="a further host that the gateway lets through, beside loopback; may be given again",
            repeated=True,
        ),
    )
    driver: DriverName = field(
        default="playwright",
        metadata=_drive(
            "playwright|mock",
            "What drives: a real browser, or none: plain HTTP, in milliseconds.",
            in_pytest="what drives the scenarios: a browser, the default, or none at all",
        ),
    )
    deliver: str | None = field(
        default=None,
        metadata=_reach("URL", "With --driver mock: where the app's backend takes the event, posted to it as JSON."),
    )
    deliver_body: Path | None = field(
        default=None,
        metadata=_reach(
            "FILE", "With --deliver: the body that is posted, a JSON or text template with {accountId} and the like."
        ),
    )
    browser: str = field(
        default="chromium",
        metadata=_drive("chromium|firefox|webkit|all", "The browser's engine; all plays on each engine that is here."),
    )
    executable: str | None = field(
        default=None,
        metadata=_drive(
            "PATH",
            "The browser to launch; default: Playwright's own build, else one from PATH.",
            in_pytest="the browser to launch; default: Playwright's own build, else a Chromium from PATH",
        ),
    )
    endpoint: tuple[str, ...] = field(
        default=(),
        metadata=_drive(
            "URL",
            "A browser elsewhere: ws:// of a Playwright server, http:// of DevTools; may be given again.",
            repeated=True,
        ),
    )
    headed: bool = field(default=False, metadata=_drive(None, "Show the browser."))
    patience: float = field(
        default=5.0,
        metadata=_row(
            "SECONDS",
            "How long the page may take to react.",
            in_pytest="how long a page may take to react; default 5",
            bounds=(0.1, 600),
        ),
    )
    repeat: int = field(default=1, metadata=_row("N", "Play each scenario N times.", bounds=(1, 10_000)))
    shard: str | None = field(
        default=None,
        metadata=_row("I/N", "Play part I of N; the parts take about as long as each other.", one_off=True),
    )
    durations: Path | None = field(
        default=None,
        metadata=_row(
            "FILE", "With --shard: the earlier results.json by which the parts are balanced; default: that of --output."
        ),
    )
    jobs: str = field(
        default="auto", metadata=_row("N|auto", "How many scenarios are played at once.", bounds=(1, MOST_JOBS))
    )
    play_all: bool = field(
        default=False,
        metadata=_row(None, "Play also what rests on a broken link that is known already.", in_pytest=True),
    )
    exitfirst: bool = field(
        default=False, metadata=_row(None, "Begin no further play after the first that failed.", letter="-x")
    )
    last_failed: bool = field(
        default=False,
        metadata=_row(None, "Play what failed in the results.json of --output, and what rests on that.", one_off=True),
    )
    baseline: Path | None = field(default=None, metadata=_row("FILE", "Known findings, which do not fail the run."))
    write_baseline: bool = field(
        default=False,
        metadata=_row(None, "Write what is found as known, to --baseline or its default name.", one_off=True),
    )
    strict_warnings: bool = field(default=False, metadata=_row(None, "Let a warning fail the run."))
    sarif: Path | None = field(
        default=None, metadata=_row("FILE", "Write what lies in a file of the project as SARIF.")
    )
    fixtures: Path | None = field(
        default=None, metadata=_row("DIR", "Recorded fixtures, replayed before the bundled ones.")
    )
    output: Path = field(
        default=Path("oauth-window-report"),
        metadata=_row(
            "DIR",
            "The report folder.",
            in_pytest="where the scenarios of --oauth-window-scenarios leave pictures and diagrams; default: nowhere",
        ),
    )


#: The row of each option, by the name of its field.
OPTIONS: dict[str, Option] = {one.name: one.metadata["row"] for one in fields(RunOptions)}
