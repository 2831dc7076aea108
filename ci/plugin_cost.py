"""What the plugin adds to the start of pytest where no test uses it: empty runs with it and without it, in turns."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 10


def main(rounds: int = ROUNDS) -> None:
    """Print the medians of both, and the median of their differences in each round."""
    with tempfile.TemporaryDirectory() as folder:
        start(folder)  # compiles modules that have no bytecode yet
        pairs = [(start(folder), start(folder, "-p", "no:oauth-window")) for _ in range(rounds)]
    with_it, without = (statistics.median(side) for side in zip(*pairs, strict=True))
    difference = statistics.median(one - other for one, other in pairs)
    figures = f"with the plugin {with_it:.0f} ms, without {without:.0f} ms, between them {difference:+.1f} ms"
    print(f"an empty run of pytest, {rounds} rounds in turns: {figures}")


def start(folder: str, *options: str) -> float:
    """Return how long pytest takes in an empty folder, in milliseconds, without any third-party plugin but ours."""
    others = [
        f"no:{name}" for name in ("playwright", "anyio", "asyncio", "xdist", "pytest_httpserver", "cacheprovider")
    ]
    command = [sys.executable, "-m", "pytest", "-q", "--rootdir", folder]
    command += [word for other in others for word in ("-p", other)]
    began = time.perf_counter()
    done = subprocess.run([*command, *options, folder], capture_output=True, cwd=folder, check=False)
    seconds = time.perf_counter() - began
    assert done.returncode == 5, done.stdout + done.stderr  # no tests were collected
    return seconds * 1000


if __name__ == "__main__":
    main()
