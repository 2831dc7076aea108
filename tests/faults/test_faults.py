"""What goes wrong around a run: it ends within its bound, with the right verdict, and leaves nothing behind.

A browser that dies beside other plays is in `tests.run.test_dying_browser`, an app that ends in `tests.run.test_runner`
and `tests.run.test_app_command`, an interruption in `tests.run.test_run`, a closed pipe in `tests.cli.test_streams`.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command
from tests.faults.pages import answer
from tests.paths import ROOT
from tests.processes import needs_proc

pytestmark = [pytest.mark.browser, needs_proc]

#: What `tests.faults.inside` calls the temporary folders that only Playwright's own program, killed, could delete.
_OF_PLAYWRIGHT = "playwright"


class Fault(NamedTuple):
    """One row of the table.

    Attributes:
        name: the name by which `tests.faults.inside` knows it.
        code: the exit code.
        verdicts: the verdicts of the plays that were judged, in their order.
        said: what the reason of one that is broken says, or the error.
        bound: the longest that the run may take, in seconds.
        killed: whether a program dies that would have deleted its own temporary folders.
    """

    name: str
    code: int
    verdicts: tuple[str, ...]
    said: str = ""
    bound: float = 90
    killed: bool = False


P, B = "passed", "broken"
GONE = "the browser ended while it was played"

FAULTS = [
    # The next context is made while the play before it comes to its end.
    Fault("browser-before", 3, (B, P, P), GONE),
    Fault("browser-while", 3, (B, P, P), GONE),
    Fault("browser-after", 3, (B, P, P), GONE),
    Fault("browser-first", 3, (B, P, P), GONE),
    Fault("browser-always", 3, (B, B, B), GONE, killed=True),
    Fault("browser-in-play", 3, (P, B, P), GONE),
    Fault("playwright", 3, (P,), "Playwright's program has ended", killed=True),
    Fault("popup-crashed", 3, (P, B, P), "crashed"),
    Fault("page-crashed", 3, (P, B, P), "crashed"),
    Fault("stub", 3, (P,), "the stub or the gateway has ended"),
    Fault("gateway", 3, (P,), "the stub or the gateway has ended"),
    Fault("folder-gone", 0, (P, P, P)),
    Fault("clock-back", 3, (P, B, P), "clock was set by -3600"),
    Fault("clock-ahead", 3, (P, B, P), "clock was set by +3600"),
]


def run(
    command: Command, fault: str, *arguments: str, bound: float, killed: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run the command with a fault, and check that it ends within its bound without a trace."""
    temporary = command.folder / "tmp"
    temporary.mkdir()
    environment = command.environment()
    environment |= {"TMPDIR": str(temporary), "PYTHONPATH": f"{environment['PYTHONPATH']}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.inside", fault, "run", "--patience", "2", *arguments],
        cwd=command.folder, env=environment, capture_output=True, text=True, timeout=bound, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    left = [file.name for file in temporary.iterdir()]
    assert [name for name in left if not (killed and name.startswith(_OF_PLAYWRIGHT))] == []
    assert command.processes_left() == []
    return done


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_ends_the_run_in_order_and_what_is_judged_is_kept(command: Command, fault: Fault) -> None:
    arguments = ("account-200", "--repeat", "3", "--jobs", "1")
    done = run(command, fault.name, *arguments, bound=fault.bound, killed=fault.killed)
    results = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())
    assert tuple(result["verdict"] for result in results["scenarios"]) == fault.verdicts, done.stdout + done.stderr
    assert done.returncode == fault.code
    said = [result["reason"] for result in results["scenarios"] if result["verdict"] == B] or [str(results["error"])]
    assert all(fault.said in one for one in said), said


def test_a_report_folder_that_a_file_replaces_is_told_when_all_was_played(command: Command) -> None:
    done = run(command, "folder-file", "account-200", "--repeat", "3", "--jobs", "1", bound=90)
    assert done.returncode == 3
    assert "the report folder cannot be written" in done.stderr
    assert "3 passed" in done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("name", ["results.json", "index.html", "junit.xml"])
def test_a_full_disk_is_told_and_the_other_reports_are_written(command: Command, name: str) -> None:
    report = command.folder / "oauth-window-report"
    report.mkdir()
    (report / f".{name}.part").symlink_to("/dev/full")
    done = command("run", "account-200", "--driver", "mock")
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "1 passed" in done.stdout
    written = {"results.json", "index.html", "junit.xml"} - {name}
    assert {file.name for file in report.iterdir()} >= written
    assert not (report / f".{name}.part").is_symlink()


UNHEARD = "listener-missing"

#: The page that floods itself with messages: its window's event is heard among them.
HEARD = "million-messages"

#: What a busy machine may be too slow to see to its end.
ENDLESS = ("main thread did not answer", "was still loading", "did not come to its end")

#: What is true of each page that does one thing without end: the codes of its own faults, if it comes to be judged.
PAGES = {
    "hangs-at-load": (),
    "hangs-at-click": (),
    "hangs-at-event": (),
    HEARD: ("event-ignored",),  # all that it hears it only reads
    "million-at-once": (UNHEARD,),
    "million-lines": (UNHEARD,),
    "hundred-windows": (UNHEARD, "window-blocked"),  # the last are asked for when the click is long past
    "navigates-at-click": (UNHEARD,),
    "navigates-at-load": (),
    "endless-script": (),
    "endless-fetch": (UNHEARD,),
    "endless-page": (),
    "endless-text": (UNHEARD,),
    "dialogs": (),
}


@pytest.fixture
def turn(run_folder: Path) -> Iterator[None]:
    """Let one page without end be played at a time: each takes all of the machine that it gets.

    Two floods at once starve each other on two cores, and their bounds are for one.
    """
    with (run_folder / "endless.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.mark.usefixtures("turn")
@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_goes_on_without_end_is_accused_of_its_own_fault_alone(command: Command, page: str) -> None:
    with LoopbackServer(answer) as server:
        done = run(command, "none", "account-200", "--app", server.url_for(f"/{page}"), bound=150)
    results = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())
    (result,) = results["scenarios"] or [{"verdict": "broken", "reason": done.stderr, "findings": []}]
    if result["verdict"] == "broken":
        # One that may be judged, and is not on a busy machine, says what was not seen.
        known = result["reason"] if PAGES[page] else any(reason in result["reason"] for reason in ENDLESS)
        assert known, done.stdout + done.stderr
        assert result["findings"] == []
    else:
        found = {found["code"] for found in result["findings"]}
        assert found, done.stdout
        assert found <= set(PAGES[page]), done.stdout
    if page == HEARD:
        assert "https://services.leadconnectorhq.com" in {event["origin"] for event in result["events"]}
