"""The operations of an OpenAPI file, found by the request of a fixture."""

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
        name: its method and path, as in the file.
        data: its content in the file.
        parameters: its own parameters and those of its path, with references resolved.
    """

    name: str
    data: Mapping[str, Any]
    parameters: tuple[Schema, ...]

    @property
    def description(self) -> str:
        """Its description, or an empty string."""
        text = self.data.get("description")
        return text if isinstance(text, str) else ""

    @property
    def statuses(self) -> list[str]:
        """The statuses that it lists, such as ``200`` or ``4XX``."""
        return sorted(self._responses())

    def versions(self) -> list[str]:
        """Return the values of ``Version`` that it accepts; an empty list if it accepts any."""
        for parameter in self.parameters:
            if parameter.get("in") == "header" and str(parameter.get("name")).lower() == "version":
                schema = parameter.get("schema")
                return [str(value) for value in _as_list(schema.get("enum"))] if isinstance(schema, Mapping) else []
        return []

    def response(self, status: int, schemas: Schemas) -> Mapping[str, Any] | None:
        """Return the response that it lists for a status (OpenAPI 3.0.4 §4.7.16), or None if it lists none."""
        responses = self._responses()
        for key in (str(status), f"{status // 100}XX", "default"):
            if isinstance(responses.get(key), Mapping):
                return schemas.resolve(responses[key])
        return None

    def contents(self, schemas: Schemas) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the JSON content of each of its responses, after the status."""
        for status in self.statuses:
            found = schemas.resolve(self._responses()[status])
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
    """Return the JSON content of a response, or None if it has none."""
    content = response.get("content")
    found = content.get(_JSON) if isinstance(content, Mapping) else None
    return found if isinstance(found, Mapping) else None


class Operations:
    """The operations of a document, by method and path."""

    def __init__(self, document: OpenApiDocument, schemas: Schemas) -> None:
        self._operations: dict[tuple[str, tuple[str, ...]], Operation] = {}
        for path, item in document.data["paths"].items():
            shared = schemas.resolve(item) if isinstance(item, Mapping) else {}
            for method in ("get", "post"):
                data = shared.get(method)
                if isinstance(data, Mapping):
                    listed = [*_as_list(shared.get("parameters")), *_as_list(data.get("parameters"))]
                    parameters = tuple(schemas.resolve(one) for one in listed if isinstance(one, Mapping))
                    operation = Operation(f"{method.upper()} {path}", data, parameters)
                    self._operations[method.upper(), _steps(path)] = operation

    def of(self, exchange: Exchange) -> Operation | None:
        """Return the operation of a fixture's request, or None.

        The documentation's text has an account GET without a location in its path; it is the same operation.
        """
        request_steps = _steps(exchange.request.path)
        return self._find(exchange.request.method, request_steps) or self._find(
            exchange.request.method, _with_location(request_steps)
        )

    def start(self, platform: str) -> Operation | None:
        """Return the operation that opens a platform's window, or None."""
        return self._find("GET", ("social-media-posting", "oauth", platform, "start"))

    def _find(self, method: str, request_steps: tuple[str, ...]) -> Operation | None:
        candidates = [
            (sum(_is_open(step) for step in steps), operation)
            for (verb, steps), operation in self._operations.items()
            if verb == method and _matches(steps, request_steps)
        ]
        # The path with the fewest variables takes precedence (OpenAPI 3.0.4 §4.7.8.2).
        return min(candidates, key=lambda entry: entry[0])[1] if candidates else None


def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.strip("/").split("/"))


def _is_open(step: str) -> bool:
    return step.startswith("{") and step.endswith("}")


def _matches(steps: tuple[str, ...], request_steps: tuple[str, ...]) -> bool:
    return len(steps) == len(request_steps) and all(
        _is_open(step) or step == one for step, one in zip(steps, request_steps, strict=True)
    )


def _with_location(request_steps: tuple[str, ...]) -> tuple[str, ...]:
    """Return the steps of an account GET with a location added; empty if the steps are not those of one."""
    short = _steps(ACCOUNT_PATHS[0])
    return (
        (*request_steps[:2], "{locationId}", *request_steps[2:])
        if len(request_steps) == len(short) and request_steps[:2] == short[:2]
        else ()
    )


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
