"""The footage of a play on its way to the report: it is masked there, and what was not is deleted with its folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from oauth_window_harness.drivers.base import Footage
from oauth_window_harness.redact import Redactor
from oauth_window_harness.results.folder import PlayFolder
from oauth_window_harness.results.trace import mask_trace
from oauth_window_harness.run.footage_folders import footage_folder


@contextmanager
def footage_in(*, wanted: bool) -> Iterator[Footage | None]:
    """Yield footage in a temporary folder, which ends with the context; None if it is not wanted, or cannot be kept."""
    if not wanted:
        yield None
        return
    with footage_folder() as folder:
        yield None if folder is None else Footage(folder)


def keep(footage: Footage, folder: PlayFolder, redactor: Redactor) -> str | None:
    """Write the footage into the folder of its play, without secrets, and return why there is no trace, if so."""
    with suppress(OSError):
        if not folder.popup.exists():
            shutil.copyfile(footage.popup, folder.popup)
    if footage.untraced is not None or not footage.trace.exists():
        return redactor.text(footage.untraced or "the browser kept no trace")
    try:
        mask_trace(footage.trace, folder.trace, redactor)
    except OSError as error:
        return f"the trace cannot be written: {error.strerror or error}"
    return None
