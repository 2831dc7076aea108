"""Compares an error's sentences as a recording has them: with pseudonyms in the place of what was personal."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from oauth_window_harness.contract.fixture import Exchange, ExchangeResponse
from oauth_window_harness.record.known_fields import VOCABULARY
from oauth_window_harness.record.pseudonyms import Pseudonyms
from oauth_window_harness.service.request import LiveValues

#: The number of a pseudonym: counted anew in each recording, so that it says nothing.
_COUNTED = re.compile(r"(?<=-)\d+\b|0{3,}\d+")


def is_recorded(fixture: Exchange) -> bool:
    """Return whether a fixture's sentences went through the gate of a recording."""
    return fixture.provenance.upstream is not None and fixture.response.status >= HTTPStatus.BAD_REQUEST


def as_recorded(answer: ExchangeResponse, live: LiveValues | None = None) -> ExchangeResponse:
    """Return an answer with the messages of its body as a recording would have them, their pseudonyms not counted.

    Args:
        answer: of a service, or, where it is a recording's already, of a fixture.
        live: what is known to be personal in a service's answer; None for a fixture's.
    """
    pseudonyms = Pseudonyms(VOCABULARY)
    if live is not None:
        for family, value in (("location", live.location), ("user", live.user), ("account", live.account)):
            if value:
                pseudonyms.of(value, family)

    def written(text: str) -> str:
        return _COUNTED.sub("0", text if live is None else pseudonyms.text(text))

    return answer.model_copy(update={"body": _messages(answer.body, written)})


def _messages(body: Any, written: Callable[[str], str]) -> Any:
    if not isinstance(body, dict) or "message" not in body:
        return body
    told = body["message"]
    if isinstance(told, list):
        return {**body, "message": [written(one) if isinstance(one, str) else one for one in told]}
    return {**body, "message": written(told) if isinstance(told, str) else told}
