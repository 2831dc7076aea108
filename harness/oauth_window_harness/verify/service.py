"""The comparison of recorded exchanges with what a service answers to the same requests today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from oauth_window_harness.contract.difference import Comparison, NotComparedError, compare_exchange
from oauth_window_harness.contract.fixture import Exchange, ExchangeResponse
from oauth_window_harness.contract.values import media_type
from oauth_window_harness.errors import UpstreamError
from oauth_window_harness.record.sentences import in_recorded_form, is_recorded
from oauth_window_harness.service.provocation import BY_STATUS, PROVOCATIONS, Provocation
from oauth_window_harness.service.request import LiveRequest, LiveValues, live_request, with_live_values
from oauth_window_harness.service.upstream import Upstream

_SCOPE = "socialplanner/oauth.readonly"
#: What the user can do about a request that should have succeeded, by the status that it got.
_TODO: Mapping[int, str] = {
    HTTPStatus.BAD_REQUEST: "check that --location, --user and --account-id are complete",
    HTTPStatus.UNAUTHORIZED: "check that the token is valid today, belongs to this location, and has the scope "
    + _SCOPE,
    HTTPStatus.FORBIDDEN: "check that the token belongs to the location that --location names",
    HTTPStatus.NOT_FOUND: "check that --account-id is one that the event named, and that --upstream is the service",
    HTTPStatus.UNPROCESSABLE_ENTITY: "check that --location, --user and --account-id are complete",
    HTTPStatus.TOO_MANY_REQUESTS: "wait for ten seconds, or for a day if the daily limit is used up",
}
_TODO_OTHERWISE = "try again later; the service cannot answer at the moment"

_REDIRECTS = range(300, 400)
#: The statuses that refuse the token or its rights; other provocations show nothing then (RFC 9110 §15.5).
_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@dataclass(frozen=True)
class RejectedRequest:
    """A request that should have succeeded, but was rejected."""

    status: int
    message: str
    todo: str


class ServiceComparer:
    """Compares exchanges with one service, and makes each request once.

    Args:
        upstream: the service.
        live: the values behind the pseudonyms.
        fixtures: all exchanges to compare, by name, so that an answer can be recognized as that of another fixture.

    Attributes:
        rejections: the requests that should have succeeded, but were rejected, by the fixture's name.
        notes: remarks for the report, each once, in order.
    """

    def __init__(self, upstream: Upstream, live: LiveValues, fixtures: Mapping[str, Exchange]) -> None:
        self._upstream = upstream
        self._live = live
        self._fixtures = fixtures
        self._answers: dict[LiveRequest, ExchangeResponse] = {}
        self._is_token_refused = False
        self.rejections: dict[str, RejectedRequest] = {}
        self.notes: dict[str, None] = {}

    def names_in_order(self) -> list[str]:
        """Return the fixtures' names, those of valid requests first, which show whether the token is accepted."""
        return sorted(self._fixtures, key=lambda name: _provocations_of(self._fixtures[name]) != (None,))

    async def exchange(self, name: str, *, stale: bool = False) -> Comparison:
        """Make a fixture's request again, and return the comparison of the answer with the fixture.

        Raises:
            NotComparedError: the request is not made, or its answer proves nothing; the text says why.
            UpstreamError: the service does not answer, or something else answers in its place.
        """
        fixture = self._fixtures[name]
        attempts = _provocations_of(fixture)
        _check_can_be_requested(fixture, attempts)
        if self._is_token_refused and any(
            row and row.status not in _REFUSED and row.version is None for row in attempts
        ):
            raise NotComparedError("the token was refused, which says nothing of other errors")
        answers = [await self._answer(fixture, row) for row in attempts]
        comparisons = [self._compare(fixture, answer, stale=stale) for answer in answers]
        nearest = min(range(len(comparisons)), key=lambda index: _cost(comparisons[index]))
        wrong, answer, comparison = attempts[nearest], answers[nearest], comparisons[nearest]
        if wrong is not None and HTTPStatus.TOO_MANY_REQUESTS in (one.status for one in answers):
            raise NotComparedError(f"the service answers {HTTPStatus.TOO_MANY_REQUESTS}: it was asked too often")
        if wrong is None and answer.status >= HTTPStatus.BAD_REQUEST > fixture.response.status:
            self._reject(name, fixture, answer)
        if _cost(comparison) > (0, 0) and fixture.response.status == answer.status:
            self._note_other_fixture(name, fixture, answer)
        if wrong is not None and fixture.endpoint == "api" and answer.status != fixture.response.status:
            raise NotComparedError(f"{wrong.fault} is answered with {answer.status} here")
        return comparison

    def _compare(self, fixture: Exchange, answer: ExchangeResponse, *, stale: bool) -> Comparison:
        plain = compare_exchange(with_live_values(fixture, self._live), answer, stale=stale)
        if not is_recorded(fixture) or _cost(plain) == (0, 0):
            return plain
        expected = fixture.model_copy(update={"response": in_recorded_form(fixture.response)})
        return compare_exchange(expected, in_recorded_form(answer, self._live), stale=stale)

    async def _answer(self, fixture: Exchange, wrong: Provocation | None) -> ExchangeResponse:
        request = live_request(fixture, self._live, wrong)
        if request not in self._answers:
            self._answers[request] = await self._upstream.get(
                request.path, headers=request.header_map(), query=dict(request.query)
            )
        answer = self._answers[request]
        if fixture.endpoint != "start":
            _check_is_service(self._upstream.origin, answer)
        return answer

    def _reject(self, name: str, fixture: Exchange, answer: ExchangeResponse) -> None:
        if fixture.endpoint != "start" and answer.status in _REFUSED:
            self._is_token_refused = True
        self.rejections[name] = RejectedRequest(
            answer.status, _message(answer), _TODO.get(answer.status, _TODO_OTHERWISE)
        )

    def _note_other_fixture(self, name: str, fixture: Exchange, answer: ExchangeResponse) -> None:
        """Note which other fixture the answer equals; a gateway's errors may share their status."""
        for other, known in self._fixtures.items():
            same_place = known.endpoint in (fixture.endpoint, "api") or fixture.endpoint == "api"
            if other != name and same_place and _cost(compare_exchange(known, answer)) == (0, 0):
                if fixture.endpoint == "api":
                    raise NotComparedError(f"the service answers as in {other}")
                self.notes[f"{name}: the service answers as in {other}"] = None
                return


