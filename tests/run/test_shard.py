"""The parts of a run: every scenario in one of them, about as long as each other, and the same on every machine."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

import pytest

from oauth_window_harness.run.shard import Part, split
from oauth_window_harness.run.turns import turns_of
from oauth_window_harness.scenario import catalog
from oauth_window_harness.scenario.model import Scenario

ALL = list(catalog.bundled_scenarios().values())
FIRST = "account-200"


def parts(
    scenarios: Sequence[Scenario], count: int, durations: Mapping[str, int] | None = None, repeat: int = 1
) -> list[Part]:
    numbers = range(1, count + 1)
    return [split(scenarios, index, count, durations=durations or {}, repeat=repeat) for index in numbers]


def own(part: Part) -> list[str]:
    return [scenario.name for scenario in part.scenarios if scenario.name not in part.borrowed]


def names(scenarios: Iterable[Scenario]) -> list[str]:
    return [scenario.name for scenario in scenarios]


@pytest.mark.parametrize("count", [1, 2, 3, 7, len(ALL), 100])
def test_every_scenario_is_in_exactly_one_part(count: int) -> None:
    found = [name for part in parts(ALL, count) for name in own(part)]
    assert sorted(found) == sorted(names(ALL))


def test_each_part_knows_the_whole_plan_in_the_order_of_the_run() -> None:
    plans = [list(part.shard.plan.items()) for part in parts(ALL, 3)]
    assert plans[0] == plans[1] == plans[2]
    assert [name for name, _ in plans[0]] == names(ALL)


def test_every_part_begins_with_the_plain_flow_which_belongs_to_the_first() -> None:
    first, second, third = parts(ALL, 3)
    assert all(FIRST in names(part.scenarios) for part in (first, second, third))
    assert [part.borrowed for part in (first, second, third)] == [[], [FIRST], [FIRST]]


def test_a_part_without_a_scenario_of_its_own_plays_nothing() -> None:
    assert [names(part.scenarios) for part in parts([catalog.single(FIRST, "")], 2)] == [[FIRST], []]


def test_without_the_plain_flow_nothing_is_played_twice() -> None:
    hostile = catalog.select(["hostile"])
    assert [part.borrowed for part in parts(hostile, 3)] == [[], [], []]


def test_the_plain_flow_of_another_part_is_played_once_whatever_repeat_says() -> None:
    part = parts(ALL, 3, repeat=4)[1]
    turns = turns_of(part.scenarios, 4, part.borrowed)
    assert [turn.repeat for turn in turns if turn.scenario.name == FIRST] == [1]
    assert len(turns) == 4 * len(own(part)) + 1


@pytest.mark.parametrize("seed", range(5))
def test_the_parts_do_not_depend_on_the_order_in_which_scenarios_are_named(seed: int) -> None:
    shuffled = random.Random(seed).sample(ALL, len(ALL))
    durations = {scenario.name: 1000 for scenario in ALL}
    assert [sorted(own(part)) for part in parts(shuffled, 4, durations)] == [
        sorted(own(part)) for part in parts(ALL, 4, durations)
    ]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("count", [2, 3, 5])
def test_the_parts_take_about_as_long_as_each_other(count: int, seed: int) -> None:
    """No part is longer than the shortest by more than the longest of its own scenarios (Graham 1969)."""
    numbers = random.Random(seed)
    durations = {scenario.name: numbers.randint(300, 9000) for scenario in ALL}
    loads = [[durations[one.name] for one in part.scenarios] for part in parts(ALL, count, durations)]
    assert max(map(sum, loads)) - min(map(sum, loads)) <= max(durations.values())


def test_a_scenario_without_a_duration_is_estimated_in_the_measure_of_the_others() -> None:
    """On a machine that is ten times as slow, one more scenario takes ten times as long, too."""
    chosen = catalog.select(["account-400", "account-401", "account-403", "account-404"])
    slow = {"account-400": 15_000, "account-401": 30_000, "account-403": 1_000}
    assert [sorted(own(part)) for part in parts(chosen, 2, slow)] == [
        ["account-401", "account-403"],
        ["account-400", "account-404"],
    ]


def test_without_any_duration_what_a_scenario_delays_and_its_intruders_count() -> None:
    """The longest ones are kept apart."""
    longest = ("event-slow", "account-slow", "forged-lookalike-prefix")
    by_name = {name: number for number, part in enumerate(parts(ALL, 3)) for name in own(part)}
    assert len({by_name[name] for name in longest}) == len(longest)
