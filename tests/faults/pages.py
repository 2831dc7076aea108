"""Pages that do one thing without end, each with a control that connects."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from werkzeug import Request, Response

from tests.worlds import LOCATION, SERVICE, START, USER

WINDOW = f"{SERVICE}{START}?locationId={LOCATION}&userId={USER}"

#: What each page does, in addition to opening its window upon the click.
SCRIPTS = {
    "hangs-at-click": "onConnect = () => { for (;;); };",
    "hangs-at-event": "onmessage = () => { for (;;); };",
    "hangs-at-load": "for (;;);",
    "hundred-windows": f"onConnect = () => {{ for (let n = 0; n < 100; n++) open({WINDOW!r}, '_blank', 'popup'); }};",
    "million-messages": """
        let left = 1e6;
        onmessage = ({ data }) => { if (data === "again" && left-- > 0) postMessage("again", "*"); };
        onConnect = () => { for (let n = 0; n < 100; n++) postMessage("again", "*"); };
    """,
    "million-at-once": "onConnect = () => { for (let n = 0; n < 1e6; n++) postMessage({ n }, '*'); };",
    "million-lines": "onConnect = () => { for (let n = 0; n < 1e6; n++) console.log('line', n); };",
    "navigates-at-click": "onConnect = () => { location.hash = 'on'; }; if (location.hash) location.reload();",
    "navigates-at-load": "setTimeout(() => { location.search = `?${Math.random()}`; });",
    "endless-script": "",
    "endless-fetch": "onConnect = async () => { await (await fetch('/endless')).text(); };",
    "endless-page": "",
    "endless-text": """
        let text = "";
        onConnect = () => setInterval(() => { text += "more ".repeat(1000); say(text); }, 1);
    """,
    "dialogs": "onConnect = () => { for (;;) alert('again'); };",
}

PAGE = """<!doctype html><button>Connect Facebook</button><p role=status></p>
<script>
  let onConnect = () => {};
  const say = (text) => { document.querySelector("p").textContent = text; };
  document.querySelector("button").onclick = () => { open(WINDOW, "_blank", "popup"); say("Go on"); onConnect(); };
  SCRIPT
</script>""".replace("WINDOW", repr(WINDOW))


def _endless(beginning: str) -> Iterator[bytes]:
    yield beginning.encode()
    paced = threading.Event()
    while not paced.wait(0.01):  # an answer without end, not a flood: that would keep the tests' own process busy
        yield b" " * 4096


def answer(request: Request) -> Response:
    """Return a page by its path; ``/endless`` is an answer without end."""
    name = request.path.strip("/")
    page = PAGE.replace("SCRIPT", SCRIPTS.get(name, ""))
    if name == "endless":
        return Response(_endless("//"), content_type="text/javascript")
    if name == "endless-page":
        return Response(_endless(page), content_type="text/html")
    if name == "endless-script":
        page += "<script src=/endless></script>"
    return Response(page, content_type="text/html")
