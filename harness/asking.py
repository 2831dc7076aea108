"""The requests of a recording: the follow-up, and on purpose those that the service must refuse."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

from harness import contract
from harness.errors import UpstreamError
from harness.fixture import ExchangeResponse
from harness.provocation import BY_STATUS, Provocation
from harness.seen import SeenExchange
from harness.upstream import Upstream

#: Who would write addresses and headers into a log, if one were kept.
_LOGGERS = ("httpx", "httpcore")

_OK = 200
_REDIRECTS = range(300, 400)
_REJECTED = 400

#: Stands for the account where the window named none: of the shape of an id, and nobody's.
_NOBODY = "0" * 24

_RIGHT = Provocation("", _OK, "asked as documented")


@contextmanager
def unlogged() -> Iterator[None]:
    """Let no log have what is sent and answered meanwhile."""
    before = [(logger, logger.level) for logger in map(logging.getLogger, _LOGGERS)]
    for logger, _ in before:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in before:
            logger.setLevel(level)


class Asking:
    """Asks the service for one location.

    Args:
        upstream: the service.
        platform: that is recorded.
        api: the value of ``Version``.
        location: of every request.
        authorization: the live one.
        tell: is told what was asked and what came.
    """

    def __init__(
        self,
        upstream: Upstream,
        platform: str,
        api: str,
        location: str,
        authorization: str,
        tell: Callable[[str], None],
    ) -> None:
        self._upstream = upstream
        self._platform = platform
        self._api = api
        self._location = location
        self._authorization = authorization
        self._tell = tell

    async def start(self, user: str) -> SeenExchange:
        """Ask start where the window would be led.

        Raises:
            UpstreamError: it refuses, or leads nowhere.
        """
        path = contract.START_PATH.replace("<platform>", self._platform)
        query = {"locationId": self._location, "userId": user, "page": "integration"}
        headers = self._headers(_RIGHT)
        response = await self._upstream.get(path, headers=headers, query=query)
        if response.status not in _REDIRECTS:
            raise UpstreamError(
                "start does not lead to Facebook",
                where=self._upstream.origin,
                seen=f"status {response.status}",
                todo="see that the token, --location and --user are right and belong together"
                if response.status >= _REJECTED
                else "record without a window by --account-id",
            )
        self._tell(f"start, {_RIGHT.told}: {response.status}")
        name = "start-302" if response.status == 302 else f"start-302-was-{response.status}"  # noqa: PLR2004 - its name
        redirect = ExchangeResponse(status=response.status, headers=response.headers)
        return SeenExchange(name, "start redirects to Facebook's dialog", "start", path, redirect, query, headers)

    async def account(self, status: int, account: str | None) -> SeenExchange | None:
        """Ask for the account so that a status should come, and give what came.

        Args:
            status: 200, or one that is provoked.
            account: its id, or None where the window named none; a success cannot be had then.

        Raises:
            UpstreamError: what came is none of an API's answers.
        """
        wrong = _RIGHT if status == _OK else BY_STATUS[status][0]
        if account is None and status == _OK:
            self._tell("The event names no account, so there is no follow-up to record.")
            return None
        named = wrong.account or account or _NOBODY
        path = "/".join(
            {"<location>": quote(self._location, safe=""), "<account>": quote(named, safe="")}.get(
                part, self._platform if part == "<platform>" else part
            )
            for part in contract.ACCOUNT_PATHS[1].split("/")
        )
        headers = self._headers(wrong)
        response = await self._upstream.get(path, headers=headers)
        self._see_json(response, wrong)
        came = "" if response.status == status else f", where {status} was to come"
        asked_how = f"with {wrong.told}" if wrong.name else wrong.told
        self._tell(f"account GET, {asked_how}: {response.status}{came}")
        return SeenExchange(
            name=f"account-{status}" if response.status == status else f"account-{status}-was-{response.status}",
            title=f"The account GET, {asked_how}",
            endpoint="account",
            path=path,
            response=response,
            headers=headers,
            provoked_by=wrong.name or None,
        )

    def _headers(self, wrong: Provocation) -> dict[str, str]:
        authorization = self._authorization if wrong.token is None else f"Bearer {wrong.token}"
        version = self._api if wrong.version is None else wrong.version
        return {"version": version, "authorization": authorization}

    def _see_json(self, response: ExchangeResponse, wrong: Provocation) -> None:
        request = f"account GET, {wrong.told}: {response.status}"
        if response.status in _REDIRECTS:
            host = urlsplit(response.headers.get("location", "")).hostname
            here = urlsplit(self._upstream.origin).hostname
            raise UpstreamError(
                "the service redirects where it should answer",
                where=self._upstream.origin,
                seen=request + (", to another host" if host and host != here else ""),
                todo="name with --upstream where the API itself is",
            )
        if response.text is not None:
            kind = "HTML" if "<" in response.text[:200] else "text that is no JSON"
            raise UpstreamError(
                f"the service answers with {kind} where JSON should be",
                where=self._upstream.origin,
                seen=request,
                todo="see that --upstream is the API, and that no login page or proxy stands before it",
            )
