"""Servers on loopback in place of the service that is recorded, and of a person who approves in its window."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from werkzeug import Request, Response

from oauth_window_harness.contract.fixture import contracts
from oauth_window_harness.contract.rules import AcceptedValues
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.play import Play
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.redact import Redactor
from oauth_window_harness.stub.app import Stub
from oauth_window_harness.stub.session import Session, StubRules
from tests.worlds import scenario

TOKEN = "pit-7f3c9a52-1b6d-4e80-9c47-d2a85be01f36"
LOCATION = "ve9EPM428h8vShlRW1KT"
USER = "s8qyTiO1UrYvKUxr9Yw2"
ACCOUNT = "658a9b6833b91e0ecb8f3958"

#: The body of each answer, by status, where a test names no other.
PAGES = [{"id": "244405123411687", "name": "Jane Roe Bakery", "avatar": "https://scontent.xx.fbcdn.net/v/t39.30808-1/"
          "338_n.jpg?stp=dst-jpg&oh=00_AfBkq1Yd2&oe=66A1B2C3", "isOwned": True, "isConnected": False}]  # fmt: skip
ANSWERS: dict[int, Any] = {
    200: {"success": True, "statusCode": 200, "message": "Fetched Facebook Account", "results": {"pages": PAGES}},
    400: {"statusCode": 400, "message": "Bad Request"},
    401: {"statusCode": 401, "message": "Invalid token: access token is invalid", "error": "Unauthorized"},
    422: {"statusCode": 422, "message": ["Unprocessable Entity"], "error": "Unprocessable Entity"},
}

Answer = Callable[[Request, int], Response]


def status_for(request: Request) -> int:
    """Return the status with which the service answers a request."""
    if request.headers.get("Version") not in ("2021-07-28", "v3"):
        return 400
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        return 401
    return 200 if request.path.endswith(f"/{LOCATION}/facebook/accounts/{ACCOUNT}") else 422


def as_json(body: Any, status: int, headers: dict[str, str] | None = None) -> Response:
    """Return a JSON answer."""
    return Response(json.dumps(body), status, headers, content_type="application/json; charset=utf-8")


def documented_answer(_request: Request, status: int) -> Response:
    """Return the answer that the vendor documents."""
    return as_json(ANSWERS[status], status)


@contextmanager
def service(answer: Answer = documented_answer) -> Iterator[str]:
    """Run a service that knows one account, and yield its origin."""
    with LoopbackServer(lambda request: answer(request, status_for(request))) as server:
        yield f"http://{LOOPBACK}:{server.port}"


class Person:
    """The project's own stub as the live service, with a person in its window who does one thing.

    Args:
        does: ``approve``, ``leave`` (the window closes), or ``nothing``.
        posts: the event fixtures that the finish page posts.
        fixtures: a folder of further fixtures.
        account: the fixture that answers the account GET.
    """

    def __init__(self, does: str, *posts: str, fixtures: Path | None = None, account: str = "account-200") -> None:
        story = scenario(finish={"posts": posts or ("event",)}, answers={"account": account})
        accepted = AcceptedValues(token=TOKEN, location=LOCATION, user=USER)
        self._stub = Stub(Session(Play(story, contracts(fixtures), Journal(), Redactor([TOKEN])), StubRules(accepted)))
        self._script = {
            "approve": "document.querySelector('[data-testid=consent-approve]').click()",
            "leave": "window.close()",
            "nothing": "",
        }[does]

    def __call__(self, request: Request) -> Response:
        response = self._stub(request)
        if request.path == "/dialog/oauth":
            response.set_data(
                response.get_data(as_text=True).replace("</body>", f"<script>{self._script}</script></body>")
            )
        return response

    @contextmanager
    def at(self) -> Iterator[str]:
        """Run the service, and yield its origin."""
        with LoopbackServer(self) as server:
            yield f"http://{LOOPBACK}:{server.port}"


class Endless:
    """An answer that goes on until the test has ended."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def __call__(self, _request: Request, status: int) -> Response:
        def body() -> Iterator[bytes]:
            yield b"["
            while not self.over.is_set():
                yield b"0," * 8192

        return Response(body(), status, content_type="application/json")
