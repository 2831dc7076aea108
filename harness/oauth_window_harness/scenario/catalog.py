"""All scenarios that a command can name: the bundled ones, and the user's files and folders."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from oauth_window_harness import resources
from oauth_window_harness.contract.fixture import FixtureSet
from oauth_window_harness.errors import UsageError
from oauth_window_harness.scenario.file import read_scenario
from oauth_window_harness.scenario.model import Scenario


@cache
def bundled() -> dict[str, Scenario]:
    """Give the scenarios that come with the package, by name, in the order of their groups."""
    folder = resources.bundled("scenarios")
    found = [read_scenario(file) for file in sorted(folder.rglob("*.yaml"))]
    return {scenario.name: scenario for scenario in sorted(found, key=_order)}


def select(wanted: Sequence[str]) -> list[Scenario]:
    """Give the scenarios that names, tags, files or folders name; all the bundled ones where nothing is named.

    Each scenario comes once, in the order of its first mention.

    Raises:
        UsageError: nothing has that name; the nearest names are told.
        BadFileError: a file is no scenario.
    """
    if not wanted:
        return list(bundled().values())
    chosen: dict[str, Scenario] = {}
    for word in wanted:
        for scenario in _named(word):
            chosen.setdefault(scenario.name, scenario)
    return list(chosen.values())


def files(wanted: Iterable[str]) -> list[Path]:
    """Give the scenario files that paths name: a file is itself, a folder all below it.

    Raises:
        UsageError: a path is not there, or a folder holds none.
    """
    found: list[Path] = []
    for word in wanted:
        path = Path(word)
        inside = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        if not inside or not path.exists():
            raise UsageError("no scenario file", where=word, todo="name a .yaml file, or a folder that holds some")
        found += inside
    return found


def check_fixtures(scenarios: Sequence[Scenario], fixtures: FixtureSet) -> None:
    """Check that every fixture that a scenario names is there.

    Raises:
        UsageError: one is not.
        BadFileError: the folder holds none, or a file that is none.
    """
    fixtures.names()
    for scenario in scenarios:
        try:
            exchanges, events = scenario.fixtures()
            for name in exchanges:
                fixtures.exchange(name)
            for name in events:
                fixtures.event(name)
        except UsageError as error:
            raise UsageError(
                error.what, where=f"the scenario {scenario.name}", seen=error.seen, todo=error.todo
            ) from None


def source(name: str) -> str:
    """Give the text of a bundled scenario's file.

    Raises:
        UsageError: there is none of that name.
    """
    found = next(resources.bundled("scenarios").rglob(f"{name}.yaml"), None) if name in bundled() else None
    if found is None:
        raise _unknown(name, list(bundled()))
    return found.read_text(encoding="utf-8")


def _named(word: str) -> list[Scenario]:
    if word in bundled():
        return [bundled()[word]]
    tagged = [scenario for scenario in bundled().values() if word in scenario.tags]
    if tagged:
        return tagged
    if word.endswith((".yaml", ".yml")) or Path(word).is_dir():
        return [read_scenario(file) for file in files([word])]
    known = [*bundled(), *sorted({tag for scenario in bundled().values() for tag in scenario.tags})]
    raise _unknown(word, known)


def _unknown(word: str, known: Sequence[str]) -> UsageError:
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.4)
    return UsageError(
        f"no scenario, tag or file named {word!r}",
        where="the scenarios that were named",
        todo=f"nearest: {', '.join(near)}" if near else "`oauth-window scenarios list` names all",
    )


def _order(scenario: Scenario) -> tuple[int, str]:
    group = scenario.tags[0] if scenario.tags else ""
    return (_GROUPS.index(group) if group in _GROUPS else len(_GROUPS), scenario.name)


#: The order in which the groups are told: from what must work to what may go wrong.
_GROUPS = ("contract", "event", "window", "provider", "isolation", "hostile", "network")
