"""How long things take on two cores; printed as a table with its goals, never asserted.

What a user pays for one more flow is counted on whole processes: one that plays 13 less one that plays 1, by 12. So the
start of the process and of the browser drops out, and everything else that a flow costs is in it, wherever it happens.
All sides of a row are measured in turns, and each figure is the median of the rounds.

With the name of a row as argument (``flow``, ``pages``, ``start``), only that part is measured; see `PARTS`.

The number of requests that `serve` answers in a second is counted by bench_serve.py, the memory of a long process by
mock_memory.py, what the pytest plugin adds to the start of pytest by plugin_cost.py, and what a report of a thousand
plays costs by bench_report.py; each also runs alone.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from playwright.sync_api import sync_playwright

import bench_report
import bench_serve
import plugin_cost
from oauth_window_harness.drivers import browsers
from tests import apps

HERE = Path(__file__).parent

#: How many flows the longer process plays more than the shorter one.
MORE = 12

RIGHT = "right-inline-script"

#: A page with a mistake, by what is wrong: each makes many scenarios fail, and none of them takes a user's minutes.
BROKEN = {
    "heeds one spelling alone": "react-underscore-only",
    "never listens": "listens-on-document",
    "hangs on every error": "console-only-error-spinner",
}

#: Starts an empty browser, as the first lines of any script of Playwright's do.
EMPTY_BROWSER = """
import os
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=os.environ["BENCH_BROWSER"])
    browser.new_page()
    browser.close()
