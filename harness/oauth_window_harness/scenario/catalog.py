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
def bundled_scenarios() -> dict[str, Scenario]:
    """Return the scenarios that come with the package, by name, in the order of their groups."""
    folder = resources.bundled("scenarios")
    found = [read_scenario(file) for file in sorted(folder.rglob("*.yaml"))]
    return {scenario.name: scenario for scenario in sorted(found, key=_order)}


def select(wanted: Sequence[str]) -> list[Scenario]:
    """Return the scenarios that names, tags, files or folders select; all the bundled ones if ``wanted`` is empty.

    Each scenario comes once, in the order of its first mention.

    Raises:
        UsageError: nothing has that name; the error lists the nearest names.
        BadFileError: a file is not a valid scenario.
    """
    return list(selection(wanted).values())


def selection(wanted: Sequence[str]) -> dict[str, Scenario]:
    """Return what `select` does, each scenario by the word that names it alone: its name, or its file.

    Raises:
        UsageError: nothing has that name; the error lists the nearest names.
        BadFileError: a file is not a valid scenario.
    """
    if not wanted:
        return dict(bundled_scenarios())
    chosen: dict[str, tuple[str, Scenario]] = {}
    for word in wanted:
        for own_word, scenario in _matches(word):
            chosen.setdefault(scenario.name, (own_word, scenario))
    return dict(chosen.values())


def single(name: str, where: str) -> Scenario:
    """Return the one scenario that a name selects.

    Args:
        name: a bundled scenario's name, or a file.
        where: what names it, for the error.

    Raises:
        UsageError: there is none of that name, or several, as below a tag.
        BadFileError: a file is not a valid scenario.
    """
    chosen = select([name])
    if len(chosen) != 1:
        raise UsageError(
            "one scenario can be played at a time",
            where=where,
            seen=f"{len(chosen)} of that name",
            todo="name one of them",
        )
    return chosen[0]


def scenario_files(wanted: Iterable[str]) -> list[Path]:
    """Return the scenario files of paths: a file itself, and of a folder all files below it.

    Raises:
        UsageError: a path does not exist, or a folder holds no scenario file.
    """
    found: list[Path] = []
    for word in wanted:
        path = Path(word)
        inside = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
        if not inside or not path.exists():
            raise UsageError("no scenario file", where=word, todo="name a .yaml file, or a folder of them")
        found += inside
    return found


def check_fixtures(scenarios: Sequence[Scenario], fixtures: FixtureSet) -> None:
    """Check that every fixture that a scenario names exists.

    Raises:
        UsageError: a fixture does not exist.
        BadFileError: the folder holds no fixture, or one that is invalid.
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


def source_text(name: str) -> str:
    """Return the text of a bundled scenario's file.

    Raises:
        UsageError: no bundled scenario has that name.
    """
    found = next(resources.bundled("scenarios").rglob(f"{name}.yaml"), None) if name in bundled_scenarios() else None
    if found is None:
        raise _unknown_name(name, list(bundled_scenarios()))
    return found.read_text(encoding="utf-8")


def _matches(word: str) -> list[tuple[str, Scenario]]:
    """Return the scenarios that a word selects, each with the word that names it alone."""
    if word in bundled_scenarios():
        return [(word, bundled_scenarios()[word])]
    tagged = [(name, scenario) for name, scenario in bundled_scenarios().items() if word in scenario.tags]
    if tagged:
        return tagged
    if word.endswith((".yaml", ".yml")) or Path(word).is_dir():
        return [(str(file), read_scenario(file)) for file in scenario_files([word])]
    known = [*bundled_scenarios(), *sorted({tag for scenario in bundled_scenarios().values() for tag in scenario.tags})]
    raise _unknown_name(word, known)


def _unknown_name(word: str, known: Sequence[str]) -> UsageError:
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.4)
    return UsageError(
        f"no scenario, tag or file named {word!r}",
        where="the scenarios that were named",
        todo=f"nearest: {', '.join(near)}" if near else "`oauth-window scenarios list` lists them all",
    )


def _order(scenario: Scenario) -> tuple[int, str]:
    group = scenario.tags[0] if scenario.tags else ""
    return (_GROUPS.index(group) if group in _GROUPS else len(_GROUPS), scenario.name)


#: The order of the groups: from what must work to what may go wrong.
_GROUPS = ("contract", "event", "window", "provider", "isolation", "hostile", "network")
