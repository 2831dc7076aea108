"""The integrator apps of fixtures/apps: their descriptions, and the playing of scenarios on them."""

from __future__ import annotations

import asyncio
import functools
import mimetypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
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
from tests.edits import Change, edited_copy
from tests.paths import APPS
from tests.ports import reserved_port

MODULES = APPS / "node_modules"

#: The files that static apps may load beside their own, by path.
VENDOR = {
    "/_vendor/react.production.min.js": MODULES / "react/umd/react.production.min.js",
    "/_vendor/react-dom.production.min.js": MODULES / "react-dom/umd/react-dom.production.min.js",
}


#: By file, a text from each of some lines.
Places = dict[str, tuple[str, ...]]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MustFind(_Part):
    """The code of a finding that must come first in a scenario, and where in the page's code the bug lies.

    Attributes:
        places: by file, a text from each line that is right: the mistake, the call that it is about, or the listener.
        no_place: why no line of the page is mistaken.
        place_unknown: why the harness does not know the place, though there is one.
    """

    code: str
    scenario: str
    places: Places = {}
    no_place: str | None = None
    place_unknown: str | None = None


class App(_Part):
    """The content of an app.yaml.

    Attributes:
        location: the only id that the stub accepts, where the run is told of one; so with ``user`` and ``token``.
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
    location: str | None = None
    user: str | None = None
    token: str | None = None
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
    app = read(name)
    folder = APPS / (app.of or name)
    texts = [file.read_text(errors="replace") for file in folder.iterdir() if file.suffix in (".html", ".mjs", ".js")]
    if (app.command or "").startswith("node") and shutil.which("node") is None:
        return "Node.js"
    if any("/_vendor/" in text or "undici" in text for text in texts) and not MODULES.exists():
        return "the packages of fixtures/apps/package.json"
    return None


@contextmanager
def folder_of(name: str) -> Iterator[Path]:
    """Yield the folder with an app's files: its own, or a copy of another's with its changes."""
    app = read(name)
    if app.of is None:
        yield APPS / name
        return
    with tempfile.TemporaryDirectory() as copies:
        yield _copy(name, (), Path(copies))


@contextmanager
def serve(name: str, files: Path) -> Iterator[Site]:
    """Serve the files of a static app and yield its address, or yield the address and the command of one with a server.

    Args:
        name: the app.
        files: the folder with its files, in which its command is run.
    """
    app = read(name)
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
        return Response(file.read_bytes(), content_type=kind, headers=app.headers)

    with LoopbackServer(answer) as server:
        yield Site(f"http://{LOOPBACK}:{server.port}/", None)


def planted_copy(name: str, folder: Path) -> Path:
    """Write a copy of an app as it is, beside the packages of the others, and return its folder."""
    return _copy(name, (), folder)


def mended_copy(name: str, folder: Path) -> Path:
    """Write a mended copy of an app, beside the packages of the others, and return its folder."""
    return _copy(name, read(name).mend, folder)


def _copy(name: str, mend: tuple[Change, ...], folder: Path) -> Path:
    app = read(name)
    copy = edited_copy(APPS / (app.of or name), (*app.changes, *mend), folder / name)
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
        with nullcontext(mended) if mended else folder_of(name) as files, serve(name, files) as site:
            os.chdir(files)
            options = RunOptions(
                app=site.url,
                app_command=site.command,
                connect=app.connect,
                connected=app.connected,
                failed=app.failed,
                location=app.location,
                user=app.user,
                token=app.token,
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
