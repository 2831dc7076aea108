"""Compares recorded exchanges with what a service answers to the same requests today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from oauth_window_harness.contract.difference import Comparison, NotComparedError, compare_exchange
from oauth_window_harness.contract.fixture import Exchange, ExchangeResponse
from oauth_window_harness.contract.values import media_type
from oauth_window_harness.errors import UpstreamError
from oauth_window_harness.record.sentences import as_recorded, is_recorded
from oauth_window_harness.service.provocation import BY_STATUS, PROVOCATIONS, Provocation
from oauth_window_harness.service.request import LiveRequest, LiveValues, live_request, with_live_values
from oauth_window_harness.service.upstream import Upstream

_SCOPE = "socialplanner/oauth.readonly"
#: What the user can do about a request that should have gone through.
_TODO: Mapping[int, str] = {
    400: "see that --location, --user and --account-id are whole",
    401: f"see that the token is valid today, of this location, and has the scope {_SCOPE}",
    403: "see that the token is one of the location that --location names",
    404: "see that --account-id is one that the event named, and that --upstream is the service",
    422: "see that --location, --user and --account-id are whole",
    429: "wait for ten seconds; if the daily limit is used up, for a day",
}
_TODO_OTHERWISE = "ask again later; the service cannot answer as things are"

_REDIRECTS = range(300, 400)
#: What says that the token or what it may do was refused, so that nothing further is told by it (RFC 9110 §15.5).
_REFUSED = frozenset({401, 403})


@dataclass(frozen=True)
class Rejected:
    """A request that should have gone through, and did not."""

    status: int
    message: str
    todo: str


class ServiceComparer:
    """Compares exchanges with one service, each request made once.

    Args:
        upstream: the service.
        live: the values behind the pseudonyms.
        fixtures: all exchanges that are compared, by name, so that one can be known as another.
    """

    def __init__(self, upstream: Upstream, live: LiveValues, fixtures: Mapping[str, Exchange]) -> None:
        self._upstream = upstream
        self._live = live
        self._fixtures = fixtures
        self._answers: dict[LiveRequest, ExchangeResponse] = {}
        self._refused = False
        self.rejected: dict[str, Rejected] = {}
        self.notes: dict[str, None] = {}

    def in_order(self) -> list[str]:
        """Return the fixtures' names: what should go through first, because it shows what the token is worth."""
        return sorted(self._fixtures, key=lambda name: _askings(self._fixtures[name]) != (None,))

    async def exchange(self, name: str, *, stale: bool = False) -> Comparison:
        """Make a fixture's request again, and compare the answer.

        Raises:
            NotComparedError: the request is not made, or its answer tells nothing; the text says why.
            UpstreamError: the service does not answer, or something else answers in its place.
        """
        fixture = self._fixtures[name]
        asked = _askings(fixture)
        _see_that_it_can_be_asked(fixture, asked)
        if self._refused and any(row and row.status not in _REFUSED and row.version is None for row in asked):
            raise NotComparedError("the token was refused, which says nothing of other errors")
        answers = [await self._answer(fixture, row) for row in asked]
        compared = [self._compared(fixture, answer, stale=stale) for answer in answers]
        nearest = min(range(len(compared)), key=lambda place: _cost(compared[place]))
        wrong, answer, comparison = asked[nearest], answers[nearest], compared[nearest]
        if wrong is not None and HTTPStatus.TOO_MANY_REQUESTS in (one.status for one in answers):
            raise NotComparedError(f"the service answers {HTTPStatus.TOO_MANY_REQUESTS}: it was asked too often")
        if wrong is None and answer.status >= HTTPStatus.BAD_REQUEST > fixture.response.status:
            self._reject(name, fixture, answer)
        if _cost(comparison) > (0, 0) and fixture.response.status == answer.status:
            self._known_as(name, fixture, answer)
        if wrong is not None and fixture.endpoint == "api" and answer.status != fixture.response.status:
            raise NotComparedError(f"{wrong.fault} is answered with {answer.status} here")
        return comparison

    def _compared(self, fixture: Exchange, answer: ExchangeResponse, *, stale: bool) -> Comparison:
        plain = compare_exchange(with_live_values(fixture, self._live), answer, stale=stale)
        if not is_recorded(fixture) or _cost(plain) == (0, 0):
            return plain
        expected = fixture.model_copy(update={"response": as_recorded(fixture.response)})
        return compare_exchange(expected, as_recorded(answer, self._live), stale=stale)

    async def _answer(self, fixture: Exchange, wrong: Provocation | None) -> ExchangeResponse:
        request = live_request(fixture, self._live, wrong)
        if request not in self._answers:
            self._answers[request] = await self._upstream.get(
                request.path, headers=request.header_map(), query=dict(request.query)
            )
        answer = self._answers[request]
        if fixture.endpoint != "start":
            _see_that_it_is_the_service(self._upstream.origin, answer)
        return answer

    def _reject(self, name: str, fixture: Exchange, answer: ExchangeResponse) -> None:
        if fixture.endpoint != "start" and answer.status in _REFUSED:
            self._refused = True
        self.rejected[name] = Rejected(answer.status, _message(answer), _TODO.get(answer.status, _TODO_OTHERWISE))

    def _known_as(self, name: str, fixture: Exchange, answer: ExchangeResponse) -> None:
        """Say which other fixture the answer is; of an error that stands before the service there are several."""
        for other, known in self._fixtures.items():
            same_place = known.endpoint in (fixture.endpoint, "api") or fixture.endpoint == "api"
            if other != name and same_place and _cost(compare_exchange(known, answer)) == (0, 0):
                if fixture.endpoint == "api":
                    raise NotComparedError(f"the service answers as {other} has it")
                self.notes[f"{name}: the service answers as {other} has it"] = None
                return


