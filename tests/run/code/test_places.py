"""The place of a finding: the first frame that is the user's own, in the file that they wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from werkzeug import Request, Response

from oauth_window_harness.findings.finding import finding
from oauth_window_harness.journal.events import WindowOpenCalled
from oauth_window_harness.journal.scripts import Frame
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.run.code.places import CodePlaces
from oauth_window_harness.run.code.project import Project
from oauth_window_harness.run.code.script_files import ScriptFiles
from oauth_window_harness.stub.world import World
from tests.journals import calls_open, clicks, flow_of, page_loads, text

#: What each source holds; the second line is the one that is told.
SOURCE = "import a\nwindow.open(address)\n"

#: By the path of a script, the sources that its map names; None for a script without a map.
SCRIPTS = {
    "/plain.js": None,
    "/lib/other.js": None,
    "/assets/app.js": "../src/app.ts",
    "/assets/deep.js": "../../../src/deep/index.ts",
    "/src/deep/index.ts": "index.ts",
    "/assets/packed.js": "webpack://shop/./src/app.ts?1f2e",
    "/assets/react.js": "../node_modules/react-dom/index.js",
    "/assets/lost.js": "../source/lost.ts",
}


def answer(request: Request) -> Response:
    if request.path not in SCRIPTS:
        return Response("none", 404)
    source = SCRIPTS[request.path]
    fields = {"version": 3, "sources": [source], "sourcesContent": [SOURCE], "names": [], "mappings": "AAAA;AACA"}
    comment = "" if source is None else f"//# sourceMappingURL=data:application/json,{quote(json.dumps(fields))}"
    return Response(SOURCE + comment, content_type="text/javascript")


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[str, ScriptFiles]]:
    with LoopbackServer(answer) as server, World(passed=[f"{LOOPBACK}:{server.port}"]) as world:
        yield f"http://{LOOPBACK}:{server.port}", ScriptFiles(world.gateway_url)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name in ("src/app.ts", "src/deep/index.ts", "src/index.ts", "web/plain.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(SOURCE)
    return Project(tmp_path)


@pytest.mark.parametrize(
    ("scripts", "place"),
    [
        (["/plain.js"], "web/plain.js:2:1"),
        (["/assets/app.js"], "src/app.ts:2:1"),
        (["/assets/deep.js"], "src/deep/index.ts:2:1"),
        # A development server sends each source with a map of its own, whose name has no folder.
        (["/src/deep/index.ts"], "src/deep/index.ts:2:1"),
        (["/assets/packed.js"], "src/app.ts:2:1"),
        # What the project does not have bears the name in the map, or its address.
        (["/assets/lost.js"], "source/lost.ts:2:1"),
        (["/lib/other.js"], "SITE/lib/other.js:2:1"),
        (["/missing.js"], "SITE/missing.js:2:1"),
        # Libraries are passed over, also where nothing else is left.
        (["/assets/react.js", "/node_modules/a.js", "/assets/app.js"], "src/app.ts:2:1"),
        (["/assets/react.js"], None),
        (["https://cdn.example.com/app.js"], None),
        ([], None),
    ],
)
def test_the_first_frame_of_the_users_own_is_told(
    site: tuple[str, ScriptFiles], project: Project, scripts: list[str], place: str | None
) -> None:
    url, files = site
    call = calls_open(1.1, active=False)
    assert isinstance(call, WindowOpenCalled)
    frames = tuple(Frame(text(name if "://" in name else url + name), 2, 1) for name in scripts)
    flow = flow_of("account-200", page_loads(0.1, f"{url}/"), clicks(1.0), replace(call, stack=frames))
    (found,) = CodePlaces(files, project).placed([finding("window-blocked")], flow)
    assert str(found.place) == str(place and place.replace("SITE", url))


def test_what_no_bundler_mapped_is_nobodys(site: tuple[str, ScriptFiles], project: Project) -> None:
    url, files = site
    call = calls_open(1.1, active=False)
    assert isinstance(call, WindowOpenCalled)
    stack = (Frame(text(f"{url}/assets/app.js"), 90, 1),)
    flow = flow_of("account-200", page_loads(0.1, f"{url}/"), clicks(1.0), replace(call, stack=stack))
    (found,) = CodePlaces(files, project).placed([finding("window-blocked")], flow)
    assert found.place is None
