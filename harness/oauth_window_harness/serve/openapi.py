"""The control API's OpenAPI document, made from the table of operations that also routes its calls."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.serve.keys import PREFIX
from oauth_window_harness.serve.query import Parameter
from oauth_window_harness.stub.leadconnector import KEY_HEADER
from oauth_window_harness.stub.problem import CONTENT_TYPE

_JSON = "application/json"


@dataclass(frozen=True, eq=False)
class ControlOperation:
    """One row of the control API.

    Attributes:
        name: the name of the handler's method, and the ``operationId``.
        path: the path below the API's root.
        answers: the model of each status's body; None if there is no body, or no model of it.
        bodies: the models that the request's body may have.
        query: the query parameters that it takes.
    """

    name: str
    method: str
    path: str
    summary: str
    answers: Mapping[int, type[BaseModel] | None]
    bodies: tuple[type[BaseModel], ...] = ()
    query: tuple[Parameter, ...] = ()


@cache
def document(operations: tuple[ControlOperation, ...]) -> str:
    """Return the OpenAPI 3.1 document of the operations, as JSON."""
    used = [model for operation in operations for model in (*operation.bodies, *operation.answers.values()) if model]
    _, schemas = models_json_schema(
        [(model, "serialization") for model in dict.fromkeys(used)], ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, Any] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    described = {
        "openapi": "3.1.0",
        "info": {
            "title": "oauth-window serve: control API",
            "version": __version__,
            "description": f"Each call is for one key, named by the header {KEY_HEADER} or by the prefix {PREFIX}KEY "
            "before the path, or for all requests without a key.",
        },
        "servers": [
            {"url": "/__harness"},
            {"url": f"{PREFIX}{{key}}/__harness", "variables": {"key": {"default": "KEY"}}},
        ],
        "paths": paths,
        "components": {"schemas": schemas["$defs"]},
    }
    return json.dumps(described, indent=2) + "\n"


def _operation(operation: ControlOperation) -> dict[str, Any]:
    key = {
        "name": KEY_HEADER,
        "in": "header",
        "description": "the key that the call is for",
        "schema": {"type": "string"},
    }
    query = [
        {"name": one.name, "in": "query", "description": one.meaning, "schema": one.schema} for one in operation.query
    ]
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [key, *query],
        "responses": {str(status): _answer(status, model) for status, model in operation.answers.items()},
    }
    if operation.bodies:
        shapes = [_reference(model) for model in operation.bodies]
        described["requestBody"] = {"required": True, "content": {_JSON: {"schema": {"anyOf": shapes}}}}
    return described


def _answer(status: int, model: type[BaseModel] | None) -> dict[str, Any]:
    described: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if model is not None:
        content_type = CONTENT_TYPE if status >= HTTPStatus.BAD_REQUEST else _JSON
        described["content"] = {content_type: {"schema": _reference(model)}}
    return described


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