def _askings(fixture: Exchange) -> Sequence[Provocation | None]:
    """Return the ways in which a fixture is asked for, None being the right way; nothing where none is known."""
    named = PROVOCATIONS.get(fixture.request.provoked_by or "")
    if named is not None:
        return (named,)
    # A recording says what was sent, and what was wrong with it: an error without that came by itself.
    if fixture.response.status < HTTPStatus.BAD_REQUEST or fixture.request.headers:
        return (None,)
    return BY_STATUS.get(fixture.response.status, ()) if fixture.endpoint != "api" else ()


def _see_that_it_can_be_asked(fixture: Exchange, asked: Sequence[Provocation | None]) -> None:
    if fixture.request.method != "GET":
        raise NotComparedError("its request would change something, and is never made")
    if not asked:
        raise NotComparedError(f"no request is known that provokes this {fixture.response.status}")
    if fixture.response.body is None and fixture.response.text is not None and fixture.provenance.grade == "assumed":
        raise NotComparedError("it stands for something between the app and the service")


def _see_that_it_is_the_service(origin: str, answer: ExchangeResponse) -> None:
    """Check that the API has answered, and not a portal, a proxy or another address.

    Raises:
        UpstreamError: it has not.
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
            todo="see that this is the service's address, and that no portal or proxy stands before it",
        )


def _origin(location: str) -> str:
    """Return where a redirect leads, without what may be somebody's in it."""
    try:
        parts = urlsplit(location)
        host = parts.hostname
    except ValueError:
        host = None
    return f"{parts.scheme or 'https'}://{host}" if host else "another path of its own"


def _cost(comparison: Comparison) -> tuple[int, int]:
    severities = [found.severity for found in comparison.differences]
    return severities.count("error"), severities.count("warning")


def _message(answer: ExchangeResponse) -> str:
    told = answer.body.get("message") if isinstance(answer.body, dict) else answer.text
    return _shortened("; ".join(map(str, told)) if isinstance(told, list) else str(told or ""))


_LONGEST = 200


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
