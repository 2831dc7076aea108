"""Does a verdict depend on how many scenarios are played at once, or on what is left out because it rests on a cause?

Plays each page by `--jobs 1`, by `--jobs auto` and by `--play-all`, and prints every verdict that differs; what was
skipped because it rests on a cause is left aside. Exit code 1 where one differed, and 0 where none did.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict

import steady

#: How each page is played: with how many plays at once, and whether what rests on a cause is played as well.
WAYS = (("1", False), ("auto", False), ("auto", True))


def main(minutes: float, names: list[str]) -> int:
    """Play, print each verdict that differs, and return the exit code."""
    last = time.monotonic() + minutes * 60
    differing = scenarios = pages = 0
    for kind, name in steady.pages(names):
        if time.monotonic() > last:
            break
        pages += 1
        said: dict[str, dict[tuple[str, ...], list[str]]] = defaultdict(lambda: defaultdict(list))
        for jobs, play_all in WAYS:
            for one in steady.play(kind, name, jobs=jobs, play_all=play_all):
                if one.was_played:
                    said[one.scenario][one.said].append(f"--jobs {jobs}{' --play-all' if play_all else ''}")
        scenarios += len(said)
        for scenario, verdicts in said.items():
            if len(verdicts) > 1:
                differing += 1
                print(f"{kind} {name}: {scenario}")
                for verdict, ways in verdicts.items():
                    print(f"  {', '.join(ways)}: {', '.join(verdict)}", flush=True)
    print(f"{pages} pages, {scenarios} scenarios, {differing} of which were judged in more than one way")
    return 1 if differing else 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(main(float(arguments[0]) if arguments else steady.MINUTES, arguments[1:]))
