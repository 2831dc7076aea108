"""How long things take on two cores; printed, never asserted.

One successful flow in the harness, compared with a hand-written pytest-playwright test of the same flow: the same
pages, stub, gateway and browser program, in turns within one run. Both are measured from the creation of the browser
context to its end; the first flow of each process, in which the browser itself warms up, is left out on both sides.

The whole set of scenarios on the reference app, one after another; and the same without a browser.

The number of requests that `serve` answers in a second: see bench_serve.py, which can also be run alone.

What the pytest plugin adds to the start of pytest: see plugin_cost.py.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree as ET

from playwright.sync_api import sync_playwright

import bench_serve
import plugin_cost
from oauth_window_harness.drivers import browsers

HERE = Path(__file__).parent
FLOWS = 8


def main() -> None:
    """Run the rounds and print the medians."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    browser = browser_program()
    cores = limit_to_two_cores()
    print(f"browser: {browser}; {rounds} rounds of {FLOWS} flows each, in turns; {cores} cores")
    in_harness: list[float] = []
    by_hand: list[float] = []
    for number in range(rounds):
        in_harness += flows_in_the_harness(browser)
        by_hand += flows_by_hand(browser)
        print(f"  round {number + 1}: harness {median(in_harness)} ms, by hand {median(by_hand)} ms")
    ratio = statistics.median(in_harness) / statistics.median(by_hand)
    print(f"one happy flow: harness {median(in_harness)} ms, by hand {median(by_hand)} ms; ratio {ratio:.2f}, goal 1.0")
    in_browser, seconds = play_all("--executable", browser)
    print(f"the whole set: {len(in_browser)} scenarios on the reference app in {seconds:.0f} s; goal 60 s")
    without, _ = play_all("--driver", "mock", "--repeat", "5")
    one, other = statistics.median(without), statistics.median(in_browser)
    print(f"a scenario of that set: mock {one:.0f} ms, browser {other:.0f} ms, each the median; goal 10 ms")
    print(f"  the browser takes {other / one:.0f} times as long; goal 30")
    subprocess.run([sys.executable, str(HERE / "mock_memory.py")], check=True)
    bench_serve.main(rounds)
    plugin_cost.main()


def browser_program() -> str:
    """Return the path of the browser that both sides use.

    Raises:
        BrowserMissingError: there is none.
    """
    named = browsers.executable_of(None)
    with sync_playwright() as playwright:
        program = (
            named or browsers.own_build_at(playwright.chromium.executable_path) or browsers.first_on_path(headed=False)
        )
    if program is None:
        raise browsers.missing_browser_error()
    return str(program)


def limit_to_two_cores() -> int:
    """Limit this process and its children to two cores, where the system can; return the number of cores they have."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def play_all(*options: str) -> tuple[list[float], float]:
    """Return the milliseconds that each scenario takes, and the seconds that one run of all of them takes."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        command = ["oauth-window", "run", *options, "--output", folder]
        subprocess.run(command, check=True, capture_output=True)
        seconds = time.perf_counter() - began
        results = json.loads(Path(folder, "results.json").read_text(encoding="utf-8"))
    return [result["duration_ms"] for result in results["scenarios"]], seconds


def flows_in_the_harness(browser: str) -> list[float]:
    """Return the milliseconds that each flow takes in one `oauth-window run`, without the first."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["oauth-window", "run", "account-200", "--repeat", str(FLOWS + 1)]
        subprocess.run([*command, "--executable", browser, "--output", folder], check=True, capture_output=True)
        results = json.loads(Path(folder, "results.json").read_text(encoding="utf-8"))
    return [result["duration_ms"] for result in results["scenarios"]][1:]


def flows_by_hand(browser: str) -> list[float]:
    """Return the milliseconds that each flow takes in one run of pytest, without the first and the last."""
    with tempfile.TemporaryDirectory() as folder:
        junit = Path(folder, "junit.xml")
        environment = {**os.environ, "BENCH_BROWSER": browser, "BENCH_FLOWS": str(FLOWS + 2)}
        options = ["-q", "-p", "no:xdist", "--rootdir", folder, "--output", folder, f"--junitxml={junit}"]
        command = [sys.executable, "-m", "pytest", *options, str(HERE / "by_hand.py")]
        subprocess.run(command, env=environment, check=True, capture_output=True)
        # The times include set-up and tear-down of each test; the last tear-down also ends the browser.
        cases = list(ET.parse(junit).getroot().iter("testcase"))[1:-1]
    return [float(case.get("time", "nan")) * 1000 for case in cases]


def median(milliseconds: list[float]) -> int:
    """Return the median, rounded to whole milliseconds."""
    return round(statistics.median(milliseconds))


if __name__ == "__main__":
    main()
