"""How long scenarios took in an earlier run."""

from __future__ import annotations

from collections.abc import Mapping

from oauth_window_harness.results.model import Results


def durations_of(results: Results) -> Mapping[str, int]:
    """Return how long each scenario took, in milliseconds, by its name: the mean of its plays.

    One that was skipped is left out: it says nothing of a play.
    """
    taken: dict[str, list[int]] = {}
    for result in results.scenarios:
        if result.verdict != "skipped":
            taken.setdefault(result.name, []).append(max(1, result.duration_ms))
    return {name: sum(times) // len(times) for name, times in taken.items()}