def _provocations_of(fixture: Exchange) -> Sequence[Provocation | None]:
    """Return the provocations to try for a fixture, None being the valid request; nothing if none is known."""
    provocation = PROVOCATIONS.get(fixture.request.provoked_by or "")
    if provocation is not None:
        return (provocation,)
    # A recording names its provocation, so an error that names none came in answer to a valid request.
    if fixture.response.status < HTTPStatus.BAD_REQUEST or fixture.request.headers:
        return (None,)
    return BY_STATUS.get(fixture.response.status, ()) if fixture.endpoint != "api" else ()


def _check_can_be_requested(fixture: Exchange, attempts: Sequence[Provocation | None]) -> None:
    if fixture.request.method != "GET":
        raise NotComparedError("its request would change something, and is never made")
    if not attempts:
        raise NotComparedError(f"no request is known that provokes this {fixture.response.status}")
    if fixture.response.body is None and fixture.response.text is not None and fixture.provenance.grade == "assumed":
        raise NotComparedError("it stands for something between the app and the service")


def _check_is_service(origin: str, answer: ExchangeResponse) -> None:
    """Check that the API has answered, and not a portal, a proxy or another address.

    Raises:
        UpstreamError: something else has answered.
    """
    where = f"--upstream {origin}"
    if answer.status in _REDIRECTS:
        raise UpstreamError(
            "the service redirects, and is not followed with a token",
            where=where,
            seen=f"{answer.status} to {_origin(answer.headers.get('location', ''))}",
            todo="name the address that it redirects to, if you trust it",
        )
    kind = media_type(answer.headers.get("content-type", ""))
    if kind == "text/html":
        raise UpstreamError(
            "a page answers where the API should",
            where=where,
            seen=f"{answer.status}, {kind}",
            todo="check that this is the service's address, and that no portal or proxy stands before it",
        )


def _origin(location: str) -> str:
    """Return the origin that a redirect leads to, without the parts that may be personal."""
    try:
        parts = urlsplit(location)
        host = parts.hostname
    except ValueError:
        host = None
    return f"{parts.scheme or 'https'}://{host}" if host else "another path of its own"


def _cost(comparison: Comparison) -> tuple[int, int]:
    severities = [difference.severity for difference in comparison.differences]
    return severities.count("error"), severities.count("warning")


def _message(answer: ExchangeResponse) -> str:
    message = answer.body.get("message") if isinstance(answer.body, dict) else answer.text
    return _shorten("; ".join(map(str, message)) if isinstance(message, list) else str(message or ""))


_MAX_MESSAGE = 200


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_MESSAGE else f"{text[: _MAX_MESSAGE - 1]}…"
