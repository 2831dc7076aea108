"""Pages that do something odd all the time are judged by what they do, and not by what they look like."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command
from tests.worlds import GOOD, LOCATION, SERVICE, START, USER

pytestmark = pytest.mark.browser

WINDOW = f"{SERVICE}{START}?locationId={LOCATION}&userId={USER}"

#: ``noopener`` makes ``window.open`` give null each time, and the page takes that for a blocked window.
ALWAYS_NULL = f"""
document.querySelector("button").onclick = () => {{
  const opened = window.open({WINDOW!r}, "_blank", "noopener,width=600");
  say(opened ? "Go on in the window" : "Please allow pop-ups for this page");
}};
"""

#: Asks for the list of accounts again as soon as it has come, ten times at once, and never ends.
STORM = f"""
const headers = {json.dumps(GOOD)};
document.querySelector("button").onclick = () => {{
  window.open({WINDOW!r}, "_blank", "popup");
  say("Go on in the window");
  for (let beat = 0; beat < 10; beat++) ask();
}};
async function ask() {{
  for (;;) {{
    const answer = await fetch("{SERVICE}/social-media-posting/{LOCATION}/accounts", {{ headers }});
    const {{ results }} = await answer.json();
    if (results.accounts.length) say(`Connected: ${{results.accounts[0].name}}`);
  }}
}}
"""

PAGES = {"/always-null": ALWAYS_NULL, "/storm": STORM}


@pytest.fixture
def site() -> Iterator[LoopbackServer]:
    def answer(request: Request) -> Response:
        page = (
            "<button>Connect Facebook</button><p role=status></p><script>"
            "function say(text) { document.querySelector('p').textContent = text; }"
            f"{PAGES.get(request.path, '')}</script>"
        )
        return Response(page, content_type="text/html")

    with LoopbackServer(answer) as server:
        yield server


def results(command: Command) -> dict[str, Any]:
    """Return the entries of results.json, by the scenario's name."""
    read = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())
    return {result["name"]: result for result in read["scenarios"]}


def test_a_page_whose_window_open_always_gives_null_is_told_why_and_of_no_blocked_window(
    command: Command, site: LoopbackServer
) -> None:
    done = command("run", "account-200", "window-blocked", "--app", site.url_for("/always-null"), "--patience", "2")

    assert done.returncode == 1, done.stdout + done.stderr
    told = {name: [found["code"] for found in result["findings"]] for name, result in results(command).items()}
    assert told == {"account-200": ["opener-detached"], "window-blocked": []}
    assert "the window's features: noopener,width=600" in done.stdout


def test_a_page_that_asks_for_the_list_all_the_time_is_judged_as_any_other(
    command: Command, site: LoopbackServer
) -> None:
    done = command("run", "account-200", "--app", site.url_for("/storm"), "--patience", "3")

    result = results(command)["account-200"]
    assert [found["code"] for found in result["findings"]] == ["token-in-browser"], done.stdout + done.stderr
    assert result["verdict"] == "warned"
    assert len(result["requests"]) < 500
