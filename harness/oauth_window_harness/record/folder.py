"""The folder of recorded fixtures: written whole, or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from oauth_window_harness.contract.fixture import EventFixture, Exchange
from oauth_window_harness.errors import OutputError, UnredactedError
from oauth_window_harness.record.secret_scan import Leak, scan

#: What of a fixture no service has a part in.
_OURS = frozenset(
    f"$.{name}"
    for name in ("kind", "title", "platform", "api", "endpoint", "provenance.grade", "provenance.source",
                 "provenance.recorded", "request.method", "request.provoked_by")
)  # fmt: skip


def check_writable(folder: Path) -> None:
    """See, before anything is recorded, that the folder can be written.

    Raises:
        OutputError: it cannot.
    """
    there = next((path for path in (folder, *folder.absolute().parents) if path.exists()), Path("/"))
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        seen = "it may not be written" if there.is_dir() else "a file stands in its place"
        raise OutputError("the folder cannot be written", where=str(there), seen=seen, todo="name another by --out")


def written(fixtures: Mapping[str, Exchange | EventFixture], secrets: Iterable[str]) -> dict[str, bytes]:
    """Return the bytes of the files, after a second look for what should not be in them.

    Raises:
        UnredactedError: something is left.
    """
    secrets = list(secrets)
    files = {}
    for name, fixture in fixtures.items():
        told = json.dumps(fixture.model_dump(mode="json", exclude_defaults=True), indent=2, ensure_ascii=False)
        files[f"{name}.json"] = content = f"{told}\n".encode()
        try:
            scan(content, secrets, _OURS)
        except Leak as leak:
            raise UnredactedError(
                "something secret is left after redaction, so nothing was written",
                where=f"{name}.json: {leak.where}",
                seen=leak.kind,
                todo="leave that part out by --statuses, and report it to the maintainers of oauth-window-harness",
            ) from None
    return files


def write(folder: Path, files: Mapping[str, bytes], superseded: Iterable[str]) -> None:
    """Write all files, or none; what else is in the folder stays.

    Args:
        folder: is made where it is not there.
        files: the content by name.
        superseded: patterns of files of an earlier recording that go.

    Raises:
        OutputError: it cannot be written.
    """
    half: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
        half.chmod(0o755)
        for name, content in files.items():
            (half / name).write_bytes(content)
        if not folder.exists():
            half.replace(folder)
            return
        for name in files:
            (half / name).replace(folder / name)
        for pattern in superseded:
            for old in folder.glob(pattern):
                if old.name not in files:
                    old.unlink()
    except OSError as error:
        raise OutputError(
            "the recorded fixtures cannot be written",
            where=str(folder),
            seen=error.strerror or str(error),
            todo="name another folder by --out",
        ) from None
    finally:
        if half is not None:
            shutil.rmtree(half, ignore_errors=True)
