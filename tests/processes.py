"""The processes that a process has started, as /proc tells of them; its browser is among them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for processes in /proc")


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes that a process has started, and those that they have."""
    for child in (child for task in Path("/proc").glob(f"{pid}/task/*/children") for child in _read(task).split()):
        yield int(child)
        yield from descendants(int(child))


def _read(file: Path) -> str:
    """Return what /proc says of a process or a thread; nothing of one that has ended meanwhile."""
    try:
        return file.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def is_browser(pid: int) -> bool:
    """Return whether a process is a browser's own, not one of those that it has for its pages."""
    line = _read(Path(f"/proc/{pid}/cmdline"))
    name = line.split("\0")[0].rpartition("/")[2]
    return "chrom" in name and "crashpad" not in name and "--type=" not in line


def is_playwright(pid: int) -> bool:
    """Return whether a process is Playwright's own program, which starts the browser."""
    return "run-driver" in _read(Path(f"/proc/{pid}/cmdline"))
