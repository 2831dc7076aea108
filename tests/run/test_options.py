"""The one table of a run's options, which the command line and the pytest plugin both read."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields

from oauth_window_harness.run.options import OPTIONS, RunOptions
from tests.paths import PACKAGE


def test_every_option_of_a_run_has_a_row() -> None:
    assert list(OPTIONS) == [one.name for one in fields(RunOptions)]
    assert [name for name, row in OPTIONS.items() if not row.help.endswith(".")] == []


def test_the_table_waits_for_nothing_but_the_standard_library() -> None:
    """Every pytest run of every project that has the package installed loads it."""
    script = (
        "import sys, oauth_window_harness.run.options\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(loaded - set(sys.stdlib_module_names) - {'oauth_window_harness', '__main__'}))\n"
    )
    # Without `site`, which loads what other packages have put into its .pth files.
    done = subprocess.run(
        [sys.executable, "-S", "-c", script], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
