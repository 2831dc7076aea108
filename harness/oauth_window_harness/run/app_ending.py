"""How the app that a run has started is ended, with all that it has started itself."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

#: How long it may take to end after SIGTERM, in seconds.
END_PATIENCE = 5.0

#: The environment variable that marks all processes of the app, also those that have left its process group.
MARK = "OAUTH_WINDOW_APP"

_POLL = 0.05


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End the process and its group: by SIGTERM, and after `END_PATIENCE` by SIGKILL."""
    signal_group(process, signal.SIGTERM)
    until = time.monotonic() + END_PATIENCE
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(END_PATIENCE)
        while signal_group(process, 0) and time.monotonic() < until:
            # Children may end a moment after the first process, without any notice.
            threading.Event().wait(_POLL)
    finally:
        signal_group(process, signal.SIGKILL)
        process.wait()


def end_strays(mark: str) -> None:
    """Kill what the app started in other sessions, as wrappers of servers do; found in ``/proc``, if there is one."""
    wanted = f"{MARK}={mark}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # the process has ended, or is another user's
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


def signal_group(process: subprocess.Popen[bytes], number: int) -> bool:
    """Send a signal to the group of a process, and return whether there is one."""
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True
