"""The bar on a terminal: how many plays are done of how many, and which are under way, on one line."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column

from oauth_window_harness.reports.phrases import names


class Bar:
    """One live line below what is printed meanwhile; it is gone when it ends."""

    def __init__(self, console: Console, total: int) -> None:
        under_way = TextColumn(
            "{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)
        )
        self._progress = Progress(
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            under_way,
            console=console,
            transient=True,
            expand=True,
            refresh_per_second=5,
        )
        self._names: list[str] = []
        self._task = self._progress.add_task("", total=total)
        self._progress.start()

    def add(self, name: str) -> None:
        """Show a play that is under way from now on."""
        self._names.append(name)
        self._show(0)

    def remove(self, name: str, *, done: int = 1) -> None:
        """Count a play that has ended, also one that was not shown; with ``done=0`` one that is played again later."""
        if name in self._names:
            self._names.remove(name)
        self._show(done)

    def stop(self) -> None:
        """Take the line away."""
        self._progress.stop()

    def _show(self, done: int) -> None:
        self._progress.update(self._task, advance=done, description=names(self._names, 80) if self._names else "")
