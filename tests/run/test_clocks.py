"""A clock that begins to tick as the answer comes hides no page that hangs, and a countdown is still a reaction."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command
from tests.worlds import LOCATION, SERVICE, START, USER

pytestmark = pytest.mark.browser

WINDOW = f"{SERVICE}{START}?locationId={LOCATION}&userId={USER}"

#: Begins to tick when the user has clicked: its timer is one of the page's, and not of the flow.
CLOCK = "let run = 0; setInterval(() => { ago.textContent = `${++run} moments ago`; }, 1500);"

#: Hangs when its window closes.
HANGS = f"document.querySelector('button').onclick = () => {{ window.open({WINDOW!r}, '_blank', 'popup'); }};"

#: Counts down to its next try where the user has closed the window, by figures alone, and then by a clock's time.
TELLS = f"""
document.querySelector("button").onclick = () => {{
  const opened = window.open({WINDOW!r}, "_blank", "popup");
  const watch = setInterval(() => {{
    if (!opened.closed) return;
    clearInterval(watch);
    let left = 30;
    const count = () => {{ again.textContent = SHOWN; left -= 1; }};
    count();
    setInterval(count, 500);
  }}, 200);
}};
"""

PAGES = {
    "/hangs": HANGS,
    "/counts": TELLS.replace("SHOWN", "`${left} seconds`"),
    "/clock": TELLS.replace("SHOWN", "`0:${left} min`"),
}


@pytest.fixture
def site() -> Iterator[LoopbackServer]:
    def answer(request: Request) -> Response:
        page = (
            "<button>Connect Facebook</button><p>Edited <span id=ago>just now</span></p><p id=again></p>"
            f"<script>{CLOCK}{PAGES.get(request.path, '')}</script>"
        )
        return Response(page, content_type="text/html")

    with LoopbackServer(answer) as server:
        yield server


@pytest.mark.parametrize(("page", "told"), [("/hangs", ["silent-hang"]), ("/counts", []), ("/clock", [])])
def test_the_first_tick_of_a_clock_is_no_reaction_and_a_countdown_is(
    command: Command, site: LoopbackServer, page: str, told: list[str]
) -> None:
    done = command("run", "window-closed-by-user", "--app", site.url_for(page), "--patience", "4")

    (result,) = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())["scenarios"]
    assert [found["code"] for found in result["findings"]] == told, done.stdout + done.stderr
