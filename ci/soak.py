"""Is every verdict the same each time, and the memory flat? All scenarios, many times, on a machine with other work.

Exit code 1 where a verdict changed or a run ended with an error, and 0 where none did.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

from steady import Said, other_work, print_differing
from tests.commands import Command
from tests.processes import descendants

REPEATS, MINUTES, ENGINES = 20, 120.0, ("chromium", "firefox")

#: At which parts of all plays the memory is measured, while they are made: at the end the browser has gone already.
_PARTS = (0.1, 0.5, 0.9)

#: How often it is looked how many plays have been made, in seconds.
_APART = 0.5

#: How the run tells how many plays it has made, and of how many.
_COUNTER = re.compile(r"\[(\d+)/(\d+)\]")


def share_made(output: str) -> float:
    """Return which part of its plays a run has made, by what it has written; 0 before the first."""
    counters = _COUNTER.findall(output)
    return int(counters[-1][0]) / int(counters[-1][1]) if counters else 0.0


def memory(pid: int) -> tuple[float, float]:
    """Return the resident memory of a process, and that of it with all that it has started, in MB."""
    own = _resident(pid)
    return own, own + sum(_resident(child) for child in descendants(pid))


def _resident(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # it has ended meanwhile
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def play(
    engine: str, repeats: int, seconds: float
) -> tuple[dict[str, Counter[Said]], dict[float, tuple[float, float]], int]:
    """Play all scenarios in an engine: return the verdicts of each, the memory by the part made, and the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        command = Command(Path(folder))
        way = ("run", "--play-all", "--browser", engine, "--repeat", str(repeats))
        with (Path(folder) / "output").open("w") as output:
            running = subprocess.Popen(
                command.command_line(*way), cwd=folder, env=command.environment(), stdout=output, stderr=output
            )
        samples: dict[float, tuple[float, float]] = {}
        ended = threading.Event()

        def sample() -> None:
            while not ended.wait(_APART):
                made = share_made(Path(folder, "output").read_text())
                for part in _PARTS:
                    if part not in samples and part <= made < 1:
                        samples[part] = memory(running.pid)

        sampler = threading.Thread(target=sample)
        sampler.start()
        try:
            code = running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGINT)
            code = running.wait()
        finally:
            ended.set()
            sampler.join()
            if running.poll() is None:  # whoever ends this ends the run, too
                running.terminate()
                running.wait()
        said: dict[str, Counter[Said]] = defaultdict(Counter)
        results = Path(folder, "oauth-window-report", "results.json")
        for one in json.loads(results.read_text())["scenarios"] if results.exists() else ():
            codes = sorted(found["code"] for found in one["findings"])
            said[one["name"]][one["verdict"], *codes] += 1
        if not said:
            print(Path(folder, "output").read_text(), flush=True)
    return said, samples, code


def main(repeats: int, minutes: float, engines: tuple[str, ...]) -> int:
    """Play in each engine, and print what changed; return the exit code."""
    last, plays, changed, is_whole = time.monotonic() + minutes * 60, 0, 0, True
    with other_work():
        for engine in engines:
            said, samples, code = play(engine, repeats, max(1.0, last - time.monotonic()))
            plays += (here := sum(verdicts.total() for verdicts in said.values()))
            is_whole &= bool(said) and code in (0, 1)
            print(f"{engine}: {len(said)} scenarios, {here} plays, exit code {code}")
            for name, verdicts in said.items():
                if print_differing(name, verdicts):
                    changed += verdicts.total() - verdicts.most_common(1)[0][1]
            for part, (own, whole) in samples.items():
                print(f"  memory at {part:.0%} of the plays: {own:.0f} MB, with the browser {whole:.0f} MB", flush=True)
    print(f"{changed} changed verdicts in {plays} plays")
    return 0 if is_whole and not changed else 1


if __name__ == "__main__":
    words = sys.argv[1:]
    sys.exit(
        main(
            int(words[0]) if words else REPEATS,
            float(words[1]) if len(words) > 1 else MINUTES,
            tuple(words[2:]) or ENGINES,
        )
    )
