"""A page whose script has not come when the patience ends is not judged, and is told what it was waiting for."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command

pytestmark = pytest.mark.browser

BUTTON = "<button>Connect Facebook</button>"
INJECTED = (
    "<script>document.head.append(Object.assign(document.createElement('script'), { src: '/late.js' }));</script>"
)

#: Pages that wait for a script which does not come, by what a user sees of them meanwhile.
PAGES = {
    "/injected": f"<body>{BUTTON}{INJECTED}",
    "/imported": f"<body>{BUTTON}<script type=module>import('/late.js');</script>",
    "/parsed": f"<body>{BUTTON}<script src=/late.js></script>",
    "/deferred": f"<head><script defer src=/late.js></script></head><body>{BUTTON}",
    "/drawn": f"<body><main></main>{INJECTED}",
    "/dead": f"<body>{BUTTON}<script>document.body.dataset.ready = 1;</script><script src=/soon.js></script>",
}


@pytest.fixture
def site() -> Iterator[LoopbackServer]:
    """A site whose script does not come before its tests end."""
    ended = threading.Event()

    def answer(request: Request) -> Response:
        if request.path == "/late.js":
            ended.wait(60)
        if request.path.endswith(".js"):
            return Response("", content_type="text/javascript")
        return Response(PAGES.get(request.path, ""), content_type="text/html")

    with LoopbackServer(answer) as server:
        yield server
        ended.set()


@pytest.mark.parametrize("path", [path for path in PAGES if path != "/dead"])
def test_a_page_that_is_still_loading_is_not_accused(command: Command, site: LoopbackServer, path: str) -> None:
    done = command("run", "account-200", "--app", site.url_for(path), "--patience", "1")

    assert done.returncode == 3, done.stdout + done.stderr
    (result,) = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())["scenarios"]
    assert (result["verdict"], result["findings"]) == ("broken", [])
    assert result["reason"].startswith("the page under test was still loading")
    assert "/late.js had not come after " in result["reason"]
    assert "--patience" in result["reason"]


def test_a_page_that_has_loaded_and_opens_nothing_is_told_so(command: Command, site: LoopbackServer) -> None:
    done = command("run", "account-200", "--app", site.url_for("/dead"), "--patience", "1")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "✗ window-not-opened" in done.stdout
