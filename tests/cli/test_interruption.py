"""Ctrl-C while the command is still being loaded, which takes longer than most of what it does."""

from __future__ import annotations

import subprocess
import sys

from oauth_window_harness.errors import ExitCode
from tests.commands import Command

#: Interrupts the loading of the command's own modules, as a user may who has mistyped.
INTERRUPTED = """
import sys
from oauth_window_harness.__main__ import main

class Interrupting:
    def find_spec(self, name, *_):
        if name == "oauth_window_harness.cli":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupting())
main()
"""

#: Says what is loaded before anything can be interrupted in order.
LOADED = """
import sys
before = set(sys.modules)
import oauth_window_harness.__main__
print(*sorted(set(sys.modules) - before))
"""


def python(command: Command, text: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", text]
    return subprocess.run(line, env=command.environment(), capture_output=True, text=True, timeout=60, check=False)


def test_ctrl_c_while_modules_are_loaded_is_answered_with_one_line(command: Command) -> None:
    done = python(command, INTERRUPTED)
    assert (done.returncode, done.stdout, done.stderr) == (ExitCode.INTERRUPTED, "", "interrupted\n")


def test_nothing_is_loaded_before_that_but_three_small_modules(command: Command) -> None:
    own = {"oauth_window_harness", "oauth_window_harness.__main__", "oauth_window_harness.__version__"}
    assert set(python(command, LOADED).stdout.split()) - {"__future__"} == own
