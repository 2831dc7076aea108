"""A page that turns out late to need a session is not accused, nor one that takes its control away."""

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

ACCOUNTS = f"{SERVICE}/social-media-posting/oauth/{LOCATION}/facebook/accounts"
LOGIN = "<h1>Sign in</h1><form><input type=email><input type=password><button>Sign in</button></form>"

#: A right page, in whose script `refused`, `left` and `opened` are called where other pages do more.
RIGHT = f"""
<main><h1>Channels</h1><button id=go>Connect Facebook</button><p></p></main>
<script>
const say = (text) => {{ document.querySelector("p").textContent = text; }};
let popup = null;
let wait = 0;
let refused = (text) => say(text);
let left = () => say("The window is out of sight: finish there, or try again");
let opened = () => say("Go on in the window");
const login = (path) => {{
  history.pushState(null, "", path);
  document.querySelector("main").innerHTML = `{LOGIN}<button>Continue with Facebook</button>`;
}};
addEventListener("message", async ({{ origin, source, data }}) => {{
  if (origin !== "{SERVICE}" || source !== popup) return;
  if (data?.actionType !== "close" || data.platform !== "facebook") return;
  if (!/^social[-_]media[-_]posting$/.test(data.page) || typeof data.accountId !== "string") return;
  clearInterval(wait);
  const answer = await fetch(`{ACCOUNTS}/${{data.accountId}}`, {{ headers: {json.dumps(GOOD)} }});
  const body = await answer.json();
  if (answer.ok) say(`Connected: ${{body.results.pages.map(({{ name }}) => name)}}`);
  else refused(`Sorry: ${{body.message}}`);
}});
const open_ = () => {{
  popup = window.open("{SERVICE}{START}?locationId={LOCATION}&userId={USER}", "_blank", "popup");
  opened();
  wait = setInterval(() => {{ if (popup.closed) {{ clearInterval(wait); left(); }} }}, 200);
}};
document.querySelector("#go").onclick = open_;
</script>
"""

OFFER = """<p id=next></p><script>
opened = () => { say("Go on in the window"); document.querySelector("#go").hidden = true; };
const offer = (text, act) => {
  document.querySelector("#next").innerHTML = `<button>${text}</button>`;
  document.querySelector("#next button").onclick = act;
};
</script>"""

GUARD = "setTimeout(async () => { if (!(await fetch('/me')).ok) login('/login'); }, 300);"

PAGES = {
    # A router's guard asks who the user is, and goes to its sign-in route.
    "/guard": f"{RIGHT}<script>{GUARD}</script>",
    # The same, so late that the window is open already; the form comes at the same address.
    "/late": f"{RIGHT}<script>opened = () => setTimeout(() => login(location.pathname), 50);</script>",
    # The click itself leads to the sign-in page.
    "/click": f"{RIGHT}<script>document.querySelector('#go').onclick = () => {{ location.href = '/login'; }};</script>",
    # What the service refuses leads there as well: that is the page's way to tell it.
    "/refused": f"{RIGHT}<script>refused = () => login('/login');</script>",
    "/again": f"{RIGHT}{OFFER}<script>left = () => offer('Start over', open_);</script>",
    "/dismissed": f"{RIGHT}{OFFER}<script>left = () => offer('Understood', () => say('All right then'));</script>",
    "/restored": f"{RIGHT}{OFFER}<script>left = () => offer('Understood', () => {{ go.hidden = false; }});</script>",
    "/login": LOGIN,
}


@pytest.fixture
def site() -> Iterator[LoopbackServer]:
    def answer(request: Request) -> Response:
        if request.path == "/me":
            return Response("{}", status=401, content_type="application/json")
        return Response(f"<!doctype html>{PAGES.get(request.path, '')}", content_type="text/html")

    with LoopbackServer(answer) as server:
        yield server


def verdicts(command: Command) -> dict[str, Any]:
    """Return the verdict and the errors of each scenario of results.json."""
    read = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())
    return {
        one["name"]: [one["verdict"], *(found["code"] for found in one["findings"] if found["severity"] == "error")]
        for one in read["scenarios"]
    }


@pytest.mark.parametrize("path", ["/guard", "/late", "/click"])
def test_a_page_that_goes_on_to_a_sign_in_page_is_not_accused(
    command: Command, site: LoopbackServer, path: str
) -> None:
    done = command("run", "account-200", "--app", site.url_for(path), "--patience", "2")

    assert done.returncode == 3, done.stdout + done.stderr
    assert "--storage-state" in done.stderr
    assert "a password field and the button 'Sign in'" in done.stderr
    address = site.url_for("/late" if path == "/late" else "/login")
    assert address in done.stderr
    assert verdicts(command) == {}


def test_a_page_that_asks_to_sign_in_because_the_service_refused_is_judged(
    command: Command, site: LoopbackServer
) -> None:
    done = command("run", "account-200", "account-401", "--app", site.url_for("/refused"), "--patience", "2")

    assert done.returncode == 0, done.stdout + done.stderr
    assert verdicts(command) == {"account-200": ["warned"], "account-401": ["warned"]}


@pytest.mark.parametrize("path", ["/again", "/restored"])
def test_a_user_whose_control_was_taken_away_clicks_what_the_page_offers_instead(
    command: Command, site: LoopbackServer, path: str
) -> None:
    done = command("run", "window-retried", "--app", site.url_for(path), "--patience", "2")

    assert done.returncode == 0, done.stdout + done.stderr
    assert verdicts(command) == {"window-retried": ["warned"]}


def test_a_page_whose_only_offer_opens_no_window_is_not_accused(command: Command, site: LoopbackServer) -> None:
    done = command("run", "window-retried", "--app", site.url_for("/dismissed"), "--patience", "2")

    assert verdicts(command) == {"window-retried": ["skipped"]}, done.stdout + done.stderr