"""

Command = Sequence[str]


def main() -> None:
    """Measure the parts that are named, or all of them, and print the table."""
    named = [name for name in sys.argv[1:] if not name.isdigit()]
    rounds = next((int(name) for name in sys.argv[1:] if name.isdigit()), 5)
    os.environ["BENCH_BROWSER"] = browser_program()
    print(f"browser: {os.environ['BENCH_BROWSER']}; {rounds} rounds; {limit_to_two_cores()} cores")
    print("| what | today | goal |\n|---|---|---|")
    for name, part in PARTS.items():
        if not named or name in named:
            part(rounds)


# --- one more flow ----------------------------------------------------------------------------------------------------


def measure_flow(rounds: int) -> None:
    """Print what one more happy flow costs, beside the two ways in which it is written by hand."""
    sides: Mapping[str, Callable[[int], Command]] = {
        "here": lambda count: harness("account-200", "--jobs", "1", "--repeat", str(count)),
        "developer": developers_test,
        "bare": lambda count: [sys.executable, str(HERE / "bare_flow.py"), str(count)],
        "mock": lambda count: harness("account-200", "--driver", "mock", "--repeat", str(count)),
    }
    figures: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, command_of in sides.items():
            figures[name].append(one_more(command_of))
    here, developer, bare, mock = (statistics.median(figures[name]) for name in sides)
    what = "one more happy flow of a run"
    hand = "the test that a developer writes with pytest-playwright and pytest-httpserver, local origins, no TLS"
    print_row(f"{what}, beside {hand}", f"{here:.0f} and {developer:.0f} ms: {here / developer:.2f}", "≤ 0.9")
    print_row(
        f"{what}, beside a bare Playwright script of the same three TLS origins",
        f"{here:.0f} and {bare:.0f} ms: {here / bare:.2f}",
        "≤ 1.2",
    )
    print_row("the mock, one more scenario of a run", f"{mock:.1f} ms", "≤ 10 ms")


def one_more(command_of: Callable[[int], Command]) -> float:
    """Return what one more flow costs, in milliseconds: a process with 13 less one with 1, by 12."""
    few, many = seconds(command_of(1)), seconds(command_of(1 + MORE))
    return (many - few) / MORE * 1000


def developers_test(count: int) -> Command:
    """Return the command that runs the developer's test so many times."""
    os.environ["BENCH_FLOWS"] = str(count)
    options = ("-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(HERE))
    return [sys.executable, "-m", "pytest", *options, "--output", scratch("pytest"), str(HERE / "by_hand.py")]


# --- whole runs -------------------------------------------------------------------------------------------------------


def measure_pages(rounds: int) -> None:
    """Print how long all scenarios take: several at once beside one after another, and on broken pages."""
    del rounds  # one run of everything is long enough to be steady
    one_by_one, _ = play_all()
    at_once, _ = play_all(jobs="auto")
    print_row(
        "all scenarios on the reference app, `--jobs auto` beside `--jobs 1`",
        f"{at_once:.0f} and {one_by_one:.0f} s: {at_once / one_by_one:.2f}",
        "≤ 0.5",
    )
    right, _ = play_all(RIGHT, jobs="auto")
    for mistake, app in BROKEN.items():
        taken, lines = play_all(app, jobs="auto")
        print_row(
            f"all scenarios on a page that {mistake}, beside a right page, `--jobs auto`",
            f"{taken:.0f} and {right:.0f} s: {taken / right:.1f}",
            "≤ 1.5",
        )
        print_row(f"lines in the terminal for the page that {mistake}", str(lines), "≤ 40")


def play_all(app: str | None = None, *, jobs: str = "1") -> tuple[float, int]:
    """Return the seconds that one run of all scenarios takes, on an app or the reference app, and its lines."""
    options = ("--jobs", jobs)
    began = time.perf_counter()
    if app is None:
        text = output_of(harness(*options))
    else:
        with apps.folder_of(app) as files, apps.serve(app, files) as site:
            text = output_of(harness(*options, *page_options(app, site.url)))
    return time.perf_counter() - began, text.count("\n")


# --- the start --------------------------------------------------------------------------------------------------------


def measure_start(rounds: int) -> None:
    """Print how soon a user reads the first cause of a broken page, and the help."""
    name = BROKEN["never listens"]
    (planted,) = apps.read(name).must_find
    causes, empty, helps, pythons = [], [], [], []
    for _ in range(rounds):
        with apps.folder_of(name) as files, apps.serve(name, files) as site:
            command = harness(*page_options(name, site.url), planted.scenario)
            causes.append(seconds_until(planted.code, command))
        empty.append(seconds([sys.executable, "-c", EMPTY_BROWSER]))
        helps.append(seconds(["oauth-window", "--help"]))
        pythons.append(seconds([sys.executable, "-c", ""]))
    cause, browser = statistics.median(causes), statistics.median(empty)
    print_row(
        "from the command to the first cause of a page that never listens, beside the start of an empty browser",
        f"{cause:.1f} and {browser:.1f} s: {cause / browser:.1f}",
        "≤ 2",
    )
    ratio = statistics.median(helps) / statistics.median(pythons)
    print_row("`oauth-window --help`, in starts of Python", f"{ratio:.1f}", "≤ 5")


def seconds_until(words: str, command: Command) -> float:
    """Return how long a command takes until it prints some words; NaN if it ends without them."""
    began = time.perf_counter()
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if words in line:
                taken = time.perf_counter() - began
                process.stdout.read()
                return taken
    return float("nan")


# --- what stands beside the table -------------------------------------------------------------------------------------


def measure_rest(rounds: int) -> None:
    """Print the figures of memory, of `serve` and of the plugin, which have lines of their own."""
    subprocess.run([sys.executable, str(HERE / "mock_memory.py")], check=True)
    bench_serve.main(rounds)
    plugin_cost.main()


def browser_program() -> str:
    """Return the path of the browser that all sides use.

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


def harness(*arguments: str) -> Command:
    """Return the command that plays scenarios, with the browser that all sides use."""
    browser = () if "mock" in arguments else ("--executable", os.environ["BENCH_BROWSER"])
    return ["oauth-window", "run", *arguments, *browser, "--output", scratch("report")]


def page_options(name: str, url: str) -> Sequence[str]:
    """Return the options that name an app's page, and what it shows."""
    app = apps.read(name)
    named = {"--app": url, "--connect": app.connect, "--connected": app.connected, "--failed": app.failed}
    return [word for option, value in named.items() if value is not None for word in (option, value)]


@cache
def scratch(name: str) -> str:
    """Return a folder for what a command writes, which is removed at the end."""
    return str(Path(_SCRATCH.name, name))


def seconds(command: Command) -> float:
    """Return how long a command takes, in seconds."""
    began = time.perf_counter()
    output_of(command)
    return time.perf_counter() - began


def output_of(command: Command) -> str:
    """Run a command, whatever it finds, and return what it prints.

    Raises:
        SystemExit: it could not do its work.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(json.dumps(command) + "\n" + done.stdout + done.stderr)
    return done.stdout


def print_row(what: str, today: str, goal: str) -> None:
    """Print a row of the table."""
    print(f"| {what} | {today} | {goal} |", flush=True)


_SCRATCH = tempfile.TemporaryDirectory(prefix="oauth-window-bench-")

PARTS: Mapping[str, Callable[[int], None]] = {
    "flow": measure_flow,
    "start": measure_start,
    "pages": measure_pages,
    "report": bench_report.main,
    "rest": measure_rest,
}

if __name__ == "__main__":
    with _SCRATCH:
        main()
