"""``--allow``: what is meant is let through however it is written, and what cannot be meant is told."""

from __future__ import annotations

import httpx
import pytest
from werkzeug import Request, Response

from oauth_window_harness.errors import UsageError
from oauth_window_harness.network.hosts import allowed_host
from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command, InProcess
from tests.servers import ServeProcess
from tests.worlds import LONGEST

MEANT = {
    "cdn.example.com": "cdn.example.com",
    "CDN.Example.COM": "cdn.example.com",
    "https://cdn.example.com": "cdn.example.com",
    "HTTPS://CDN.example.com/": "cdn.example.com",
    "cdn.example.com/": "cdn.example.com",
    "http://localhost:3000/": "localhost:3000",
    "wss://push.example.com:8443": "push.example.com:8443",
    " localhost:3000 ": "localhost:3000",
    "localhost:03000": "localhost:3000",
    "example.com.": "example.com",
    "my_bucket.example.com": "my_bucket.example.com",
    "b\u00fccher.example": "xn--bcher-kva.example",
    "https://B\u00dcCHER.example:1/": "xn--bcher-kva.example:1",
    "xn--bcher-kva.example": "xn--bcher-kva.example",
    "127.0.0.1:65535": "127.0.0.1:65535",
    "[::1]": "[::1]",
    "[::1]:3000": "[::1]:3000",
    "http://[2001:DB8:0:0::1]:80/": "[2001:db8::1]:80",
}

NOT_MEANT = [
    "", " ", "/", "https://", "https:///", ":3000", "cdn.example.com//", "https://cdn.example.com/a",
    "cdn.example.com/lib.js", "cdn.example.com?x", "cdn.example.com#x", "user@example.com", "https://u:p@example.com",
    "*", "*.example.com", "localhost:*", "localhost:", "localhost:0", "localhost:65536", "localhost:-1",
    "localhost:http", "localhost:3000:1", "::1", "::1:3000", "[::1", "::1]", "[]", "[::1]x", "[cdn.example.com]",
    "[fe80::1%eth0]",
    "ftp://example.com", "file:///etc", "a b", "a,b", "a..b", ".a", "-a.example", "999.1.1.1", "1.2.3", "a" * 64,
    "fa\u00df.example", "localhost:\u0663",
]  # fmt: skip


@pytest.mark.parametrize("text", MEANT)
def test_what_is_meant_has_one_form(text: str) -> None:
    assert allowed_host(text) == MEANT[text]
    assert allowed_host(MEANT[text]) == MEANT[text]


@pytest.mark.parametrize("text", NOT_MEANT)
def test_what_cannot_be_meant_is_told_with_the_form(text: str) -> None:
    with pytest.raises(UsageError) as told:
        allowed_host(text, "--oauth-window-allow")
    assert told.value.where == "--oauth-window-allow"
    assert told.value.seen == repr(text)
    assert "HOST[:PORT]" in told.value.todo


@pytest.mark.parametrize("command", ["run", "serve"])
def test_a_command_tells_it_before_anything_starts(in_process: InProcess, command: str) -> None:
    done = in_process(command, "--allow", "good.example", "--allow", "https://cdn.example.com/lib")
    assert done.returncode == 2
    assert "HOST[:PORT]" in done.stderr
    assert "'https://cdn.example.com/lib'" in done.stderr
    assert list(in_process.folder.iterdir()) == []


def test_a_host_in_upper_case_with_a_scheme_is_let_through(command: Command) -> None:
    def answer(_request: Request) -> Response:
        return Response("from the CDN")

    with LoopbackServer(answer) as cdn:
        served = ServeProcess(command, "--allow", f"HTTP://LOCALHOST:{cdn.port}/")
        try:
            with httpx.Client(proxy=served.ready["gateway"], trust_env=False, timeout=LONGEST) as client:
                assert client.get(f"http://localhost:{cdn.port}/lib.js").text == "from the CDN"
                assert client.get(f"http://127.0.0.1:{cdn.port}/lib.js").status_code == 403
        finally:
            served.stop()
