"""Test suites such as users write: the page that they test, and how pytest runs them."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

#: A page as an integrator writes it; the name in double brackets is replaced.
_PAGE = """<!doctype html>
<main><button id="help">Help</button> <button id="connect">Connect Facebook</button></main>
<p id="status"></p>
<script>
const OAUTH = "https://services.leadconnectorhq.com/social-media-posting/oauth";
const status = document.getElementById("status");
let popup;
document.getElementById("connect").onclick = () => {
  popup = window.open(`${OAUTH}/facebook/start?locationId=ve9EPM428h8vShlRW1KT&userId=u7RtY2kPq0LmN4sXv9Za`);
  if (!popup) { status.textContent = "blocked"; return; }
  const look = setInterval(() => {
    if (!popup.closed) return;
    clearInterval(look);
    if (!status.textContent) status.textContent = "closed";
  }, 300);
};
addEventListener("message", async (event) => {
  if (event.origin !== "https://services.leadconnectorhq.com" || event.source !== popup) return;
  if (event.data.page !== "[[page]]" || event.data.platform !== "facebook") return;
  status.textContent = "asking";
  const headers = { Authorization: "Bearer eins-zwei-drei", Version: "2021-07-28" };
  const answer = await fetch(`${OAUTH}/facebook/accounts/${event.data.accountId}`, { headers });
  status.textContent = answer.ok ? "connected" : `refused ${answer.status}`;
});
</script>
"""

#: Serves the page at ``/settings``, and nothing else.
_CONFTEST = """
import pytest
from pytest_httpserver import HTTPServer

PAGE = {page!r}

@pytest.fixture(scope="session")
def app():
    with HTTPServer(host="localhost") as server:
        server.expect_request("/settings").respond_with_data(PAGE, content_type="text/html")
        yield server.url_for("/settings")
"""


def page(spelling: str = "social-media-posting") -> str:
    """Return the page; it accepts one spelling of the event's ``page``."""
    return _PAGE.replace("[[page]]", spelling)


def write(pytester: pytest.Pytester, test: str, *, spelling: str = "social-media-posting") -> None:
    """Write a suite: a conftest that serves the page, and a test module."""
    pytester.makeconftest(_CONFTEST.format(page=page(spelling)))
    pytester.makepyfile(test_suite=textwrap.dedent(test))


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    """Run pytest as a user does, in a process of its own."""
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-v", *options, timeout=120)


def section(result: pytest.RunResult, test: str) -> str:
    """Return pytest's report of a failed test, from its heading to the next one."""
    text = result.stdout.str()
    match = re.search(rf"^_+ {re.escape(test)}.*?_+$(.*?)^(?:_+ test_|=+ )", text, re.MULTILINE | re.DOTALL)
    assert match is not None, text
    return match[1]


def files_in(folder: Path) -> list[str]:
    """Return the names of the files in a suite's folder, without those of Python and of pytester."""
    names = [str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()]
    return sorted(name for name in names if not re.search(r"__pycache__|^runpytest-|^std(out|err)$", name))
