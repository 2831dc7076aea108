"""The operations of an OpenAPI file, and which of them answers the request of a fixture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from oauth_window_harness.contract.fixture import Exchange
from oauth_window_harness.contract.rules import ACCOUNT_PATHS
from oauth_window_harness.verify.openapi.document import OpenApiDocument
from oauth_window_harness.verify.openapi.schema import Schema, Schemas

_JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        name: its method and path, as the file writes it.
        data: what the file says of it.
        parameters: its own and those of its path, references followed.
    """

    name: str
    data: Mapping[str, Any]
    parameters: tuple[Schema, ...]

    @property
    def description(self) -> str:
        """What it says of itself."""
        told = self.data.get("description")
        return told if isinstance(told, str) else ""

    @property
    def statuses(self) -> list[str]:
        """The statuses that it lists, such as ``200`` or ``4XX``."""
        return sorted(self._responses())

    def versions(self) -> list[str]:
        """Return the values of ``Version`` that it takes; none where it takes any."""
        for parameter in self.parameters:
            if parameter.get("in") == "header" and str(parameter.get("name")).lower() == "version":
                schema = parameter.get("schema")
                return [str(value) for value in _list(schema.get("enum"))] if isinstance(schema, Mapping) else []
        return []

    def response(self, status: int, schemas: Schemas) -> Mapping[str, Any] | None:
        """Return what it says of a status (OpenAPI 3.0.4 §4.7.16), or None where it does not list it."""
        responses = self._responses()
        for key in (str(status), f"{status // 100}XX", "default"):
            if isinstance(responses.get(key), Mapping):
                return schemas.resolved(responses[key])
        return None

    def contents(self, schemas: Schemas) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield each JSON content that it answers with, with its status."""
        for status in self.statuses:
            found = schemas.resolved(self._responses()[status])
            content = media(found)
            if content is not None:
                yield status, content

    def _responses(self) -> Mapping[str, Any]:
        found = self.data.get("responses")
        return (
            {key: value for key, value in found.items() if isinstance(value, Mapping)}
            if isinstance(found, Mapping)
            else {}
        )


def media(response: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what a response says of its JSON, or None where it has none."""
    content = response.get("content")
    found = content.get(_JSON) if isinstance(content, Mapping) else None
    return found if isinstance(found, Mapping) else None


class Operations:
    """The operations of a document, by method and path."""

    def __init__(self, document: OpenApiDocument, schemas: Schemas) -> None:
        self._found: dict[tuple[str, tuple[str, ...]], Operation] = {}
        for path, item in document.data["paths"].items():
            shared = schemas.resolved(item) if isinstance(item, Mapping) else {}
            for method in ("get", "post"):
                data = shared.get(method)
                if isinstance(data, Mapping):
                    listed = [*_list(shared.get("parameters")), *_list(data.get("parameters"))]
                    parameters = tuple(schemas.resolved(one) for one in listed if isinstance(one, Mapping))
                    named = Operation(f"{method.upper()} {path}", data, parameters)
                    self._found[method.upper(), _steps(path)] = named

    def of(self, exchange: Exchange) -> Operation | None:
        """Return the operation that answers a fixture's request, or None.

        The prose's path of the account GET, without a location, is the same operation as the one with.
        """
        asked = _steps(exchange.request.path)
        return self._answering(exchange.request.method, asked) or self._answering(
            exchange.request.method, _with_location(asked)
        )

    def start(self, platform: str) -> Operation | None:
        """Return the operation that opens a platform's window, or None."""
        return self._answering("GET", ("social-media-posting", "oauth", platform, "start"))

    def _answering(self, method: str, asked: tuple[str, ...]) -> Operation | None:
        fitting = [
            (sum(_is_open(step) for step in steps), named)
            for (verb, steps), named in self._found.items()
            if verb == method and _fits(steps, asked)
        ]
        # The one with the fewest open steps is the most exact (OpenAPI 3.0.4 §4.7.8.2).
        return min(fitting, key=lambda entry: entry[0])[1] if fitting else None


def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/"))


def _is_open(step: str) -> bool:
    return step.startswith("{") and step.endswith("}")


def _fits(steps: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    return len(steps) == len(asked) and all(
        _is_open(step) or step == one for step, one in zip(steps, asked, strict=True)
    )


def _with_location(asked: tuple[str, ...]) -> tuple[str, ...]:
    """Return the path of the account GET with a location in it."""
    short = _steps(ACCOUNT_PATHS[0])
    return (*asked[:2], "{locationId}", *asked[2:]) if len(asked) == len(short) and asked[:2] == short[:2] else ()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
