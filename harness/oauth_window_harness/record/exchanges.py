"""The requests of a recording: the follow-up, and those that the service must refuse."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlsplit

from oauth_window_harness.contract.fixture import ExchangeResponse, contracts
from oauth_window_harness.errors import UpstreamError
from oauth_window_harness.record.unredacted import RawExchange
from oauth_window_harness.service.provocation import BY_STATUS, Provocation
from oauth_window_harness.service.request import LiveRequest, LiveValues, live_request
from oauth_window_harness.service.upstream import Upstream

#: The loggers that would write addresses and headers into a log.
_LOGGERS = ("httpx", "httpcore")

_REDIRECTS = range(300, 400)

#: The id that is used if the window named no account: it has the shape of an id, and belongs to nobody.
_NOBODY = "0" * 24


@contextmanager
def suppress_logs() -> Iterator[None]:
    """Keep requests and responses out of all logs until the block ends."""
    before = [(logger, logger.level) for logger in map(logging.getLogger, _LOGGERS)]
    for logger, _ in before:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in before:
            logger.setLevel(level)


class ExchangeRecorder:
    """Makes the requests of one recording.

    Args:
        upstream: the service.
        api: the value of ``Version``.
        live: the token, the location and the user of every request.
        tell: called with a sentence about each request and its answer.
    """

    def __init__(self, upstream: Upstream, api: str, live: LiveValues, tell: Callable[[str], None]) -> None:
        self._upstream = upstream
        self._api = api
        self._live = live
        self._tell = tell

    async def start(self) -> RawExchange | None:
        """Make the start request, and return the exchange, or None if the answer is not a redirect.

        Raises:
            UpstreamError: the service refuses the request.
        """
        name = f"start-{HTTPStatus.FOUND}"
        request = self._request(name, None)
        response = await self._upstream.get(request.path, headers=request.header_map(), query=dict(request.query))
        if response.status >= HTTPStatus.BAD_REQUEST:
            raise UpstreamError(
                "start refuses the window",
                where=self._upstream.origin,
                seen=f"status {response.status}",
                todo="check that the token, --location and --user are right and belong together",
            )
        redirects = response.status in _REDIRECTS
        self._tell(f"start, asked as documented: {response.status}" + ("" if redirects else "; that is not kept"))
        if not redirects:
            return None
        redirect = ExchangeResponse(status=response.status, headers=response.headers)
        return RawExchange(
            name=name if response.status == HTTPStatus.FOUND else f"{name}-was-{response.status}",
            title="start redirects to Facebook's dialog",
            endpoint="start",
            path=request.path,
            response=redirect,
            query=dict(request.query),
            headers=_lower_case_headers(request),
        )

    async def account(self, status: int, account: str | None, *, must_succeed: bool) -> RawExchange | None:
        """Make the account GET that should be answered with a status, and return the exchange.

        Args:
            status: the status that is expected: 200, or one that is provoked.
            account: the account's id, or None if the window named none; then a 200 cannot be recorded, and the result
                is None.
            must_succeed: whether a refusal of the documented request is an error.

        Raises:
            UpstreamError: the answer is not that of an API, or the request that must succeed was refused.
        """
        wrong = None if status == HTTPStatus.OK else BY_STATUS[status][0]
        how = "asked as documented" if wrong is None else f"with {wrong.fault}"
        if account is None and wrong is None:
            self._tell("The event names no account, so there is no follow-up to record.")
            return None
        request = self._request("account-200", wrong, account or _NOBODY)
        response = await self._upstream.get(request.path, headers=request.header_map())
        self._check_json(response, f"account GET, {how}: {response.status}")
        mismatch = "" if response.status == status else f", where {status} was expected"
        self._tell(f"account GET, {how}: {response.status}{mismatch}")
        if must_succeed and wrong is None and response.status >= HTTPStatus.BAD_REQUEST:
            raise UpstreamError(
                "the service refuses a request that it should answer, so nothing was written",
                where=self._upstream.origin,
                seen=f"account GET, {how}: {response.status}",
                todo="check that the token, --location and the account are right and belong together; "
                "--statuses 400,401,422 records the errors alone",
            )
        return RawExchange(
            name=f"account-{status}" if response.status == status else f"account-{status}-was-{response.status}",
            title=f"The account GET, {how}",
            endpoint="account",
            path=request.path,
            response=response,
            headers=_lower_case_headers(request),
            provoked_by=None if wrong is None else wrong.name,
        )

    def _request(self, fixture: str, wrong: Provocation | None, account: str | None = None) -> LiveRequest:
        exchange = contracts().exchange(fixture).model_copy(update={"api": self._api})
        return live_request(exchange, replace(self._live, account=account), wrong)

    def _check_json(self, response: ExchangeResponse, request_summary: str) -> None:
        if response.status in _REDIRECTS:
            host = urlsplit(response.headers.get("location", "")).hostname
            here = urlsplit(self._upstream.origin).hostname
            raise UpstreamError(
                "the service redirects where it should answer",
                where=self._upstream.origin,
                seen=request_summary + (", to another host" if host and host != here else ""),
                todo="name the API's own address with --upstream",
            )
        if response.text is not None:
            kind = "HTML" if "<" in response.text[:200] else "text that is not JSON"
            raise UpstreamError(
                f"the service answers with {kind} where JSON should be",
                where=self._upstream.origin,
                seen=request_summary,
                todo="check that --upstream is the API, and that no login page or proxy stands before it",
            )


def _lower_case_headers(request: LiveRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers}
