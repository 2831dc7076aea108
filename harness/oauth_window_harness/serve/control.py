"""The control API: its table of operations, and their handlers."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from http import HTTPStatus

from pydantic import BaseModel
from werkzeug import Request, Response

from oauth_window_harness.contract.fixture import FixtureSet
from oauth_window_harness.errors import HarnessError, UsageError
from oauth_window_harness.scenario import intrusion
from oauth_window_harness.scenario.model import Scenario
from oauth_window_harness.serve import observer_api, openapi, query
from oauth_window_harness.serve.in_flight import RequestsInFlight
from oauth_window_harness.serve.observer_api import ObserverApi
from oauth_window_harness.serve.openapi import ControlOperation
from oauth_window_harness.serve.plays import Plays
from oauth_window_harness.serve.query import Parameter
from oauth_window_harness.serve.scenario_body import scenario_of
from oauth_window_harness.serve.schemas import Health, Playing, Problem, Requests, ScenarioName, as_response
from oauth_window_harness.stub.problem import problem

#: What stands before every path of the control API.
ROOT = "/__harness/"

_LOCATION = Parameter("location", "requests that name this location, and no key, belong to the key")

_OBSERVER = Parameter(
    "observer", "`true` if the suite injects observer.js, which then plays a window that is blocked", "flag"
)


@dataclass
class Control:
    """Answers the calls of the control API.

    Attributes:
        plays: the plays to control.
        scenarios: the scenarios that a call can name, by name.
        fixtures: the fixtures that a scenario may replay.
        hosts: the hosts that the gateway carries; an intruder can post from no other.
        in_flight: the count of the requests that are being answered.
        observer_api: answers the calls of the observer.
    """

    plays: Plays
    scenarios: dict[str, Scenario]
    fixtures: FixtureSet
    hosts: Collection[str] = ()
    in_flight: RequestsInFlight = field(default_factory=RequestsInFlight)
    observer_api: ObserverApi = field(init=False)

    def __post_init__(self) -> None:
        self.observer_api = ObserverApi(self.plays)

    def answer(self, request: Request, key: str | None) -> Response:
        """Return the response to a control call: a problem document if the call is invalid.

        Raises:
            UsageError: the query or the key cannot be understood.
        """
        path = request.path.removeprefix(ROOT.rstrip("/"))
        methods = {operation.method: operation for operation in OPERATIONS if operation.path == path}
        if not methods:
            known = sorted({operation.path for operation in OPERATIONS})
            near = difflib.get_close_matches(path[:100], known, n=1) or known
            nearest = ", ".join(ROOT + one.removeprefix("/") for one in near)
            return problem(HTTPStatus.NOT_FOUND, "the control API has no such path", f"nearest: {nearest}")
        # Clients that wait for a server often ask by HEAD (RFC 9110 §9.3.2).
        method = "GET" if request.method == "HEAD" else request.method
        if method not in methods:
            allowed = ", ".join(sorted(methods))
            response = problem(
                HTTPStatus.METHOD_NOT_ALLOWED, f"{request.method} is not allowed here", f"allowed: {allowed}"
            )
            response.headers["Allow"] = allowed  # RFC 9110 §15.5.6
            return response
        query.check(request, methods[method].query)
        return _HANDLERS[methods[method].name](self, request, key)

    def health(self, request: Request, key: str | None) -> Response:  # noqa: ARG002
        """Return that the server is running, and how many requests it is answering."""
        return as_response(Health(under_way=self.in_flight.count - 1))

    def show_scenario(self, request: Request, key: str | None) -> Response:  # noqa: ARG002
        """Return the scenario of the current play."""
        return as_response(self.plays.of(key).scenario)

    def put_scenario(self, request: Request, key: str | None) -> Response:
        """Play another scenario from now on."""
        self.plays.of(key)  # an invalid key is reported before anything else
        location = request.args.get("location")
        if location and key is None:
            return problem(HTTPStatus.BAD_REQUEST, "a location without a key", "name the key by its header or prefix")
        try:
            scenario = scenario_of(request.get_data(), self.scenarios)
            self._check(scenario)
        except UsageError as error:
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.what, str(error))
        except ValueError as error:
            return problem(HTTPStatus.BAD_REQUEST, "the body is not JSON", str(error))
        refusal = self.observer_api.refusal(scenario, observer=query.is_set(request, "observer"))
        if refusal is not None:
            return refusal
        self.plays.begin(key, scenario)
        self.observer_api.begin(key)
        if location and key:
            self.plays.claim({location}, key)
        return as_response(Playing(key=key, name=scenario.name, title=scenario.title))

    def requests(self, request: Request, key: str | None) -> Response:  # noqa: ARG002
        """Return the requests that the stub answered."""
        self.plays.of(key)
        return as_response(Requests(requests=self.plays.request_journal.requests(key)))

    def forget_requests(self, request: Request, key: str | None) -> Response:  # noqa: ARG002
        """Forget the requests of the key, or all of them without a key."""
        self.plays.of(key)
        self.plays.request_journal.forget(key)
        return Response("", HTTPStatus.NO_CONTENT)

    def describe(self, request: Request, key: str | None) -> Response:  # noqa: ARG002
        """Return the OpenAPI document of the control API."""
        return Response(openapi.document(OPERATIONS), content_type="application/json")

    def _check(self, scenario: Scenario) -> None:
        exchanges, events = scenario.fixtures()
        for name in exchanges:
            self.fixtures.exchange(name)
        for name in events:
            self.fixtures.event(name)
        unknown_hosts = intrusion.intruder_hosts(scenario) - set(self.hosts)
        if unknown_hosts:
            raise UsageError(
                "an intruder's origin that the gateway does not carry",
                where="intruder.origins",
                seen=", ".join(sorted(unknown_hosts)),
                todo="start the server with --scenario FILE of that scenario",
            )


#: What any call may get, by `serve.origin_checks` and `serve.query`.
_REFUSALS: dict[int, type[BaseModel] | None] = {
    HTTPStatus.BAD_REQUEST: Problem,
    HTTPStatus.FORBIDDEN: Problem,
    HTTPStatus.MISDIRECTED_REQUEST: Problem,
}

_OWN = (
    ControlOperation(
        "health", "GET", "/health", "Return that the server is running.", {HTTPStatus.OK: Health, **_REFUSALS}
    ),
    ControlOperation(
        "show_scenario",
        "GET",
        "/scenario",
        "Return the scenario that is played.",
        {HTTPStatus.OK: Scenario, **_REFUSALS},
    ),
    ControlOperation(
        "put_scenario",
        "PUT",
        "/scenario",
        "Play another scenario from now on: a name, or a whole scenario, whose own name may be left out.",
        {
            HTTPStatus.OK: Playing,
            HTTPStatus.CONFLICT: Problem,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Problem,
            HTTPStatus.UNPROCESSABLE_ENTITY: Problem,
            **_REFUSALS,
        },
        bodies=(ScenarioName, Scenario),
        query=(_LOCATION, _OBSERVER),
    ),
    ControlOperation(
        "requests",
        "GET",
        "/requests",
        "Return the requests that the stub answered.",
        {HTTPStatus.OK: Requests, **_REFUSALS},
    ),
    ControlOperation(
        "forget_requests",
        "DELETE",
        "/requests",
        "Forget the requests.",
        {HTTPStatus.NO_CONTENT: None, **_REFUSALS},
    ),
    ControlOperation("describe", "GET", "/openapi.json", "Return this document.", {HTTPStatus.OK: None, **_REFUSALS}),
)

OPERATIONS = (*_OWN, *observer_api.OPERATIONS)


def _of_observer_api(name: str) -> Callable[[Control, Request, str | None], Response]:
    def answer(control: Control, request: Request, key: str | None) -> Response:
        try:
            response: Response = getattr(control.observer_api, name)(request, key)
        except HarnessError:
            raise
        except Exception as error:  # noqa: BLE001 - the page under test is hostile: what it reported may be anything
            return problem(
                HTTPStatus.CONFLICT,
                "what was reported of the page cannot be read",
                f"{type(error).__name__}; begin another play, and see what the page does to the observer",
            )
        return response

    return answer


_HANDLERS: dict[str, Callable[[Control, Request, str | None], Response]] = {
    **{operation.name: getattr(Control, operation.name) for operation in _OWN},
    **{operation.name: _of_observer_api(operation.name) for operation in observer_api.OPERATIONS},
}
