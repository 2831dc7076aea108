"""Is every verdict the same each time? The cases and the apps, again and again, on a machine that has other work.

Exit code 1 where a verdict or a finding differed from one play to another, and 0 where none did.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests import apps, cases
from tests.commands import Command

#: How many busy loops run beside the plays: one for each core of the machine that this is measured on.
LOOPS = 2
REPEAT = 10
MINUTES = 240.0

#: What was said of one play: its verdict, and the codes of its findings.
Said = tuple[str, ...]


class Play(NamedTuple):
    """One play of a scenario, what was said of it, and whether it was played, and did not rest on another."""

    scenario: str
    said: Said
    was_played: bool


@contextmanager
def other_work() -> Iterator[None]:
    """Keep the machine busy, and end what does so, also where SIGTERM ends the script."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(LOOPS)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def play(kind: str, name: str, *, jobs: str = "auto", play_all: bool = False, repeat: int = 1) -> list[Play]:
    """Return what was said of each play of a page.

    Args:
        kind: ``case`` or ``app``.
        name: its name.
        jobs: how many plays are made at once.
        play_all: whether what rests on a cause is played as well.
        repeat: how often each scenario is played.
    """
    with tempfile.TemporaryDirectory() as folder:
        if kind == "case":
            way = ("--jobs", jobs, "--repeat", str(repeat), *(["--play-all"] if play_all else []))
            _, played = cases.play(Command(Path(folder)), name, *way)
            results = played["scenarios"]
            return [Play(one["name"], tuple(cases.judged(one)), one["rests_on"] is None) for one in results]
        app = apps.read(name)
        # Of a page with a mistake: what shows it, and what is played first.
        scenarios = [] if app.right else sorted({"account-200", *(must.scenario for must in app.must_find)})
        output = Path(folder) / "report"
        whole = apps.play(name, scenarios, output, jobs=jobs, play_all=play_all, repeat=repeat)
    return [
        Play(one.name, (one.verdict, *(found.code for found in one.findings)), one.rests_on is None)
        for one in whole.scenarios
    ]


def pages(names: list[str]) -> list[tuple[str, str]]:
    """Return the kinds and the names of the pages to play: those that are named, or all that this machine can play."""
    found = [("case", name) for name in cases.truths() if not cases.missing(name)]
    found += [("app", name) for name in apps.names() if not apps.missing(name)]
    return [(kind, name) for kind, name in found if not names or name in names]


def main(repeat: int, minutes: float, names: list[str]) -> int:
    """Play, print each verdict that differed, and return the exit code."""
    last = time.monotonic() + minutes * 60
    plays = differing = played = 0
    asked = pages(names)
    with other_work():
        for kind, name in asked:
            if time.monotonic() > last:
                break
            played += 1
            began = time.monotonic()
            said: dict[str, Counter[Said]] = defaultdict(Counter)
            for one in play(kind, name, repeat=repeat):
                said[one.scenario][one.said] += 1
                plays += 1
            print(f"{kind} {name}: {len(said)} scenarios, {time.monotonic() - began:.0f} s", flush=True)
            differing += sum(print_differing(scenario, verdicts) for scenario, verdicts in said.items())
    print(f"{played} of {len(asked)} pages, {plays} plays, {differing} scenarios judged in more than one way")
    return 1 if differing else 0


def print_differing(scenario: str, verdicts: Counter[Said]) -> bool:
    """Print a scenario's verdicts if there are several, and return whether there are."""
    if len(verdicts) > 1:
        print(f"  {scenario}")
        for verdict, times in verdicts.most_common():
            print(f"    {times} times: {', '.join(verdict)}", flush=True)
    return len(verdicts) > 1


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(
        main(
            int(arguments[0]) if arguments else REPEAT,
            float(arguments[1]) if len(arguments) > 1 else MINUTES,
            arguments[2:],
        )
    )
