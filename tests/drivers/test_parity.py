"""Every bundled scenario on both drivers: the same verdict, the same findings, the same order of what happened.

What happens in one place is compared event by event, each kind for itself: `KINDS`. Between places only what one causes
in another has an order, for a browser's processes run beside each other: `milestones`.

Left out is what only a browser has, or tells at moments of its own:

- `DialogShown` and `ScriptThrew`: only a script of a page's own shows dialogs and throws.
- `ClosedRead`: whether a page looks at its window just then is a matter of milliseconds; what it says of it is not.
- Where the opener is cut, what the page asks for and shows once it has looked: whether it looks before its user has
  come to the finish page or after, when the list has the account, depends on how quick the machine is.
- How often a page asks for the list one time after another: one whose window is out of sight asks again every few
  seconds, for as long as the play is watched.
- `OpenerPolicySeen`: a browser tells it of a document only while its window is there, the mock always.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from oauth_window_harness.contract.rules import ORIGIN
from oauth_window_harness.journal import events
from oauth_window_harness.journal.events import Event
from oauth_window_harness.results.events import RunEvent, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import ScenarioResult
from oauth_window_harness.run.options import DriverName, RunOptions
from oauth_window_harness.run.session import run
from oauth_window_harness.scenario import catalog

pytestmark = pytest.mark.browser

SCENARIOS = catalog.bundled_scenarios()


class Seen(NamedTuple):
    """What one driver made of a scenario."""

    result: ScenarioResult
    journal: list[Event]


def play(driver: DriverName, output: Path) -> dict[str, Seen]:
    """Play all bundled scenarios on the reference app."""
    seen = {}

    def listen(event: RunEvent) -> None:
        if isinstance(event, ScenarioEnded):
            seen[event.result.name] = Seen(event.result, compared(event))

    options = RunOptions(driver=driver, output=output)
    asyncio.run(run(list(SCENARIOS.values()), options, ArtifactFolder(output), [listen]))
    return seen


def path(url: str) -> str:
    """Return what does not change from run to run."""
    return urlsplit(url).path


KINDS: dict[type[Event], Callable[[Any], Any]] = {
    events.StepTaken: lambda event: event.step,
    events.WindowOpenCalled: lambda event: (
        path(event.url),
        event.target,
        event.features,
        event.returned,
        event.active,
    ),
    events.WindowOpened: lambda event: event.window,
    events.WindowClosed: lambda event: (event.window, event.by),
    events.DocumentLoaded: lambda event: (event.window, path(event.url), event.has_opener),
    events.RequestSeen: lambda event: (
        event.method,
        path(event.url),
        event.endpoint,
        event.status,
        event.sent_by,
        event.account,
        event.location,
        event.problems,
        event.answer,
        event.connectable_count,
    ),
    events.RequestRefused: lambda event: event.host,
    events.PageRequested: lambda event: (event.method, path(event.url), event.body),
    events.MessagePosted: lambda event: (event.window, event.origin, event.data, event.target_origin),
    events.MessageReceived: lambda event: (event.window, event.data, event.origin, event.source),
    events.MessageRead: lambda event: (event.window, event.read),
    events.ListenersChanged: lambda event: (event.window, event.count),
    events.TextShown: lambda event: event.text,
    events.OutcomeShown: lambda event: (event.outcome, event.visible),
}


def listed_once(entries: Iterable[Event]) -> Iterator[Event]:
    """Yield the events; of several requests for the list of accounts, one after another, only the first."""
    last: dict[type[Event], bool] = {}
    for one in entries:
        match one:
            case events.PageRequested(url=url):
                is_list = path(url).endswith("/accounts")
            case events.RequestSeen(endpoint=endpoint):
                is_list = endpoint == "accounts"
            case _:
                yield one
                continue
        if not (is_list and last.get(type(one))):
            yield one
        last[type(one)] = is_list


def compared(event: RunEvent) -> list[Event]:
    """Return the events of a play that are compared."""
    assert isinstance(event, ScenarioEnded)
    entries = list(listed_once(event.journal.entries()))
    if not SCENARIOS[event.result.name].opener_is_cut():
        return entries
    shown = next(one.at for one in entries if isinstance(one, events.WindowOpenCalled))
    by_look = (events.PageRequested, events.TextShown, events.OutcomeShown)
    return [
        one
        for one in entries
        if not (isinstance(one, by_look) and one.at > shown)
        and not (isinstance(one, events.RequestSeen) and one.endpoint in ("accounts", "account"))
    ]


def told(seen: Seen) -> dict[str, list[Any]]:
    """Return what each kind tells, in order."""
    lanes: dict[str, list[Any]] = {
        kind.__name__: [tells(event) for event in seen.journal if isinstance(event, kind)]
        for kind, tells in KINDS.items()
    }
    # Where the user closes the window at once after the approval, it may have shown the finish page, and may have been
    # closed by that page's script, or not yet.
    if SCENARIOS[seen.result.name].user[-2:] == ("approve", "close"):
        lanes["DocumentLoaded"] = [shown for shown in lanes["DocumentLoaded"] if not shown[1].endswith("/finish")]
        lanes["WindowClosed"] = [window for window, _ in lanes["WindowClosed"]]
        lanes["StepTaken"] = [step for step in lanes["StepTaken"] if step != "close"]
    return lanes


def milestones(seen: Seen) -> list[str]:
    """Return in order what causes what follows it, from one place to another, each at its first time."""
    found: dict[str, None] = {}
    for event in seen.journal:
        match event:
            case events.StepTaken(step="close"):
                continue
            case events.StepTaken():
                found[f"the user: {event.step}"] = None
            case events.WindowOpenCalled():
                found["the page asks for its window"] = None
            case events.RequestSeen():
                found[f"the stub: {event.endpoint}"] = None
            case events.MessagePosted(origin=origin) if origin == ORIGIN:
                found["the popup posts the event"] = None
            case events.MessageReceived(origin=origin, source="popup") if origin == ORIGIN:
                found["the page hears the event"] = None
    last = [event.text for event in seen.journal if isinstance(event, events.TextShown)][-1]
    shown = next(event.at for event in seen.journal if isinstance(event, events.TextShown) and event.text == last)
    before = [event for event in seen.journal if event.at <= shown and isinstance(event, events.RequestSeen)]
    return [*found, f"after {before[-1].endpoint if before else 'nothing'}: {last}"]


#: The account of a play: which number it has depends on how many plays and trials there were before.
ACCOUNT_OF_PLAY = re.compile(r"658a9b6833b91e0ecb8f[0-9a-f]{4}")


def differences(browser: Seen, mock: Seen) -> dict[str, tuple[str, str]]:
    """Return what the two tell differently: what the browser tells, and what the mock does."""
    both = [
        {
            "verdict": seen.result.verdict,
            "findings": [found.code for found in seen.result.findings],
            **told(seen),
            "milestones": milestones(seen),
        }
        for seen in (browser, mock)
    ]
    one, other = ({name: ACCOUNT_OF_PLAY.sub("ACCOUNT", repr(said)) for name, said in seen.items()} for seen in both)
    return {name: (one[name], other[name]) for name in one if one[name] != other[name]}


def test_both_drivers_tell_the_same(tmp_path: Path) -> None:
    browser = play("playwright", tmp_path / "playwright")
    mock = play("mock", tmp_path / "mock")
    skipped = [name for name, seen in mock.items() if seen.result.verdict == "skipped"]

    assert len(skipped) <= 0.2 * len(SCENARIOS)
    assert all(mock[name].result.reason for name in skipped)
    differing = {name: differences(browser[name], mock[name]) for name in SCENARIOS if name not in skipped}
    assert {name: told for name, told in differing.items() if told} == {}
