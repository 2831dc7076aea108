"""What `serve` listens with: control calls are answered here, all others by the stub, each for its key's play."""

from __future__ import annotations

from werkzeug import Request, Response
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge
from werkzeug.wsgi import get_input_stream

from oauth_window_harness.contract.rules import START_PATH
from oauth_window_harness.errors import HarnessError
from oauth_window_harness.serve import control, keys
from oauth_window_harness.serve.plays import Plays
from oauth_window_harness.stub.app import Stub
from oauth_window_harness.stub.problem import problem, problem_of

#: The longest body that is read, in bytes: far more than any request of the service or of the control API has.
LARGEST_BODY = 1024 * 1024
_CHUNK = 64 * 1024
_START_TAIL = "/" + START_PATH.rpartition("/")[2]


class Front:
    """Answers every request of a server.

    Args:
        stub: answers what is no control call.
        plays: the plays by their keys.
        control: answers the control calls.
    """

    def __init__(self, stub: Stub, plays: Plays, control: control.Control) -> None:
        self._stub = stub
        self._plays = plays
        self._control = control

    def __call__(self, request: Request) -> Response:
        """Give the response; what cannot be answered gets a problem document."""
        traffic = self._control.traffic
        traffic.enter()
        try:
            response = self._answer(request)
        except BaseException:
            traffic.leave()
            raise
        response.call_on_close(traffic.leave)
        return response

    def waits(self, path: str) -> bool:
        """Tell whether the answer may take its time: a control call, or whatever a delaying scenario may answer."""
        return self._plays.may_wait or keys.unprefixed_path(path).startswith(control.ROOT)

    def _answer(self, request: Request) -> Response:
        try:
            _read(request)
            request, key = keys.unprefixed(request)
            if request.path.startswith(control.ROOT):
                return self._control.answer(request, key)
            session = self._plays.of(key or keys.continued(self._plays, request))
            response = self._stub.answer(session, request)
            if key and request.path.endswith(_START_TAIL):
                keys.claim(self._plays, request, response, key)
        except HarnessError as error:
            return problem_of(error)
        except RequestEntityTooLarge:
            _discard(request)
            return problem(413, "the body is too large", f"at most {LARGEST_BODY} bytes are read")
        except HTTPException as error:
            return problem(error.code or 400, error.name, error.description or "")
        return response


def _read(request: Request) -> None:
    # One more than is taken: of a chunked body werkzeug gives no more than this, and does not say that it was cut.
    request.max_content_length = LARGEST_BODY + 1
    if len(request.get_data()) > LARGEST_BODY:
        raise RequestEntityTooLarge


def _discard(request: Request) -> None:
    """Read what is still sent, and keep nothing: a client that is cut off while it sends never reads its answer."""
    stream = get_input_stream(request.environ)
    try:
        while stream.read(_CHUNK):
            pass
    except (ClientDisconnected, OSError):
        return
