"""Reading of JSON and YAML files, whatever their names end in; the result is plain JSON data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from oauth_window_harness.contract.shape import without_surrogates
from oauth_window_harness.errors import BadFileError

#: The largest file that is read, in bytes; the vendor's largest has a quarter of a million.
LARGEST_FILE = 16_000_000
#: The deepest nesting that is read, in levels; the vendor's deepest schema has fourteen.
DEEPEST = 100


def read_plain(file: Path) -> Any:
    """Return the content of a file.

    Raises:
        BadFileError: the file cannot be read, or is neither JSON nor YAML.
    """
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise BadFileError("the file is too large", where=str(file), todo=f"at most {LARGEST_FILE:,} bytes")
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadFileError("the file cannot be read", where=str(file), seen=error.strerror or "") from None
    except UnicodeDecodeError:
        raise BadFileError("the file is not UTF-8", where=str(file), todo="save it as UTF-8") from None
    try:
        return _plain(file, json.loads(text) if text.lstrip().startswith(("{", "[")) else _yaml(file, text))
    except json.JSONDecodeError as error:
        seen = f"{error.msg}, column {error.colno}"
        raise BadFileError("the file is not JSON", where=f"{file}:{error.lineno}", seen=seen) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadFileError("the file is not YAML", where=f"{file}:{line}", seen=error.problem or "") from None
    except (yaml.YAMLError, ValueError) as error:
        seen = str(error).partition("\n")[0]
        raise BadFileError("the file is not JSON or YAML", where=str(file), seen=seen) from None
    except RecursionError:
        raise BadFileError("the file is nested too deeply", where=str(file)) from None


def _yaml(file: Path, text: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for event in yaml.parse(text, Loader=loader):
        # A few aliases of aliases can expand to any size.
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise BadFileError("an alias in the file", where=f"{file}:{line}", todo="refer by $ref, as OpenAPI does")
    return yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader in either case


def _plain(file: Path, value: Any, depth: int = 0) -> Any:
    """Return a YAML value as JSON data: keys become text (``200:`` is a number in YAML), and so do dates."""
    if depth > DEEPEST:
        raise BadFileError("the file is nested too deeply", where=str(file), todo=f"at most {DEEPEST} levels")
    if isinstance(value, dict):
        return {without_surrogates(str(name)): _plain(file, inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(file, inner, depth + 1) for inner in value]
    if value is None or isinstance(value, int | float | bool):
        return value
    return without_surrogates(str(value))
