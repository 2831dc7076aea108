"""Reads a file of cookies and local storage, as Playwright saves them (`BrowserContext.storage_state`)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from oauth_window_harness.errors import BadFileError

#: The ``expires`` of a cookie that ends with its session.
_SESSION = -1


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)


class _Cookie(_Part):
    name: str
    value: str
    domain: str = Field(min_length=1)
    path: str = Field(min_length=1)
    expires: float = -1
    httpOnly: bool = False  # noqa: N815 - as Playwright writes it
    secure: bool = False
    sameSite: Literal["Strict", "Lax", "None"] = "Lax"  # noqa: N815 - as Playwright writes it

    @field_validator("expires")
    @classmethod
    def _check_expires(cls, expires: float) -> float:
        if expires < 0 and expires != _SESSION:
            raise PydanticCustomError("expires", "neither -1, for a session, nor a moment in seconds")
        return expires


class _Entry(_Part):
    name: str
    value: str


class _Origin(_Part):
    origin: str
    localStorage: tuple[_Entry, ...] = ()  # noqa: N815 - as Playwright writes it

    @field_validator("origin")
    @classmethod
    def _check_origin(cls, origin: str) -> str:
        if re.fullmatch(r"https?://[^/\s?#]+/?", origin) is None:
            raise PydanticCustomError("origin", "no origin, such as https://example.com")
        return origin


class _StorageState(_Part):
    cookies: tuple[_Cookie, ...] = ()
    origins: tuple[_Origin, ...] = ()


def storage_state(file: Path) -> dict[str, Any]:
    """Return the cookies and the local storage of a file, as Playwright takes them.

    Raises:
        BadFileError: the file cannot be read, or holds something else.
    """
    where = f"--storage-state {file}"
    todo = "save it with Playwright: `playwright open --save-storage=FILE URL`, or context.storage_state(path=FILE)"
    try:
        state = _StorageState.model_validate_json(file.read_bytes())
    except OSError as error:
        raise BadFileError(
            "the storage state cannot be read", where=where, seen=error.strerror or str(error), todo=todo
        ) from None
    except ValidationError as error:
        # What the file holds is secret: only the place of the fault is said.
        (first, *_) = error.errors(include_input=False, include_url=False, include_context=False)
        place = ".".join(map(str, first["loc"]))
        seen = "no JSON" if first["type"] == "json_invalid" else f"{place}: {first['msg']}".removeprefix(": ")
        raise BadFileError("the file is no storage state", where=where, seen=seen, todo=todo) from None
    if not state.model_fields_set.intersection(_StorageState.model_fields):
        raise BadFileError("the file is no storage state", where=where, seen="neither cookies nor origins", todo=todo)
    return state.model_dump()


def secrets_of(file: Path) -> list[str]:
    """Return the values of a file's cookies and local storage, none of which may reach a report.

    Raises:
        BadFileError: the file cannot be read, or holds something else.
    """
    state = storage_state(file)
    entries = [entry for origin in state["origins"] for entry in origin["localStorage"]]
    return [str(one["value"]) for one in [*state["cookies"], *entries]]
