"""Pages that ask for the list of accounts once their window has closed: what they make of the event is told as well.

Each is connected in the plain flow, by the event or by the list; only the event's part says what is wrong with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command
from tests.page_parts import WINDOW
from tests.worlds import GOOD, LOCATION, SERVICE

pytestmark = pytest.mark.browser

#: Reads twice in a row that its window is closed, then asks for the list, and follows up an account that is new in it.
PAGE = f"""<!doctype html><link rel=icon href="data:,">
<button>Connect Facebook</button><p role=status></p><script>
const API = "{SERVICE}/social-media-posting", headers = {json.dumps(GOOD)};
let mine = null, timer = 0;
const say = (text) => {{ document.querySelector("p").textContent = text; }};
const list = async () => (await (await fetch(`${{API}}/{LOCATION}/accounts`, {{ headers }})).json()).results.accounts;
document.querySelector("button").onclick = () => {{
  clearInterval(timer);
  mine = window.open("{WINDOW}", "_blank", "popup");
  if (!mine) return say("Please allow pop-ups");
  say("Go on in the window");
  let reads = 0;
  timer = setInterval(() => {{ if (mine?.closed && ++reads === 2) look(); }}, 250);
}};
async function look() {{
  const found = await list().catch(() => []);
  if (!mine) return;
  clearInterval(timer);
  if (!found.length) return say("The window is out of sight: finish there, or try again");
  follow(found[0].oauthId);
}}
async function follow(id) {{
  mine = null;
  clearInterval(timer);
  const answer = await fetch(`${{API}}/oauth/{LOCATION}/facebook/accounts/${{id}}`, {{ headers }}).catch(() => null);
  const pages = answer?.ok ? (await answer.json().catch(() => null))?.results?.pages ?? [] : [];
  say(pages.length ? `Connected: ${{pages.length}}` : "Sorry, nothing was connected");
}}
function heard(event, spelling, platform = "facebook") {{
  if (event.origin !== "{SERVICE}" || event.source !== mine) return null;
  const {{ actionType, page, platform: other, accountId }} = event.data;
  return actionType === "close" && spelling.test(page) && other === platform && accountId;
}}
LISTENER
</script>"""


def acts(spelling: str, *, platform: str = "facebook", does: str = "follow(id)") -> str:
    """Return a listener that acts on the event with some spellings of its page."""
    return (
        f'addEventListener("message", (event) => {{ const id = heard(event, /^{spelling}$/, "{platform}"); '
        f"if (id) {does}; }});"
    )


LISTENERS = {
    "right": acts("social[_-]media[_-]posting"),
    "lists": acts("social[_-]media[_-]posting", does="look()"),
    "underscore": acts("social_media_posting"),
    "hyphen": acts("social-media-posting"),
    "none": acts("social[_-]media[_-]posting", platform="fb"),
    "throws": 'addEventListener("message", (event) => { if (event.data.actionType) null.accountId; });',
    "deaf": "",
    "widget": 'addEventListener("message", (event) => { if (event.data?.type === "resize") say("Resized"); });',
    "log": 'addEventListener("message", (event) => console.log(JSON.stringify(event.data)));',
}


@pytest.fixture
def site() -> Iterator[LoopbackServer]:
    def answer(request: Request) -> Response:
        page = PAGE.replace("LISTENER", LISTENERS[request.path.strip("/")])
        return Response(page, content_type="text/html")

    with LoopbackServer(answer) as server:
        yield server


def played(command: Command, site: LoopbackServer, page: str, *scenarios: str) -> dict[str, Any]:
    """Play scenarios on a page, and return for each its verdict and the codes that were told of it, or its reason."""
    done = command("run", *scenarios, "--app", site.url_for(page), "--patience", "3", "--jobs", "1")
    file = command.folder / "oauth-window-report" / "results.json"
    assert file.exists(), done.stdout + done.stderr
    return {
        one["name"]: [one["verdict"], *(found["code"] for found in one["findings"] if found["severity"] == "error")]
        + [found["code"] for found in one["findings"] if found["code"] == "page-hyphen-ignored"]
        + ([one["reason"]] if one["reason"] else [])
        for one in json.loads(file.read_text())["scenarios"]
    }


@pytest.mark.parametrize("page", ["right", "lists", "widget", "log"])
def test_a_page_is_right_that_acts_on_the_event_or_whose_way_the_list_is(
    command: Command, site: LoopbackServer, page: str
) -> None:
    """Also where it listens to messages of others, or writes them all down."""
    told = played(command, site, f"/{page}", "account-200", "account-401", "event-seen")

    assert told == {"account-200": ["warned"], "account-401": ["warned"], "event-seen": ["warned"]}


@pytest.mark.parametrize(
    ("page", "truth"),
    [
        ("underscore", {
            "account-200": ["warned", "page-hyphen-ignored"], "account-401": ["warned"], "event-seen": ["warned"],
            "forged-after-finish": ["warned"],
        }),
        ("hyphen", {
            "account-200": ["warned"], "account-401": ["warned"], "event-seen": ["failed", "page-underscore-ignored"],
            "forged-after-finish": ["warned"],
        }),
    ],
)  # fmt: skip
def test_a_spelling_that_is_not_heeded_is_told_though_the_list_connects_the_page(
    command: Command, site: LoopbackServer, page: str, truth: dict[str, list[str]]
) -> None:
    assert played(command, site, f"/{page}", *truth) == truth


@pytest.mark.parametrize(("page", "code"), [("none", "event-ignored"), ("throws", "listener-threw")])
def test_what_leads_over_an_event_that_led_to_nothing_rests_on_that(
    command: Command, site: LoopbackServer, page: str, code: str
) -> None:
    told = played(command, site, f"/{page}", "account-200", "account-401", "forged-foreign-origin", "facebook-cancel")

    assert told.pop("account-200") == ["failed", code]
    assert told.pop("facebook-cancel") == ["warned"]
    rests = ["skipped", f"rests on {code}, told of account-200"]
    assert told == {"account-401": rests, "forged-foreign-origin": rests}


def test_nobody_refuses_a_forgery_who_does_not_listen(command: Command, site: LoopbackServer) -> None:
    told = played(command, site, "/deaf", "account-200", "forged-foreign-origin")

    assert told["account-200"] == ["warned"]
    verdict, reason = told["forged-foreign-origin"]
    assert verdict == "skipped"
    assert "nothing on the page listens" in reason
