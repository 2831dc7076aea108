"""A run that a signal interrupts at some moment, and what is wrong with how it has ended."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from typing import NamedTuple

from oauth_window_harness.results.model import Results
from tests.commands import Command

#: Python itself needs as long until it has come to the command, in seconds; a signal before that is Python's own.
FIRST = 0.5
#: By then a run has played, and is playing still.
LAST = 8.0
#: How long a run may take to end once it is interrupted, in seconds.
BOUND = 30.0

_RUN = ("run", "account-200", "account-401", "start-401", "--repeat", "100")


class Interruption(NamedTuple):
    """A signal, and when it comes after the run was started, in seconds."""

    number: signal.Signals
    moment: float


def interruptions(count: int, seed: int) -> list[Interruption]:
    """Return so many interruptions; the same ones for the same seed."""
    chance = random.Random(seed)
    numbers = (signal.SIGINT, signal.SIGTERM)
    return [Interruption(chance.choice(numbers), chance.uniform(FIRST, LAST)) for _ in range(count)]


def faults_of(command: Command, interruption: Interruption) -> list[str]:
    """Interrupt a run, and return what is wrong with how it has ended."""
    temporary = command.folder / "tmp"
    temporary.mkdir()
    running = command.start(*_RUN, TMPDIR=str(temporary))
    try:
        running.wait(interruption.moment)
    except subprocess.TimeoutExpired:
        running.send_signal(interruption.number)
    began = time.monotonic()
    try:
        output, errors = running.communicate(timeout=BOUND)
    except subprocess.TimeoutExpired:
        running.kill()
        running.communicate()
        return [f"it had not ended after {BOUND:g} s"]
    took = time.monotonic() - began
    wrong = [] if running.returncode == 130 else [f"exit code {running.returncode} after {took:.1f} s"]
    wrong += ["a traceback"] if "Traceback" in errors else []
    wrong += [f"left: {line}" for line in command.processes_left()]
    wrong += [f"left: {file.name}" for file in temporary.iterdir()]
    return [*wrong, *_of_results(command, output)]


def _of_results(command: Command, output: str) -> list[str]:
    """Return what is wrong with results.json, which is there where a play was begun."""
    file = command.folder / "oauth-window-report" / "results.json"
    if not file.exists():
        return ["no results.json, though plays were made"] if "now: " in output else []
    try:
        results = Results.model_validate_json(file.read_bytes())
    except ValueError as error:
        return [f"results.json is invalid: {error}"]
    return [] if results.interrupted else ["results.json does not say that the run was interrupted"]
