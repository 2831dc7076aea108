"""The options of a run, in one table: the command line and the pytest plugin both read it.

pytest loads this module in every run of every project that has the package installed: it and `run.option` import the
standard library alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal

from oauth_window_harness.run.option import Option, drive, reach, row

DriverName = Literal["playwright", "mock"]

#: Of which plays pictures and a trace are kept.
KeptPlays = Literal["failed", "all", "none"]

#: The most plays at once.
MOST_JOBS = 64


@dataclass(frozen=True)
class RunOptions:
    """The options of a run, which say how scenarios are played."""

    app: str | None = field(
        default=None,
        metadata=reach(
            "URL",
            "The page under test; default: the bundled reference app.",
            in_pytest="the page under test of these scenarios; default: base_url; `reference` is the bundled model app",
        ),
    )
    app_command: str | None = field(
        default=None,
        metadata=reach(
            "CMD",
            "Start this first, wait until --app answers, and end it with its children; its environment leads it "
            "to the stub.",
            in_pytest="start this first, wait until the app's URL answers, and end it at the end",
        ),
    )
    connect: str | None = field(
        default=None,
        metadata=reach(
            "SELECTOR", "The control that opens the window; default: the one that names Facebook.", in_pytest=True
        ),
    )
    connected: str | None = field(
        default=None, metadata=reach("SELECTOR", "What is visible when the page says connected.", in_pytest=True)
    )
    failed: str | None = field(
        default=None,
        metadata=reach("SELECTOR", "What is visible when the page says failed or cancelled.", in_pytest=True),
    )
    before: tuple[str, ...] = field(
        default=(),
        metadata=reach(
            "SELECTOR",
            "What the user clicks before the control that opens the window; may be given again, in order.",
            in_pytest=True,
            repeated=True,
        ),
    )
    then: tuple[str, ...] = field(
        default=(),
        metadata=reach(
            "SELECTOR",
            "What the user clicks after the event has come, or in the app's own window before it goes to start; may be "
            "given again, in order.",
            in_pytest=True,
            repeated=True,
        ),
    )
    storage_state: Path | None = field(
        default=None,
        metadata=reach(
            "FILE",
            "Cookies and local storage with which the page is opened, as Playwright saves them.",
            in_pytest="cookies and local storage with which the page of these scenarios is opened, as Playwright "
            "saves them",
        ),
    )
    token: str | None = field(
        default=None,
        metadata=reach("TOKEN", "The only bearer token that the stub accepts; default: any well-formed one."),
    )
    token_env: str | None = field(
        default=None,
        metadata=reach(
            "NAME",
            "The same, from this environment variable.",
            in_pytest="the environment variable with the only bearer token that the stub accepts",
        ),
    )
    location: str | None = field(
        default=None, metadata=reach("ID", "The only locationId that the stub accepts.", in_pytest=True)
    )
    user: str | None = field(
        default=None, metadata=reach("ID", "The only userId that the stub accepts.", in_pytest=True)
    )
    allow: tuple[str, ...] = field(
        default=(),
        metadata=reach(
            "HOST[:PORT]",
            "A further host that the gateway lets through.",
            in_pytest="a further host that the gateway lets through, beside loopback; may be given again",
            repeated=True,
        ),
    )
    driver: DriverName = field(
        default="playwright",
        metadata=drive(
            "playwright|mock",
            "What drives: a real browser, or none: plain HTTP, in milliseconds.",
            in_pytest="what drives the scenarios: a browser, the default, or none at all",
        ),
    )
    deliver: str | None = field(
        default=None,
        metadata=reach("URL", "With --driver mock: where the app's backend takes the event, posted to it as JSON."),
    )
    deliver_body: Path | None = field(
        default=None,
        metadata=reach(
            "FILE", "With --deliver: the body that is posted, a JSON or text template with {accountId} and the like."
        ),
    )
    browser: str = field(
        default="chromium",
        metadata=drive("chromium|firefox|webkit|all", "The browser's engine; all plays on each engine that is here."),
    )
    executable: str | None = field(
        default=None,
        metadata=drive(
            "PATH",
            "The browser to launch; default: Playwright's own build, else one from PATH.",
            in_pytest="the browser to launch; default: Playwright's own build, else a Chromium from PATH",
        ),
    )
    endpoint: tuple[str, ...] = field(
        default=(),
        metadata=drive(
            "URL",
            "A browser elsewhere: ws:// of a Playwright server, http:// of DevTools; may be given again.",
            repeated=True,
        ),
    )
    headed: bool = field(default=False, metadata=drive(None, "Show the browser."))
    patience: float = field(
        default=5.0,
        metadata=row(
            "SECONDS",
            "How long the page may take to react.",
            in_pytest="how long a page may take to react; default 5",
            bounds=(0.1, 600),
        ),
    )
    repeat: int = field(default=1, metadata=row("N", "Play each scenario N times.", bounds=(1, 10_000)))
    shard: str | None = field(
        default=None,
        metadata=row("I/N", "Play part I of N; the parts take about as long as each other.", one_off=True),
    )
    durations: Path | None = field(
        default=None,
        metadata=row(
            "FILE", "With --shard: the earlier results.json by which the parts are balanced; default: that of --output."
        ),
    )
    jobs: str = field(
        default="auto", metadata=row("N|auto", "How many scenarios are played at once.", bounds=(1, MOST_JOBS))
    )
    play_all: bool = field(
        default=False,
        metadata=row(None, "Play also what rests on a broken link that is known already.", in_pytest=True),
    )
    exitfirst: bool = field(
        default=False, metadata=row(None, "Begin no further play after the first that fails the run.", letter="-x")
    )
    last_failed: bool = field(
        default=False,
        metadata=row(None, "Play what failed in the results.json of --output, and what rests on that.", one_off=True),
    )
    baseline: Path | None = field(default=None, metadata=row("FILE", "Known findings, which do not fail the run."))
    write_baseline: bool = field(
        default=False,
        metadata=row(None, "Write what is found as known, to --baseline or its default name.", one_off=True),
    )
    strict_warnings: bool = field(default=False, metadata=row(None, "Let a warning fail the run."))
    sarif: Path | None = field(default=None, metadata=row("FILE", "Write what lies in a file of the project as SARIF."))
    fixtures: Path | None = field(
        default=None, metadata=row("DIR", "Recorded fixtures, replayed before the bundled ones.")
    )
    artifacts: KeptPlays = field(
        default="failed",
        metadata=row(
            "failed|all|none",
            "Of which plays pictures of both windows and a trace are kept.",
            in_pytest="of which plays pictures and a trace are kept in --oauth-window-output; default: failed",
        ),
    )
    output: Path = field(
        default=Path("oauth-window-report"),
        metadata=row(
            "DIR",
            "The report folder.",
            in_pytest="where the scenarios of --oauth-window-scenarios leave pictures and diagrams; default: nowhere",
        ),
    )

    @property
    def is_strict(self) -> bool:
        """Whether a warning fails the run; one that is written into the baseline fails nothing."""
        return self.strict_warnings and not self.write_baseline


#: The row of each option, by the name of its field.
OPTIONS: dict[str, Option] = {one.name: one.metadata["row"] for one in fields(RunOptions)}
