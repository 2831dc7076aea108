"""The options of a run as pytest has them: those of its command line, and below them those of the project's file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oauth_window_harness.drivers.engines import ALL, CHROMIUM, check_name
from oauth_window_harness.errors import UsageError
from oauth_window_harness.run.configuration import Configuration, read_configuration
from oauth_window_harness.run.options import OPTIONS, RunOptions
from oauth_window_harness.service.token import token_of

_CONFIGURATION: pytest.StashKey[Configuration] = pytest.StashKey()

#: The options of `oauth-window run` that pytest takes from its own command line alone: a report folder of `run` must
#: not be replaced by what a suite leaves.
_NOT_FROM_FILE = {"output"}


def configuration(config: pytest.Config) -> Configuration:
    """Return what the file in the folder where pytest was started says of a run; without one, that in its rootdir.

    Raises:
        BadFileError: the file is invalid.
    """
    if _CONFIGURATION not in config.stash:
        here = read_configuration(config.invocation_params.dir)
        config.stash[_CONFIGURATION] = here if here.file is not None else read_configuration(config.rootpath)
    return config.stash[_CONFIGURATION]


def run_options(config: pytest.Config, folders: pytest.TempPathFactory) -> RunOptions:
    """Return the options of a run; without a folder for its files, one that is temporary.

    Raises:
        UsageError: an option cannot be used, or the file is invalid.
    """
    file = configuration(config)
    given = _given(config)
    worker = getattr(config, "workerinput", {}).get("workerid", "")  # pytest-xdist's
    with file.blamed(given):
        values = _values(config, file, given)
        if worker and values.get("app_command"):
            raise UsageError(
                "an app that pytest starts can serve one process of tests",
                where="--oauth-window-app-command",
                seen=f"the pytest-xdist worker {worker}",
                todo="leave -n out, or start the app in a fixture, on a port of its own for each worker",
            )
        values["token"] = _token(values.get("token_env"))
    # A worker clears its folder before it begins, so each has one of its own.
    output = given.get("output")
    values["output"] = Path(output, worker) if output else folders.mktemp("oauth-window")
    if not output:
        values["artifacts"] = "none"  # nobody looks for them there
    return RunOptions(**values)


def engines(config: pytest.Config) -> list[str]:
    """Return the engines in which scenario files are played: those of pytest-playwright's --browser, else the file's.

    Raises:
        UsageError: the file names an engine that does not exist.
    """
    named: list[str] = config.getoption("--browser", default=None) or []
    if named:
        return named
    file = configuration(config)
    browser = file.values.get("browser", CHROMIUM.name)
    with file.blamed(()):
        check_name(browser)
    return [CHROMIUM.name if browser == ALL else browser]


def app(config: pytest.Config) -> str | None:
    """Return the page under test that the command line or the file names, or None."""
    named: str | None = _values(config, configuration(config), _given(config)).get("app")
    return named


def _values(config: pytest.Config, file: Configuration, given: dict[str, Any]) -> dict[str, Any]:
    values = file.beside(given, given)
    values = {name: value for name, value in values.items() if OPTIONS[name].in_pytest and name not in _NOT_FROM_FILE}
    # An empty text takes back what the file says.
    values = {name: value for name, value in values.items() if value != ""}
    return {**values, "headed": bool(config.getoption("--headed", default=False))}


def _given(config: pytest.Config) -> dict[str, Any]:
    """Return the options of the command line, by the names of the fields of `RunOptions`."""
    names = [name for name, row in OPTIONS.items() if row.in_pytest]
    values = {name: config.getoption(f"--oauth-window-{name.replace('_', '-')}") for name in names}
    return {name: _typed(name, value) for name, value in values.items() if value not in (None, [])}


def _typed(name: str, value: Any) -> Any:
    if OPTIONS[name].repeated:
        return tuple(value)
    return Path(value) if value and OPTIONS[name].metavar in ("FILE", "DIR") else value


def _token(variable: str | None) -> str | None:
    hint = ", or leave the option out: any well-formed token is accepted then"
    return token_of(variable, "--oauth-window-token-env", hint) if variable else None
