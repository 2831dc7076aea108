"""The folder of recorded fixtures, which is written as a whole or not at all."""

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

#: The paths of the fields that the harness fills in by itself, without anything from the service.
_OWN_FIELDS = frozenset(
    f"$.{name}"
    for name in ("kind", "title", "platform", "api", "endpoint", "provenance.grade", "provenance.source",
                 "provenance.recorded", "request.method", "request.provoked_by")
)  # fmt: skip


def check_writable(folder: Path) -> None:
    """Check, before anything is recorded, that the folder can be written.

    Raises:
        OutputError: it cannot be written.
    """
    nearest = next((path for path in (folder, *folder.absolute().parents) if path.exists()), Path("/"))
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        seen = "it may not be written" if nearest.is_dir() else "a file stands in its place"
        raise OutputError("the folder cannot be written", where=str(nearest), seen=seen, todo="name another with --out")


def encode_fixtures(fixtures: Mapping[str, Exchange | EventFixture], secrets: Iterable[str]) -> dict[str, bytes]:
    """Return the bytes of each fixture's file, by file name, after a scan for secrets.

    Args:
        fixtures: the fixtures by name.
        secrets: the values that must not be in the files.

    Raises:
        UnredactedError: a secret is left.
    """
    secrets = list(secrets)
    files = {}
    for name, fixture in fixtures.items():
        text = json.dumps(fixture.model_dump(mode="json", exclude_defaults=True), indent=2, ensure_ascii=False)
        files[f"{name}.json"] = content = f"{text}\n".encode()
        try:
            scan(content, secrets, _OWN_FIELDS)
        except Leak as leak:
            raise UnredactedError(
                "something secret is left after redaction, so nothing was written",
                where=f"{name}.json: {leak.where}",
                seen=leak.kind,
                todo="leave that part out with --statuses, and report it to the maintainers of oauth-window-harness",
            ) from None
    return files


def write(folder: Path, files: Mapping[str, bytes], obsolete: Iterable[str]) -> None:
    """Write all files, or none; other files in the folder stay.

    Args:
        folder: the folder, which is created if it does not exist.
        files: the content of each file, by name.
        obsolete: the patterns of an earlier recording's files, which are deleted.

    Raises:
        OutputError: the folder cannot be written.
    """
    partial: Path | None = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
        partial.chmod(0o755)
        for name, content in files.items():
            (partial / name).write_bytes(content)
        if not folder.exists():
            partial.replace(folder)
            return
        for name in files:
            (partial / name).replace(folder / name)
        for pattern in obsolete:
            for old in folder.glob(pattern):
                if old.name not in files:
                    old.unlink()
    except OSError as error:
        raise OutputError(
            "the recorded fixtures cannot be written",
            where=str(folder),
            seen=error.strerror or str(error),
            todo="name another folder with --out",
        ) from None
    finally:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)
