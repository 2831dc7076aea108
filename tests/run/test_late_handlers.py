"""A click that came before the page heeded clicks is made again when it does, and is no mistake of the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command
from tests.page_parts import LISTENS, OPENS, WINDOW

pytestmark = pytest.mark.browser

LATER = "<script>const later = (work) => setTimeout(work, 1500);</script>"

#: Pages whose control can be seen before it does anything, each made to work in another way.
LATE = {
    "/handler-in-the-markup": f"""<div><button>Connect Facebook</button></div><script>
later(() => {{ document.querySelector("div").innerHTML = `<button onclick='{OPENS}'>Connect Facebook</button>`; }});
</script>""",
    "/attribute": f"""<button>Connect Facebook</button><script>
later(() => document.querySelector("button").setAttribute("onclick", `{OPENS}`));
</script>""",
    "/address": f"""<a target=fb rel=opener>Connect Facebook</a><script>
later(() => {{ document.querySelector("a").href = "{WINDOW}"; }});
</script>""",
    "/function": f"""<button onclick="connect()">Connect Facebook</button><script>
later(() => {{ window.connect = () => {OPENS}; }});
</script>""",
    "/function-with-the-name-of-an-element": f"""<button id=connect onclick="window.connect()">Connect Facebook</button>
<script>later(() => {{ window.connect = () => {OPENS}; }});</script>""",
    "/script": """<button onclick="say('One moment'); connect()">Connect Facebook</button><script>
later(() => document.head.append(Object.assign(document.createElement("script"), { src: "/connect.js" })));
</script>""",
    "/object": f"""<button onclick="App.connect()">Connect Facebook</button><script>
window.App = {{}};
later(() => {{ App.connect = () => {OPENS}; }});
</script>""",
    "/import": """<button>Connect Facebook</button><script type=module>
later(async () => (await import("/module.js")).attach(document.querySelector("button")));
</script>""",
}

SCRIPTS = {
    "/connect.js": f"const connect = () => {OPENS};",
    "/module.js": f"export const attach = (button) => {{ button.onclick = () => {OPENS}; }};",
}

#: Pages whose control never does anything.
DEAD = {
    "/undefined": """<button onclick="connect()">Connect Facebook</button>""",
    "/drawn-anew": """<div></div><script>
const draw = () => { document.querySelector("div").innerHTML = "<button onclick='void 0'>Connect Facebook</button>"; };
draw();
setInterval(draw, 300);
</script>""",
}


@pytest.fixture(scope="module")
def site() -> Iterator[LoopbackServer]:
    def answer(request: Request) -> Response:
        if request.path in SCRIPTS:
            return Response(SCRIPTS[request.path], content_type="text/javascript")
        page = {**LATE, **DEAD}.get(request.path, "")
        return Response(f"<!doctype html><body>{LISTENS}{LATER}{page}", content_type="text/html")

    with LoopbackServer(answer) as server:
        yield server


def result(command: Command) -> dict[str, Any]:
    """Return the only entry of results.json."""
    (found,) = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())["scenarios"]
    return dict(found)


@pytest.mark.parametrize("path", LATE)
def test_a_control_that_works_later_than_it_is_seen_is_clicked_again(
    command: Command, site: LoopbackServer, path: str
) -> None:
    done = command("run", "account-200", "--app", site.url_for(path), "--patience", "3")

    assert done.returncode == 0, done.stdout + done.stderr
    assert [found["code"] for found in result(command)["findings"]] == ["token-in-browser"]


@pytest.mark.parametrize(("path", "says"), [("/undefined", "connect is not defined"), ("/drawn-anew", "was clicked")])
def test_a_control_that_never_works_is_told_so_within_the_patience(
    command: Command, site: LoopbackServer, path: str, says: str
) -> None:
    done = command("run", "account-200", "--app", site.url_for(path), "--patience", "1")

    assert done.returncode == 1, done.stdout + done.stderr
    (found,) = result(command)["findings"]
    assert found["code"] == "window-not-opened"
    assert says in " ".join(found["evidence"])
