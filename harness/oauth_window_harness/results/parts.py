"""Whether results are the parts of one run, and which parts are missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from oauth_window_harness.errors import UsageError
from oauth_window_harness.results.model import Results


def check_shards(runs: Sequence[tuple[Path, Results]]) -> bool:
    """Return whether the results are those of shards; False where they are those of whole runs.

    Raises:
        UsageError: they are of both kinds, of different runs, or two are of the same shard.
    """
    shards = [(file, results.shard) for file, results in runs if results.shard is not None]
    if not shards:
        return False
    first_file, first = shards[0]
    for file, results in runs:
        shard = results.shard
        if shard is None or shard.count != first.count:
            seen = "a whole run" if shard is None else f"shard {shard.index} of {shard.count}"
            raise _not_of_one_run([first_file, file], f"shard {first.index} of {first.count}, {seen}")
        if shard.repeat != first.repeat:
            raise _not_of_one_run([first_file, file], f"--repeat {first.repeat}, --repeat {shard.repeat}")
        if shard.plan != first.plan:
            name = next(name for name in {**first.plan, **shard.plan} if first.plan.get(name) != shard.plan.get(name))
            seen = (
                f"{name} is {_place(first.plan.get(name))} in the one and {_place(shard.plan.get(name))} in the other"
            )
            raise _not_of_one_run([first_file, file], seen)
        same = [other for other, one in shards if one.index == shard.index]
        if len(same) > 1:
            raise UsageError(
                f"shard {shard.index} of {shard.count} is there {len(same)} times",
                where=", ".join(map(str, same)),
                todo="leave out all of these but one",
            )
    return True


def missing_shards(all_results: Sequence[Results]) -> tuple[int, ...]:
    """Return the shards of which there are no results."""
    shards = [results.shard for results in all_results if results.shard is not None]
    there = {shard.index for shard in shards}
    return tuple(index for index in range(1, shards[0].count + 1) if index not in there) if shards else ()


def standing(all_results: Sequence[Results]) -> str:
    """Return which results there are, in words: ``shards 1 and 3 of 3``, or ``2 runs``."""
    shards = [results.shard for results in all_results if results.shard is not None]
    if not shards:
        return f"{len(all_results)} runs" if len(all_results) > 1 else "1 run"
    return f"{_numbers(sorted(shard.index for shard in shards))} of {shards[0].count}"


def absences(runs: Sequence[tuple[str, Results]]) -> list[str]:
    """Return what is not there, in words: the shards that are missing, and those that did not come to their end.

    Args:
        runs: the results, each with the name of its file.
    """
    missing = missing_shards([results for _, results in runs])
    absent = [f"{_numbers(missing)} {'is' if len(missing) == 1 else 'are'} missing"] if missing else []
    for file, results in runs:
        name = f"shard {results.shard.index}" if results.shard else file
        if results.error is not None:
            absent.append(f"{name}: {results.error.what}")
        elif results.interrupted:
            absent.append(f"{name} was interrupted")
    return absent


def _numbers(numbers: Sequence[int]) -> str:
    *others, last = map(str, numbers)
    return f"shards {', '.join(others)} and {last}" if others else f"shard {last}"


def _place(index: int | None) -> str:
    return f"in shard {index}" if index is not None else "in no shard"


def _not_of_one_run(files: Sequence[Path], seen: str) -> UsageError:
    return UsageError(
        "the results are not the shards of one run",
        where=", ".join(map(str, files)),
        seen=seen,
        todo="merge the shards of one run: they have the same scenarios, --repeat and --durations",
    )
