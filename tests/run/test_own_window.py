"""A window that shows something of the app's own before it goes to start is led on as its user would lead it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command
from tests.page_parts import LISTENS, WINDOW

pytestmark = pytest.mark.browser

BUTTON = "<button id=go>Connect Facebook</button>"
LISTENER = LISTENS.replace(
    "<script>", f"<script>const START = '{WINDOW}', go = () => document.getElementById('go');", 1
)


def opens(address: str) -> str:
    """Return a page that opens its window at an address of its own."""
    return f"{BUTTON}<script>go().onclick = () => window.open('{address}', 'fb', 'popup');</script>"


#: Pages that open their window in ways of their own, none of which is a mistake.
RIGHT = {
    "/one-way-on": opens("/shown/consent"),
    "/asks": opens("/shown/asks"),
    "/two-steps": opens("/shown/two-steps"),
    "/written": f"""{BUTTON}<script>go().onclick = () => {{
const opened = window.open("", "fb", "popup");
opened.document.write("<p>One moment</p><button onclick='close()'>Cancel</button>");
setTimeout(() => {{ opened.location = START; }}, 1500);
}};</script>""",
    "/form": f"""<form action="{WINDOW.partition("?")[0]}" target=_blank rel=opener>
<input type=hidden name=locationId><input type=hidden name=userId>{BUTTON}</form><script>
for (const [name, value] of new URL(START).searchParams) document.querySelector(`[name=${{name}}]`).value = value;
</script>""",
    "/link": f"""<a id=go href="{WINDOW}" target=fb>Connect Facebook</a>""",
}

#: What the app's own windows show.
SHOWN = {
    "/shown/consent": """<p>Facebook asks for your pages.</p><button onclick="close()">Cancel</button>
<button onclick="location = START">Continue</button>""",
    "/shown/asks": """<script>setTimeout(() => { if (confirm("Go on?")) location = START; else close(); });</script>""",
    "/shown/two-steps": f"""<button onclick="document.body.innerHTML = `<a href='{WINDOW}'>Go on</a>`">Next</button>""",
    "/shown/two-ways": """<button onclick="location = START">An agency</button>
<button id=other onclick="location = START">A business</button>""",
    "/shown/further": "<button onclick='window.open(START, `further`, `popup`)'>Continue</button>",
    "/shown/nothing": "<p>Something went wrong</p><button onclick='close()'>Close</button>",
}

FRAMED = f"""{BUTTON}<script>go().onclick = () => {{
document.body.append(Object.assign(document.createElement("iframe"), {{ src: START }}));
}};</script>"""

PAGES = {
    **RIGHT,
    **SHOWN,
    "/two-ways": opens("/shown/two-ways"),
    "/further": opens("/shown/further"),
    "/nothing": opens("/shown/nothing"),
    "/framed": FRAMED,
}


@pytest.fixture(scope="module")
def site() -> Iterator[LoopbackServer]:
    def answer(request: Request) -> Response:
        head = f"<script>const START = '{WINDOW}';</script>" if request.path in SHOWN else LISTENER
        return Response(f"<!doctype html><body>{head}{PAGES.get(request.path, '')}", content_type="text/html")

    with LoopbackServer(answer) as server:
        yield server


def result(command: Command, site: LoopbackServer, path: str, *options: str) -> dict[str, Any]:
    """Play the plain flow, and return its entry of results.json."""
    done = command("run", "account-200", "--app", site.url_for(path), "--patience", "3", *options)
    file = command.folder / "oauth-window-report" / "results.json"
    assert file.exists(), done.stdout + done.stderr
    (found,) = json.loads(file.read_text())["scenarios"]
    return dict(found)


def codes(found: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in found["findings"]]


@pytest.mark.parametrize("path", RIGHT)
def test_a_window_that_comes_to_start_in_its_own_way_is_played(
    command: Command, site: LoopbackServer, path: str
) -> None:
    found = result(command, site, path)

    assert (found["verdict"], codes(found)) == ("warned", ["token-in-browser"]), found.get("reason")


def test_what_leads_on_in_the_window_is_named_where_it_is_not_plain(command: Command, site: LoopbackServer) -> None:
    unnamed = result(command, site, "/two-ways")
    assert (unnamed["verdict"], codes(unnamed)) == ("broken", [])
    assert "/shown/two-ways" in unnamed["reason"]
    assert "An agency" in unnamed["reason"]
    assert "A business" in unnamed["reason"]
    assert "--then" in unnamed["reason"]


def test_what_then_names_is_clicked_in_the_window(command: Command, site: LoopbackServer) -> None:
    assert result(command, site, "/two-ways", "--then", "#other")["verdict"] == "warned"


def test_a_window_that_opens_another_one_is_not_accused(command: Command, site: LoopbackServer) -> None:
    found = result(command, site, "/further")
    assert (found["verdict"], codes(found)) == ("broken", [])
    assert "opens another one" in found["reason"]
    assert "--app" in found["reason"]


@pytest.mark.parametrize(
    ("path", "code", "says"),
    [
        ("/nothing", "start-not-asked", "stayed at"),
        ("/framed", "window-not-opened", "in a frame"),
    ],
)
def test_a_window_that_cannot_come_to_start_is_told_by_what_it_shows(
    command: Command, site: LoopbackServer, path: str, code: str, says: str
) -> None:
    found = result(command, site, path)
    assert code in codes(found)
    assert says in " ".join(line for finding in found["findings"] for line in finding["evidence"])
