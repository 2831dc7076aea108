"""The options of a run that stand in a file: ``oauth-window.toml``, or ``[tool.oauth-window]`` of ``pyproject.toml``.

What may stand in it, and of which type and within which bounds, follows from the table in `run.options`.
"""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from oauth_window_harness.errors import BadFileError, UsageError
from oauth_window_harness.network.hosts import allowed_hosts
from oauth_window_harness.redact import Redactor
from oauth_window_harness.run.configuration_file import ConfigurationFile, configuration_file
from oauth_window_harness.run.options import OPTIONS, RunOptions

#: The key of what is named on the command line without an option.
SCENARIOS = "scenarios"

_TOKEN, _TOKEN_ENV = "token", "token_env"

#: The metavars of options whose text is a path, if it has a folder in it: a program is also found by its name alone.
_PATHS = ("PATH", "FILE", "DIR")

#: What a list holds, in words.
_NAMES: Mapping[type, str] = {str: "texts", int: "numbers", float: "numbers", bool: "true or false", list: "lists"}

_KINDS: Mapping[str, Any] = {**get_type_hints(RunOptions), SCENARIOS: tuple[str, ...]}


class _WrongTypeError(Exception):
    """A value is not of the type that its option has."""


@dataclass(frozen=True)
class Configuration:
    """What a project's file says of a run.

    Attributes:
        values: the options that stand in it, by the names of the fields of `RunOptions`.
        scenarios: the scenarios to play.
        file: the file; None where there is none.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    scenarios: tuple[str, ...] = ()
    file: ConfigurationFile | None = None

    def beside(self, values: Mapping[str, Any], given: Collection[str]) -> dict[str, Any]:
        """Return the values of a run's options: those that were given elsewhere win, then those of the file.

        Args:
            values: the values without the file.
            given: the names of those that were given, and are no defaults.
        """
        return {**values, **{name: value for name, value in self.values.items() if not _is_given(name, given)}}

    @property
    def defaults(self) -> RunOptions:
        """The options of a run for which nothing is given but the file."""
        return RunOptions(**self.values)

    @contextmanager
    def blamed(self, given: Collection[str]) -> Iterator[None]:
        """Add to an error of an option that was not given, but stands in the file, the line where it stands."""
        try:
            yield
        except UsageError as error:
            option = re.match(r"--(?:oauth-window-)?([a-z-]+)", error.where)
            name = option[1].replace("-", "_") if option else ""
            if self.file is not None and name in self.values and not _is_given(name, given):
                error.where = f"{self.file.place(_key(name))}, {error.where.removeprefix('--')}"
            raise


def read_configuration(folder: Path) -> Configuration:
    """Return what the file of a folder says of a run; relative paths in it are relative to the folder.

    Raises:
        BadFileError: a file cannot be read, or is invalid; it carries all faults, each with its line.
    """
    file = configuration_file(folder)
    if file is None:
        return Configuration()
    values: dict[str, Any] = {}
    faults: list[BadFileError] = []
    for key, value in file.options.items():
        try:
            values[key.replace("-", "_")] = _value(file, key, value)
        except BadFileError as error:
            faults.append(error)
    if faults:
        first, *others = faults
        raise BadFileError(first.what, where=first.where, seen=first.seen, todo=first.todo, further=others)
    scenarios = values.pop(SCENARIOS, ())
    return Configuration(values, scenarios, file)


def _is_given(name: str, given: Collection[str]) -> bool:
    # A token that is given takes the place of the variable that the file names for it.
    return name in given or (name == _TOKEN_ENV and _TOKEN in given)


def _value(file: ConfigurationFile, key: str, value: Any) -> Any:
    """Return the value of an option.

    Raises:
        BadFileError: no option of that name may stand in a file, or the value is not what it takes.
    """
    place = file.place(key)
    name = key.replace("-", "_")
    if name == _TOKEN:
        raise BadFileError(
            "a token does not belong in a file",
            where=f"{place}, {key}",
            todo='take it out, and name an environment variable that holds it: token-env = "NAME"',
        )
    if name not in _KINDS or _key(name) != key:
        raise _unknown_key(place, key)
    if name in OPTIONS and OPTIONS[name].one_off:
        todo = f"take it out, and type --{key} where you mean it"
        raise BadFileError("an option for one run does not belong in a file", where=f"{place}, {key}", todo=todo)
    try:
        read = _read(name, _KINDS[name], value, file.path.parent)
        return allowed_hosts(read) if name == "allow" else read
    except _WrongTypeError:
        what, seen, todo = "a wrong value in the configuration", _shown(name, value), f"{key} takes {_wanted(name)}"
    except UsageError as error:
        what, seen, todo = f"{key} takes hosts", error.seen, error.todo
    raise BadFileError(what, where=place, seen=f"{key} = {seen}", todo=todo)


def _read(name: str, kind: Any, value: Any, folder: Path) -> Any:
    """Return a value of TOML as one of the type.

    Raises:
        _WrongTypeError: it is of another type, or out of bounds.
    """
    if _is_union(kind):
        member = next((one for one in get_args(kind) if _fits(name, one, value)), None)
        if member is None:
            raise _WrongTypeError
        return _read(name, member, value, folder)
    if not _fits(name, kind, value):
        raise _WrongTypeError
    if get_origin(kind) is tuple:
        return tuple(_read(name, get_args(kind)[0], one, folder) for one in value)
    is_path = kind is Path or (kind is str and name in OPTIONS and OPTIONS[name].metavar in _PATHS and "/" in value)
    if is_path:
        value = folder / value
    return kind(value) if kind in (str, float) else value


def _fits(name: str, kind: Any, value: Any) -> bool:
    """Return whether a value of TOML is of the type, and within its bounds."""
    if get_origin(kind) is tuple:
        return isinstance(value, list) and all(_fits(name, get_args(kind)[0], one) for one in value)
    if get_origin(kind) is Literal:
        return isinstance(value, str) and value in get_args(kind)
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    if kind in (int, float):
        return isinstance(value, int if kind is int else int | float) and _is_within(name, value)
    if words := _words_beside_a_number(name, kind):
        return value in words or (isinstance(value, int) and value > 0 and _is_within(name, value))
    return kind in (str, Path) and isinstance(value, str)


def _is_within(name: str, value: float) -> bool:
    least, most = OPTIONS[name].bounds or (float("-inf"), float("inf"))
    return bool(least <= value <= most)


def _words_beside_a_number(name: str, kind: Any) -> list[str]:
    """Return the words that an option takes instead of a number, as ``N|auto`` says; none of most options."""
    metavar = OPTIONS[name].metavar if name in OPTIONS else None
    return metavar.split("|")[1:] if kind is str and metavar is not None and metavar.startswith("N|") else []


def _wanted(name: str) -> str:
    """Return what an option takes, in words."""
    kind = _KINDS[name]
    within = _within(name)
    members = [one for one in get_args(kind) if one is not types.NoneType] if _is_union(kind) else [kind]
    words = {
        bool: "true or false",
        int: f"a whole number{within}",
        float: f"a number{within}",
        str: "a text in quotes",
        Path: "a path in quotes",
    }
    return " or ".join(_words_of(name, member, words) for member in members)


def _within(name: str) -> str:
    bounds = OPTIONS[name].bounds if name in OPTIONS else None
    return f" from {bounds[0]:g} to {bounds[1]:g}" if bounds else ""


def _words_of(name: str, kind: Any, words: Mapping[Any, str]) -> str:
    if beside := _words_beside_a_number(name, kind):
        return " or ".join([f"a whole number{_within(name)}", *(f'"{word}"' for word in beside)])
    if get_origin(kind) is tuple:
        return 'a list of texts, such as ["one", "two"]'
    if get_origin(kind) is Literal:
        return " or ".join(f'"{one}"' for one in get_args(kind))
    return words[kind]


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, types.UnionType)


def _shown(name: str, value: Any) -> str:
    """Return a value for an error; no text but a choice is quoted, for it may be a secret in the wrong place."""
    if isinstance(value, str) and get_origin(_KINDS[name]) is Literal:
        return Redactor().text(f'"{value}"')
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        others = sorted({_NAMES.get(type(one), "other values") for one in value} - {"texts"})
        return f"a list with {' and '.join(others)}" if others else "a list"
    if isinstance(value, str):
        return "a text"
    return "a table" if isinstance(value, dict) else "a date or a time"


def _unknown_key(place: str, key: str) -> BadFileError:
    known = [_key(one.name) for one in fields(RunOptions) if one.name != _TOKEN and not OPTIONS[one.name].one_off]
    near = difflib.get_close_matches(key.lower().replace("_", "-"), [SCENARIOS, *known], n=1)
    hint = f"did you mean {near[0]}?" if near else f"allowed: {', '.join([SCENARIOS, *known])}"
    return BadFileError("an unknown key in the configuration", where=place, seen=key, todo=hint)


def _key(name: str) -> str:
    return name.replace("_", "-")
