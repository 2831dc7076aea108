"""``--shard I/N``: which scenarios one of several machines plays, so that all of them take about as long.

The parts follow from the scenarios and the durations alone: whoever has the same of both has the same parts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oauth_window_harness.errors import BadFileError, UsageError
from oauth_window_harness.results.durations import durations_of
from oauth_window_harness.results.model import Results
from oauth_window_harness.results.results_file import read_results
from oauth_window_harness.results.shards import Shard
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.scenario.links import is_plain
from oauth_window_harness.scenario.model import Scenario

#: What a play is taken to last of which no duration is known, and what each intruder's document adds, in milliseconds:
#: measured on the reference app, one play at a time.
_PLAY, _INTRUDER = 1500, 300

_SHARD = re.compile(r"0*([1-9]\d{0,3})/0*([1-9]\d{0,3})", re.ASCII)


@dataclass(frozen=True)
class Part:
    """What one machine plays.

    Attributes:
        scenarios: the scenarios, in the order of the whole run.
        shard: which part it is of which whole.
    """

    scenarios: Sequence[Scenario]
    shard: Shard

    @property
    def borrowed(self) -> Sequence[str]:
        """The plain flow where another part has it: it is played here once, for what rests on it."""
        return [one.name for one in self.scenarios if not self.shard.owns(one.name)]

    def __str__(self) -> str:
        own = len(self.scenarios) - len(self.borrowed)
        beside = f", and {', '.join(self.borrowed)}, which every shard plays first" if self.borrowed else ""
        return f"shard {self.shard.index} of {self.shard.count}: {own} of {len(self.shard.plan)} scenarios{beside}"


def check_shard(options: RunOptions) -> None:
    """Check that `--shard` names a part of what is to be played.

    Raises:
        UsageError: it names no part, or the results of which `--last-failed` speaks are those of one part.
    """
    if options.shard is None:
        return
    _numbers(options.shard)
    earlier = _earlier(options) if options.last_failed else None
    if earlier is not None and earlier.shard is not None:
        raise UsageError(
            "what failed in one shard is not split again",
            where="--shard and --last-failed",
            seen=f"the results in {options.output} are those of shard {earlier.shard.index} of {earlier.shard.count}",
            todo="leave --shard out, or name with --output the folder of the merged results",
        )


def part_of(scenarios: Sequence[Scenario], options: RunOptions) -> Part | None:
    """Return the part of the scenarios that `--shard` names; None where it is not given.

    Raises:
        BadFileError: the file with the durations is not a results.json.
    """
    if options.shard is None:
        return None
    index, count = _numbers(options.shard)
    return split(scenarios, index, count, durations=_durations(options), repeat=options.repeat)


def split(
    scenarios: Sequence[Scenario], index: int, count: int, *, durations: Mapping[str, int], repeat: int = 1
) -> Part:
    """Return one of so many parts of the scenarios: each goes, the longest first, to the part that has least so far.

    The plain flow belongs to the first part, and is played once in each of the others.

    Args:
        scenarios: the scenarios of the whole run.
        index: which part to return, from 1.
        count: how many parts there are.
        durations: how long a play of each scenario takes in milliseconds, by its name, as far as that is known.
        repeat: how often each scenario is played.
    """
    weights = _weights(scenarios, durations)
    first = next((scenario.name for scenario in scenarios if is_plain(scenario)), None)
    loads = [weights.get(first or "", 0)] * count
    parts: dict[str, int] = {}
    if first is not None:
        parts[first] = 1
        loads[0] *= repeat
    for name in sorted(weights.keys() - parts.keys(), key=lambda name: (-weights[name], name)):
        least = loads.index(min(loads))
        loads[least] += weights[name] * repeat
        parts[name] = least + 1
    plan = {scenario.name: parts[scenario.name] for scenario in scenarios}
    shard = Shard(index=index, count=count, repeat=repeat, plan=plan)
    own = [scenario for scenario in scenarios if shard.owns(scenario.name)]
    return Part([one for one in scenarios if one in own or (own and one.name == first)], shard)


def _numbers(text: str) -> tuple[int, int]:
    found = _SHARD.fullmatch(text)
    if found is None or int(found[1]) > int(found[2]):
        raise UsageError(
            "that is no part of a run",
            where="--shard",
            seen=text,
            todo="name which part of how many it is, such as 1/3, 2/3 or 3/3 of three",
        )
    return int(found[1]), int(found[2])


def _durations(options: RunOptions) -> Mapping[str, int]:
    """Return the durations of the file that is named, else those of the whole run that --output holds, if any."""
    if options.durations is not None:
        return durations_of(read_results(options.durations, "name a results.json, or a report folder that holds one"))
    earlier = _earlier(options)
    # Each machine may hold the results of a part of its own: from these each would make other parts.
    return durations_of(earlier) if earlier is not None and earlier.shard is None else {}


def _earlier(options: RunOptions) -> Results | None:
    """Return the results that --output holds; None where there are none that can be read, for they are replaced."""
    try:
        return read_results(options.output, todo="")
    except BadFileError:
        return None


def _weights(scenarios: Sequence[Scenario], durations: Mapping[str, int]) -> dict[str, int]:
    """Return the weight of each scenario: its duration, or its estimate, as much off as that of those with a duration.

    They are whole numbers, so that they are the same on every machine.
    """
    estimates = {scenario.name: _estimate(scenario) for scenario in scenarios}
    known = estimates.keys() & durations.keys()
    taken, estimated = sum(durations[name] for name in known), sum(estimates[name] for name in known)
    return {
        name: durations[name] if name in known else estimate * taken // estimated if known else estimate
        for name, estimate in estimates.items()
    }


def _estimate(scenario: Scenario) -> int:
    intruder = scenario.intruder
    intruders = len(intruder.senders) * len(intruder.origins) if intruder is not None else 0
    return _PLAY + _INTRUDER * intruders + round(1000 * scenario.feedback_delay)
