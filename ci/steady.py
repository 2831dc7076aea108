"""Is every verdict the same each time? The cases and the apps, again and again, on a machine that has other work.

Exit code 1 where a verdict or a finding differed from one round to another, and 0 where none did.
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

from tests import apps, cases
from tests.commands import Command

#: How many busy loops run beside the plays: one for each core of the machine that this is measured on.
LOOPS = 2
ROUNDS = 10
MINUTES = 240.0

#: What was said of one scenario of a page: its verdict, and the codes of its findings.
Said = tuple[str, ...]


@contextmanager
def other_work() -> Iterator[None]:
    """Keep the machine busy, and end what does so."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(LOOPS)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def play(kind: str, name: str, *way: str) -> dict[str, tuple[Said, bool]]:
    """Return what was said of each scenario of a page, and whether it was played, and did not rest on another.

    Args:
        kind: ``case`` or ``app``.
        name: its name.
        way: the options with which it is played: ``--jobs N``, and ``--play-all`` where nothing rests on anything.
    """
    with tempfile.TemporaryDirectory() as folder:
        if kind == "case":
            _, played = cases.play(Command(Path(folder)), name, *way)
            results = played["scenarios"]
            return {one["name"]: (tuple(cases.judged(one)), one["rests_on"] is None) for one in results}
        app = apps.read(name)
        # Of a page with a mistake: what shows it, and what is played first.
        scenarios = [] if app.right else sorted({"account-200", *(must.scenario for must in app.must_find)})
        jobs = way[1] if way else "auto"
        whole = apps.play(name, scenarios, Path(folder) / "report", jobs=jobs, play_all="--play-all" in way)
    return {
        one.name: ((one.verdict, *(found.code for found in one.findings)), one.rests_on is None)
        for one in whole.scenarios
    }


def pages(names: list[str]) -> list[tuple[str, str]]:
    """Return the kinds and the names of the pages to play: those that are named, or all that this machine can play."""
    found = [("case", name) for name in cases.truths() if not cases.missing(name)]
    found += [("app", name) for name in apps.names() if not apps.missing(name)]
    return [(kind, name) for kind, name in found if not names or name in names]


def main(rounds: int, minutes: float, names: list[str]) -> int:
    """Play, and print each verdict that differed; return the exit code."""
    last = time.monotonic() + minutes * 60
    said: dict[str, Counter[Said]] = defaultdict(Counter)
    done = 0
    with other_work():
        for number in range(1, rounds + 1):
            for kind, name in pages(names):
                if time.monotonic() > last:
                    break
                for scenario, (verdict, _) in play(kind, name).items():
                    said[f"{kind} {name}: {scenario}"][verdict] += 1
                done += 1
            print(f"round {number}: {done} plays of pages so far", flush=True)
    differing = {where: verdicts for where, verdicts in said.items() if len(verdicts) > 1}
    for where, verdicts in sorted(differing.items()):
        print(where)
        for verdict, times in verdicts.most_common():
            print(f"  {times} times: {', '.join(verdict)}")
    print(f"{len(said)} scenarios of pages, {len(differing)} of which were judged in more than one way")
    return 1 if differing else 0


def _stop(*_: object) -> None:
    sys.exit(130)


if __name__ == "__main__":
    # Whoever ends it ends the busy loops, too.
    signal.signal(signal.SIGTERM, _stop)
    arguments = sys.argv[1:]
    sys.exit(
        main(
            int(arguments[0]) if arguments else ROUNDS,
            float(arguments[1]) if len(arguments) > 1 else MINUTES,
            arguments[2:],
        )
    )
