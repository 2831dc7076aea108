"""The requests of a recording: the follow-up, and on purpose those that the service must refuse."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlsplit

from oauth_window_harness.contract.fixture import ExchangeResponse, contracts
from oauth_window_harness.errors import UpstreamError
from oauth_window_harness.record.unredacted import SeenExchange
from oauth_window_harness.service.provocation import BY_STATUS, Provocation
from oauth_window_harness.service.request import LiveRequest, LiveValues, live_request
from oauth_window_harness.service.upstream import Upstream

#: Who would write addresses and headers into a log, if one were kept.
_LOGGERS = ("httpx", "httpcore")

_REDIRECTS = range(300, 400)

#: Stands for the account where the window named none: of the shape of an id, and nobody's.
_NOBODY = "0" * 24


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
        api: the value of ``Version``.
        live: the token, and the location and the user of every request.
        tell: is told what was asked and what came.
    """

    def __init__(self, upstream: Upstream, api: str, live: LiveValues, tell: Callable[[str], None]) -> None:
        self._upstream = upstream
        self._api = api
        self._live = live
        self._tell = tell

    async def start(self) -> SeenExchange | None:
        """Ask start where the window would be led; None where it leads nowhere by itself.

        Raises:
            UpstreamError: it refuses.
        """
        name = f"start-{HTTPStatus.FOUND}"
        asked = self._ask(name, None)
        response = await self._upstream.get(asked.path, headers=asked.header_map(), query=dict(asked.query))
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise UpstreamError(
                "start refuses the window",
                where=self._upstream.origin,
                seen=f"status {response.status}",
                todo="see that the token, --location and --user are right and belong together",
            )
        redirects = response.status in _REDIRECTS
        self._tell(f"start, asked as documented: {response.status}" + ("" if redirects else "; that is not kept"))
        if not redirects:
            return None
        redirect = ExchangeResponse(status=response.status, headers=response.headers)
        return SeenExchange(
            name=name if response.status == HTTPStatus.FOUND else f"{name}-was-{response.status}",
            title="start redirects to Facebook's dialog",
            endpoint="start",
            path=asked.path,
            response=redirect,
            query=dict(asked.query),
            headers=_lower(asked),
        )

    async def account(self, status: int, account: str | None, *, must_succeed: bool) -> SeenExchange | None:
        """Ask for the account so that a status should come, and give what came.

        Args:
            status: 200, or one that is provoked.
            account: its id, or None where the window named none; a success cannot be had then.
            must_succeed: whether there is nothing to record where the request that is as documented is refused.

        Raises:
            UpstreamError: what came is none of an API's answers, or the request that must succeed was refused.
        """
        wrong = None if status == HTTPStatus.OK else BY_STATUS[status][0]
        how = "asked as documented" if wrong is None else f"with {wrong.fault}"
        if account is None and wrong is None:
            self._tell("The event names no account, so there is no follow-up to record.")
            return None
        asked = self._ask("account-200", wrong, account or _NOBODY)
        response = await self._upstream.get(asked.path, headers=asked.header_map())
        self._see_json(response, f"account GET, {how}: {response.status}")
        came = "" if response.status == status else f", where {status} was to come"
        self._tell(f"account GET, {how}: {response.status}{came}")
        if must_succeed and wrong is None and response.status >= HTTPStatus.BAD_REQUEST:
            raise UpstreamError(
                "the service refuses what it should answer, so nothing was written",
                where=self._upstream.origin,
                seen=f"account GET, {how}: {response.status}",
                todo="see that the token, --location and the account are right and belong together; "
                "--statuses 400,401,422 records the errors alone",
            )
        return SeenExchange(
            name=f"account-{status}" if response.status == status else f"account-{status}-was-{response.status}",
            title=f"The account GET, {how}",
            endpoint="account",
            path=asked.path,
            response=response,
            headers=_lower(asked),
            provoked_by=None if wrong is None else wrong.name,
        )

    def _ask(self, documented: str, wrong: Provocation | None, account: str | None = None) -> LiveRequest:
        exchange = contracts().exchange(documented).model_copy(update={"api": self._api})
        return live_request(exchange, replace(self._live, account=account), wrong)

    def _see_json(self, response: ExchangeResponse, request: str) -> None:
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


def _lower(asked: LiveRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in asked.headers}
