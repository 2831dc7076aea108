"""The integrator apps of fixtures/apps: their descriptions, and the playing of scenarios on them."""

from __future__ import annotations

import asyncio
import functools
import mimetypes
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict
from werkzeug import Request, Response
from werkzeug.security import safe_join

from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.run.session import run
from oauth_window_harness.scenario import catalog
from tests.edits import Change, apply_changes, edited_copy
from tests.paths import APPS
from tests.ports import reserved_port

MODULES = APPS / "node_modules"

#: The files that static apps may load beside their own, by path.
VENDOR = {
    "/_vendor/react.production.min.js": MODULES / "react/umd/react.production.min.js",
    "/_vendor/react-dom.production.min.js": MODULES / "react-dom/umd/react-dom.production.min.js",
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MustFind(_Part):
    """The code of a finding that must come first in a scenario."""

    code: str
    scenario: str


class App(_Part):
    """The content of an app.yaml.

    Attributes:
        of: the app whose files this one has, with ``changes``.
        mend: what has to be changed in its files so that nothing is found any more.
    """

    title: str
    right: bool
    bug: str = ""
    connect: str
    connected: str | None = None
    failed: str | None = None
    headers: dict[str, str] = {}
    command: str | None = None
    of: str | None = None
    changes: tuple[Change, ...] = ()
    must_find: tuple[MustFind, ...] = ()
    must_not_find: tuple[str, ...] = ()
    mend: tuple[Change, ...] = ()


class Site(NamedTuple):
    """The address of an app, and the command that starts it there, if it has one."""

    url: str
    command: str | None


def names() -> list[str]:
    """Return the names of all apps."""
    return sorted(file.parent.name for file in APPS.glob("*/app.yaml"))


@functools.cache
def read(name: str) -> App:
    """Return an app's description."""
    return App.model_validate(yaml.safe_load((APPS / name / "app.yaml").read_text()))


def missing(name: str) -> str | None:
    """Return what an app needs and this machine lacks; None where nothing is missing."""
    folder, app = APPS / name, read(name)
    texts = [file.read_text(errors="replace") for file in folder.iterdir() if file.suffix in (".html", ".mjs", ".js")]
    if (app.command or "").startswith("node") and shutil.which("node") is None:
        return "Node.js"
    if any("/_vendor/" in text or "undici" in text for text in texts) and not MODULES.exists():
        return "the packages of fixtures/apps/package.json"
    return None


@contextmanager
def serve(name: str, mended: Path | None = None) -> Iterator[Site]:
    """Serve a static app and yield its address, or yield the address and the command of one with a server.

    Args:
        name: the app.
        mended: the folder of its mended copy, where that is to be served.
    """
    app = read(name)
    changes = () if mended else app.changes
    files = mended or APPS / (app.of or name)
    if app.command is not None:
        with reserved_port() as port:
            os.environ["PORT"] = str(port)
            yield Site(f"http://{LOOPBACK}:{port}/", app.command)
        return

    def answer(request: Request) -> Response:
        inside = safe_join(str(files), request.path.lstrip("/") or "index.html")
        file = VENDOR.get(request.path) or Path(inside or "")
        if not file.is_file():
            return Response("not found\n", 404)
        kind = mimetypes.guess_type(file.name)[0]
        content = apply_changes(changes, file.read_text()) if changes else file.read_bytes()
        return Response(content, content_type=kind, headers=app.headers)

    with LoopbackServer(answer) as server:
        yield Site(f"http://{LOOPBACK}:{server.port}/", None)


def mended_copy(name: str, folder: Path) -> Path:
    """Write a mended copy of an app, beside the packages of the others, and return its folder."""
    app = read(name)
    copy = edited_copy(APPS / (app.of or name), (*app.changes, *app.mend), folder / name)
    (folder / MODULES.name).symlink_to(MODULES)
    return copy


def play(
    name: str,
    scenarios: Sequence[str],
    output: Path,
    *,
    patience: float = 5.0,
    mended: Path | None = None,
    jobs: str = "1",
    play_all: bool = False,
    browser: str = "chromium",
    repeat: int = 1,
) -> Results:
    """Play scenarios on an app or its mended copy, in its folder; all of them where none are named.

    One is played after another: the tests themselves are run several at once.
    """
    app = read(name)
    folder = Path.cwd()
    # In the app's command, `python` is the interpreter of the tests.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    kept = {key: os.environ.get(key) for key in ("PATH", "PORT")}
    os.environ["PATH"] = path
    try:
        os.chdir(mended or APPS / name)
        with serve(name, mended) as site:
            options = RunOptions(
                app=site.url,
                app_command=site.command,
                connect=app.connect,
                connected=app.connected,
                failed=app.failed,
                patience=patience,
                output=output,
                jobs=jobs,
                play_all=play_all,
                browser=browser,
                repeat=repeat,
            )
            return asyncio.run(run(catalog.select(scenarios), options, ArtifactFolder(output), ()))
    finally:
        os.chdir(folder)
        for key, value in kept.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value
