"""The files by which apps elsewhere reach the stub; none that holds something else is overwritten or removed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from oauth_window_harness.errors import UsageError
from oauth_window_harness.network.certificates import is_authority

#: What any reader of such files takes as it stands.
_PLAIN = re.compile(r"[\w./:@%+,=-]*")
#: A line that sets a variable.
_SETTING = re.compile(r"(?:export\s+)?(\w+)\s*=")


def as_file(environment: Mapping[str, str]) -> str:
    """Return variables as the lines of a file for shells and Node: ``NAME=VALUE``."""
    return "".join(f"{name}={_quoted(value)}\n" for name, value in environment.items())


def check_environment(file: Path | None, variables: str) -> None:
    """Check that a file that is there already holds nothing that would be lost: only an earlier server's variables.

    Args:
        file: the file that is to be written; None if none is.
        variables: what is to be written.

    Raises:
        UsageError: it holds something else, or cannot be read as text.
    """
    if file is None:
        return
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return  # it is not there; or it cannot be written either, which is told then
    except ValueError:
        lines = ["no text"]
    own = {match[1] for match in map(_SETTING.match, variables.splitlines()) if match}
    names = [match[1] if (match := _SETTING.match(line)) else "other lines" for line in lines if line.strip()]
    foreign = [name for name in names if name not in own]
    if foreign:
        raise UsageError(
            "the file holds more than the environment that serve writes",
            where=f"--env-file {file}",
            seen=", ".join(dict.fromkeys(foreign)),
            todo="name a file of its own, such as oauth-window.env, and let the app read it after the other",
        )


def check_certificate(file: Path | None) -> None:
    """Check that a file that is there already holds nothing that would be lost: only an earlier server's certificate.

    Args:
        file: the file that is to be written; None if none is.

    Raises:
        UsageError: it holds something else.
    """
    if file is not None and file.is_file() and not is_authority(file.read_bytes()):
        raise UsageError(
            "the file holds something else than a certificate that serve has written",
            where=f"--ca {file}",
            todo="name a file of its own, such as oauth-window-ca.pem",
        )


def remove(file: Path, variables: str) -> None:
    """Remove the file, unless another program, such as a further server, has made something else of it."""
    with suppress(OSError, ValueError):
        if file.read_text(encoding="utf-8") == variables:
            file.unlink()


def _quoted(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else "'" + value.replace("'", "'\\''") + "'"
