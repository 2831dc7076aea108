"""The models of the control API's requests and responses; its OpenAPI document is made from them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.serve.requests import KeyedRequest


class Health(BaseModel):
    """The state of the server."""

    status: Literal["ok"] = "ok"
    version: str = __version__
    under_way: int = Field(description="how many other requests are being answered")


class ScenarioName(BaseModel):
    """A scenario by its name."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="a bundled scenario's, or that of the file that the server was started with")


class Playing(BaseModel):
    """The scenario that is played from now on."""

    key: str | None = Field(description="for which key; null for all requests without a key")
    name: str
    title: str


class Requests(BaseModel):
    """The requests that the stub answered, in the order in which they came; control calls are left out."""

    requests: list[KeyedRequest]


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str
