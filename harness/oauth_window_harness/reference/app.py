"""The backend of the reference app: it serves the page and asks for accounts, so that no browser has the token."""

from __future__ import annotations

import json
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

import httpx
from werkzeug import Request, Response

SERVICE = "https://services.leadconnectorhq.com"
VERSION = "2021-07-28"
_PAGE = Path(__file__).with_name("index.html").read_text(encoding="utf-8")


class ReferenceApp:
    """The application, as a function from request to response.

    Args:
        http: the client for calls to the service; in production a plain ``httpx.Client()``.
        token: a Sub-Account access token, or a Private Integration Token.
        location: the sub-account that connects a Facebook account.
        user: the HighLevel user who does so.
    """

    def __init__(self, http: httpx.Client, *, token: str, location: str, user: str) -> None:
        self._http = http
        self._token = token
        self._location = location
        self._user = user

    def __call__(self, request: Request) -> Response:
        """Return the page, the list of accounts, the account whose id an event carried, or 404."""
        if request.path == "/":
            return self._page()
        if request.path == "/api/facebook/accounts" and request.method == "GET":
            return self._get(f"/social-media-posting/{quote(self._location)}/accounts")
        folder, _, account = request.path.rpartition("/")
        if folder == "/api/facebook/accounts" and request.method == "GET":
            return self._account(account)
        return Response("not found\n", HTTPStatus.NOT_FOUND)

    def _page(self) -> Response:
        settings = json.dumps({"locationId": self._location, "userId": self._user}).replace("<", "\\u003c")
        return Response(_PAGE.replace("{{ settings }}", settings), content_type="text/html; charset=utf-8")

    def _account(self, account: str) -> Response:
        # The id comes from a browser: only characters of the service's ids may become part of a path.
        if not (account.isascii() and account.isalnum()):
            return _json(HTTPStatus.BAD_REQUEST, {"message": "the account id is invalid"})
        return self._get(f"/social-media-posting/oauth/{quote(self._location)}/facebook/accounts/{account}")

    def _get(self, path: str) -> Response:
        headers = {"Authorization": f"Bearer {self._token}", "Version": VERSION}
        try:
            answer = self._http.get(f"{SERVICE}{path}", headers=headers)
            body = answer.json()
        except httpx.HTTPError:
            return _json(HTTPStatus.BAD_GATEWAY, {"message": "HighLevel could not be reached"})
        except ValueError:
            return _json(HTTPStatus.BAD_GATEWAY, {"message": "HighLevel's answer could not be read"})
        return _json(answer.status_code, body)


def _json(status: int, body: object) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
