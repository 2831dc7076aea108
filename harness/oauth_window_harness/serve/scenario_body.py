"""The scenario in the body of a control call."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from typing import Any, NoReturn

from pydantic import ValidationError

from oauth_window_harness.errors import UsageError
from oauth_window_harness.scenario.model import Scenario

#: The name of a scenario that is sent without one.
UNNAMED = "unnamed"


def scenario_of(body: bytes, known: Mapping[str, Scenario]) -> Scenario:
    """Return the scenario of a body: ``{"name": …}``, or a whole scenario as JSON.

    Args:
        body: the bytes of the body.
        known: the scenarios that can be named, by name.

    Raises:
        UsageError: no scenario has that name, or the body is not a valid scenario.
        ValueError: the body is not JSON; UnicodeDecodeError if it is not UTF-8.
    """
    try:
        sent = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(sent, dict):
        raise UsageError(
            "the body is not a scenario", seen=type(sent).__name__, todo='send {"name": NAME} or a whole scenario'
        )
    if set(sent) == {"name"}:
        return _scenario_by_name(sent["name"], known)
    try:
        return Scenario.model_validate_json(json.dumps({"name": UNNAMED, **sent}), strict=True)
    except ValidationError as error:
        # A misspelled key is also a missing one; naming the misspelled one helps more.
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        raise UsageError(
            "the scenario is invalid",
            where=".".join(map(str, first["loc"])) or "the scenario",
            seen=json.dumps(first["input"], default=str)[:60],
            todo=first["msg"].removeprefix("Value error, "),
        ) from None


def _scenario_by_name(name: Any, known: Mapping[str, Scenario]) -> Scenario:
    if isinstance(name, str) and name in known:
        return known[name]
    near = difflib.get_close_matches(str(name)[:100], known, n=3, cutoff=0.4)
    raise UsageError(
        f"no scenario named {str(name)[:100]!r}",
        where="name",
        todo=f"nearest: {', '.join(near)}" if near else "`oauth-window scenarios list` names all",
    )


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON (RFC 8259 §6)")
