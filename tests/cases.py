"""The small pages of fixtures/cases: what is true of each, and the command that plays it."""

from __future__ import annotations

import functools
import json
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from tests.apps import MODULES
from tests.commands import Command
from tests.edits import Change
from tests.paths import FIXTURES
from tests.ports import reserved_port

CASES = FIXTURES / "cases"

#: Told of every page that has no backend, whatever else is true of it.
WITHOUT_BACKEND = "token-in-browser"


class Truth(BaseModel):
    """One row of truth.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: str
    of: str | None = None
    options: tuple[str, ...] = ()
    plays: dict[str, str | tuple[str, ...]]
    says: tuple[str, ...] = ()
    exit: int | None = None
    mend: tuple[Change, ...] = ()


@functools.cache
def truths() -> dict[str, Truth]:
    """Return what is true, by the name of the row."""
    rows = yaml.safe_load((CASES / "truth.yaml").read_text(encoding="utf-8"))
    return {name: Truth.model_validate(row) for name, row in rows.items()}


def missing(name: str) -> str | None:
    """Return what a case needs and this machine has not, or None."""
    if shutil.which("node") is None:
        return "Node.js"
    needs = (folder_of(name) / "routes.mjs").exists()
    return "the packages of fixtures/apps/package.json" if needs and not MODULES.exists() else None


def folder_of(name: str) -> Path:
    """Return the folder of the page of a row."""
    return CASES / (truths()[name].of or name)


def play(
    command: Command, name: str, *further: str, folder: Path | None = None
) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """Play the scenarios of a row as a user would; return what the command said, and results.json.

    Args:
        command: the command.
        name: the row.
        further: further options.
        folder: the page's folder, where it is another than the row's own.
    """
    truth = truths()[name]
    with reserved_port() as port:
        app = ["node", str(CASES / "serve.mjs"), str(folder or folder_of(name)), str(port)]
        done = command(
            "run", *truth.plays, "--app", f"http://localhost:{port}/", "--app-command", shlex.join(app),
            "--patience", "3", *truth.options, *further,
            variables={"CASES_DEPS": str(MODULES.parent)},
        )  # fmt: skip
    results = command.folder / "oauth-window-report" / "results.json"
    return done, json.loads(results.read_text()) if results.exists() else {"scenarios": []}


def judged(result: dict[str, Any]) -> list[str]:
    """Return the verdict of a play and the codes that were told of it; an info is told of in `passed` alone."""
    codes = [found["code"] for found in result["findings"] if found["code"] != WITHOUT_BACKEND]
    verdict = str(result["verdict"])
    if verdict == "warned" and all(
        found["code"] == WITHOUT_BACKEND or found["severity"] == "info" for found in result["findings"]
    ):
        verdict = "passed"
    return [verdict, *codes]
