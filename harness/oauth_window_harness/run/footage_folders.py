"""The temporary folders of footage, in which secrets are not masked: none outlasts its play, however that ends."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

#: Those that are there now.
_FOLDERS: set[str] = set()


@contextmanager
def footage_folder() -> Iterator[Path | None]:
    """Yield a temporary folder that only this user can read; None if there can be none, as the disk is full."""
    with ExitStack() as stack:
        folder = None
        with suppress(OSError):
            folder = stack.enter_context(TemporaryDirectory(prefix="oauth-window-", ignore_cleanup_errors=True))
        if folder is None:
            yield None
            return
        _FOLDERS.add(folder)
        stack.callback(_FOLDERS.discard, folder)
        yield Path(folder)


def delete_all() -> None:
    """Delete the folders that are there: this process ends at once."""
    for folder in list(_FOLDERS):
        shutil.rmtree(folder, ignore_errors=True)
