"""The application that `serve` serves: it passes control calls to the control API, and all others to the stub."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus

from werkzeug import Request, Response
from werkzeug.exceptions import BadRequest, ClientDisconnected, HTTPException, RequestEntityTooLarge
from werkzeug.wsgi import get_input_stream

from oauth_window_harness.contract.rules import START_PATH
from oauth_window_harness.errors import HarnessError
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.serve import control, keys, origin_checks
from oauth_window_harness.serve.observer_api import REPORTS_PATH
from oauth_window_harness.serve.plays import Plays
from oauth_window_harness.serve.preflights import Preflights, is_preflight
from oauth_window_harness.stub.app import Stub
from oauth_window_harness.stub.problem import problem, problem_of

#: The longest body that is read, in bytes: far more than any request of the service or of the control API has.
LARGEST_BODY = 1024 * 1024
_CHUNK = 64 * 1024
_START_TAIL = "/" + START_PATH.rpartition("/")[2]


class Dispatcher:
    """Answers every request, by the play of its key.

    Args:
        stub: answers the requests of the service.
        plays: the plays by their keys.
        control: answers the control calls.
        hosts: the names that the stub plays, beside those of this machine.
    """

    def __init__(self, stub: Stub, plays: Plays, control: control.Control, hosts: Collection[str] = ()) -> None:
        self._stub = stub
        self._plays = plays
        self._control = control
        self._hosts = frozenset(hosts)
        self._preflights = Preflights()

    def __call__(self, request: Request) -> Response:
        """Return the response: a problem document if the request cannot be answered."""
        in_flight = self._control.in_flight
        in_flight.enter()
        try:
            response = self._answer(request)
        except BaseException:
            in_flight.leave()
            raise
        response.call_on_close(in_flight.leave)
        return response

    def may_wait(self, path: str) -> bool:
        """Return whether the answer may block: that of a control call, or any while a scenario delays its answers."""
        bare = keys.path_without_key(path)
        # Reports are never kept waiting by the calls that wait for them.
        return self._plays.may_wait or (bare.startswith(control.ROOT) and bare != REPORTS_PATH)

    def _answer(self, request: Request) -> Response:
        try:
            _read(request)
            if (refusal := origin_checks.host_refusal(request, self._hosts)) is not None:
                return refusal
            request, key = keys.split_key(request)
            if request.path.startswith(control.ROOT):
                # The pages under test post reports, whatever their origin; what they show is that the script was given.
                refusal = None if request.path == REPORTS_PATH else origin_checks.control_refusal(request)
                return refusal or self._control.answer(request, key)
            response = self._of_service(request, key)
        except HarnessError as error:
            return problem_of(error)
        except RequestEntityTooLarge:
            _discard(request)
            return problem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large", f"at most {LARGEST_BODY} bytes are read"
            )
        except HTTPException as error:
            return problem(error.code or HTTPStatus.BAD_REQUEST, error.name, error.description or "")
        return response

    def _of_service(self, request: Request, key: str | None) -> Response:
        known = key or keys.implied_key(self._plays, request)
        if known is None and is_preflight(request):
            return self._preflight(request)
        session = self._plays.of(known)
        self._preflights.release(request, session.play.journal)
        response = self._stub.answer(session, request)
        if key and request.path.endswith(_START_TAIL):
            keys.claim(self._plays, request, response, key)
        return response

    def _preflight(self, request: Request) -> Response:
        """Answer a preflight, which stands under the key of its request, or, if none follows, nowhere."""
        journal = Journal(keep=1)
        response = self._stub.answer(self._plays.new_session(journal), request)
        self._preflights.keep(request, journal.entries())
        return response


def _read(request: Request) -> None:
    # One more than is accepted: werkzeug cuts a chunked body at this length without saying so.
    request.max_content_length = LARGEST_BODY + 1
    try:
        length = len(request.get_data())
    except OSError:
        raise BadRequest("the body cannot be read: its chunks or its length are wrong") from None
    if length > LARGEST_BODY:
        raise RequestEntityTooLarge


def _discard(request: Request) -> None:
    """Read and drop the rest of the body: a client that is cut off while it sends never reads its answer."""
    stream = get_input_stream(request.environ)
    try:
        while stream.read(_CHUNK):
            pass
    except (ClientDisconnected, OSError):
        return
