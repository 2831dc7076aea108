"""The models of the control API's requests and responses; its OpenAPI document is made from them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from werkzeug import Response

from oauth_window_harness.__version__ import __version__
from oauth_window_harness.results.model import EventResult, FindingResult
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


class Events(BaseModel):
    """The messages that the page received, as in results.json, and those that a window posted and nobody received."""

    observed: bool = Field(description="whether the observer reported anything of the page")
    events: tuple[EventResult, ...]


class FollowUpResult(BaseModel):
    """The account GET that followed the event."""

    status: int | None = Field(description="null if the connection was ended instead")
    method: str
    url: str
    headers: dict[str, str]
    account_id: str | None
    sent_by: Literal["page", "server"]
    problems: tuple[str, ...] = Field(description="the codes of its violations of the contract")


class _Judged(BaseModel):
    observed: bool = Field(description="whether the observer reported anything of the page")
    unjudged: str | None = Field(
        description="why it was not judged what is missing, so that only wrong requests are told; null where it was"
    )


class Findings(_Judged):
    """What is wrong with the page, the first broken link first."""

    findings: tuple[FindingResult, ...]


class FirstBrokenLink(_Judged):
    """The link that broke first: the first error, or a warning that stops the flow; null if the flow held."""

    first_broken_link: FindingResult | None


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str


def as_response(model: BaseModel) -> Response:
    """Return the answer that has a model as its JSON."""
    return Response(model.model_dump_json(), content_type="application/json")
