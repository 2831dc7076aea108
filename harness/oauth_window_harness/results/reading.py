"""Reads a JSON file that an earlier run has left, or tells what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from oauth_window_harness.errors import BadFileError

M = TypeVar("M", bound=BaseModel)

#: How much of a wrong version is shown, in characters.
_SHOWN = 20


def read_model(model: type[M], file: Path, what: str, todo: str) -> M:
    """Return what a file holds.

    Args:
        model: its shape.
        file: the file.
        what: what it is, for an error: ``the baseline``.
        todo: what can be done about one that cannot be read; of one of another version, beside reading it with that.

    Raises:
        FileNotFoundError: there is no such file.
        BadFileError: it cannot be read, or has another shape.
    """
    try:
        return model.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        raise
    except OSError as error:
        seen = error.strerror or str(error)
        raise BadFileError(f"{what} cannot be read", where=str(file), seen=seen, todo=todo) from None
    except ValidationError as error:
        first, *others = error.errors()
        version = next((one for one in (first, *others) if one["loc"] == ("schema_version",)), None)
        if version is not None:
            seen = f"schema_version {str(version['input'])[:_SHOWN]}"
            todo = f"read it with the version of oauth-window that wrote it, or {todo}"
            raise BadFileError(f"{what} is of another version", where=str(file), seen=seen, todo=todo) from None
        place = ".".join(map(str, first["loc"])) or "the whole file"
        raise BadFileError(
            f"{what} has the wrong shape", where=f"{file}: {place}", seen=first["msg"], todo=todo
        ) from None
