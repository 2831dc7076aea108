"""Scripts and their maps are asked for at the script's own origin, and what cannot be read is left alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.run.code import script_files
from oauth_window_harness.run.code.script_files import ScriptFiles
from oauth_window_harness.stub.world import World

MAP = json.dumps({"version": 3, "sources": ["a.ts"], "sourcesContent": ["a"], "names": [], "mappings": "AAAA"})
INLINE = "data:application/json;charset=utf-8;base64," + base64.b64encode(MAP.encode()).decode()


class Site:
    """A server of scripts: what it was asked for, and what it answers by path."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, Response | Callable[[], Response]] = {}

    def __call__(self, request: Request) -> Response:
        self.asked.append(request.path)
        found = self.answers.get(request.path, Response("none", 404))
        return found if isinstance(found, Response) else found()

    def script(self, text: str, **headers: str) -> None:
        self.answers["/js/app.js"] = Response(text, content_type="text/javascript", headers=headers)


@pytest.fixture
def site() -> Iterator[tuple[Site, str]]:
    answers = Site()
    with LoopbackServer(answers) as server:
        yield answers, f"http://{LOOPBACK}:{server.port}"


@pytest.fixture
def files(site: tuple[Site, str]) -> Iterator[ScriptFiles]:
    with World(passed=[site[1].partition("://")[2]]) as world:
        yield ScriptFiles(world.gateway_url)


def source_of(files: ScriptFiles, url: str) -> str | None:
    script = files.script(f"{url}/js/app.js")
    original = script.map.original(1, 1) if script is not None and script.map is not None else None
    return None if original is None else original.source


@pytest.mark.parametrize(
    "comment",
    [
        "//# sourceMappingURL=app.js.map",
        "//@ sourceMappingURL=app.js.map\n\n",
        "/*# sourceMappingURL=app.js.map */",
        "//# sourceMappingURL=/js/app.js.map",
        'const a = "sourceMappingURL=b.map";\n//# sourceMappingURL=app.js.map',
        f"//# sourceMappingURL={INLINE}",
        "//# sourceMappingURL=data:application/json," + MAP.replace(" ", "%20").replace('"', "%22"),
    ],
)
def test_a_script_names_its_map(site: tuple[Site, str], files: ScriptFiles, comment: str) -> None:
    answers, url = site
    answers.script(f"go();\n{comment}")
    answers.answers["/js/app.js.map"] = Response(MAP, content_type="application/json")
    assert source_of(files, url) == "a.ts"


@pytest.mark.parametrize("header", ["SourceMap", "X-SourceMap"])
def test_a_header_names_it_as_well(site: tuple[Site, str], files: ScriptFiles, header: str) -> None:
    answers, url = site
    answers.script("go();", **{header: "app.js.map"})
    answers.answers["/js/app.js.map"] = Response(MAP)
    assert source_of(files, url) == "a.ts"


def test_each_file_is_asked_for_once(site: tuple[Site, str], files: ScriptFiles) -> None:
    answers, url = site
    answers.script("go();\n//# sourceMappingURL=app.js.map")
    for _ in range(3):
        source_of(files, url)
    assert answers.asked == ["/js/app.js", "/js/app.js.map"]


@pytest.mark.parametrize(
    ("reference", "asked"),
    [
        ("app.js.map", True),  # not there
        ("../../../../none.map", True),
        ("page.html", True),  # the app's page for any address
        ("http://127.0.0.1:1/app.js.map", False),
        ("https://maps.example.com/app.js.map", False),
        ("//maps.example.com/app.js.map", False),
        ("file:///etc/hostname", False),
        ("http://[", False),
        ("data:application/json;base64,!", False),
        ("data:application/json,{}", False),
        ("data:", False),
    ],
)
def test_a_map_that_leads_nowhere_leaves_the_script(
    site: tuple[Site, str], files: ScriptFiles, reference: str, asked: bool
) -> None:
    answers, url = site
    answers.script(f"go();\n//# sourceMappingURL={reference}")
    answers.answers["/js/page.html"] = Response("<!doctype html>", content_type="text/html")
    script = files.script(f"{url}/js/app.js")
    assert script is not None
    assert script.map is None or script.map.original(1, 1) is None
    assert len(answers.asked) == (2 if asked else 1)


def test_a_huge_map_is_left_unread(site: tuple[Site, str], files: ScriptFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_files, "LONGEST", 10_000)
    answers, url = site
    sent = []

    def huge() -> Iterator[bytes]:
        for _ in range(10_000):
            sent.append(1)
            yield b" " * 10_000

    answers.script("go();\n//# sourceMappingURL=app.js.map")
    answers.answers["/js/app.js.map"] = lambda: Response(huge())
    assert source_of(files, url) is None
    assert files.script(f"{url}/js/app.js") is not None
    assert len(sent) < 10_000

    # One that says how long it is, or stands in the script, is not even begun.
    answers.script(f"other();\n//# sourceMappingURL={'data:application/json,' + ' ' * 3}{'x' * 9_000}")
    assert source_of(ScriptFiles(files.gateway), url) is None


def test_a_page_has_no_map_of_its_own(site: tuple[Site, str], files: ScriptFiles) -> None:
    answers, url = site
    page = f"<script>go();\n//# sourceMappingURL={INLINE}\n</script>"
    answers.answers["/js/app.js"] = Response(page, content_type="text/html")
    script = files.script(f"{url}/js/app.js")
    assert script is not None
    assert (script.is_document, script.map) == (True, None)


def test_a_host_that_the_gateway_refuses_is_not_reached(files: ScriptFiles) -> None:
    assert files.script("http://example.com/app.js") is None
    assert files.script("http://127.0.0.1:1/app.js") is None


def test_a_host_that_the_browser_asks_by_itself_is_asked_without_the_gateway(site: tuple[Site, str]) -> None:
    answers, url = site
    answers.script("one")
    host = url.partition("://")[2]
    with World() as world:
        assert ScriptFiles(world.gateway_url).script(f"{url}/js/app.js") is None
        script = ScriptFiles(world.gateway_url, is_direct=lambda asked: asked == host).script(f"{url}/js/app.js")
    assert script is not None
    assert script.text == "one"
