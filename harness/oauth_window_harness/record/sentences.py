"""The sentences of errors, in the form in which a recording has them: with pseudonyms for what was personal."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from oauth_window_harness.contract.fixture import Exchange, ExchangeResponse
from oauth_window_harness.record.known_fields import VOCABULARY
from oauth_window_harness.record.pseudonyms import Pseudonyms
from oauth_window_harness.service.request import LiveValues

#: The number of a pseudonym, which means nothing across recordings: each counts from one.
_PSEUDONYM_NUMBER = re.compile(r"(?<=-)\d+\b|0{3,}\d+")


def is_recorded(fixture: Exchange) -> bool:
    """Return whether the sentences of a fixture were redacted by a recording."""
    return fixture.provenance.upstream is not None and fixture.response.status >= HTTPStatus.BAD_REQUEST


def in_recorded_form(answer: ExchangeResponse, live: LiveValues | None = None) -> ExchangeResponse:
    """Return a response with the messages of its body as a recording would have them, their pseudonyms unnumbered.

    Args:
        answer: the response of a service, or of a fixture, which is redacted already.
        live: the personal values in a service's response; None for a fixture's.
    """
    pseudonyms = Pseudonyms(VOCABULARY)
    if live is not None:
        for family, value in (("location", live.location), ("user", live.user), ("account", live.account)):
            if value:
                pseudonyms.of(value, family)

    def redact(text: str) -> str:
        return _PSEUDONYM_NUMBER.sub("0", text if live is None else pseudonyms.text(text))

    return answer.model_copy(update={"body": _messages(answer.body, redact)})


def _messages(body: Any, redact: Callable[[str], str]) -> Any:
    if not isinstance(body, dict) or "message" not in body:
        return body
    message = body["message"]
    if isinstance(message, list):
        return {**body, "message": [redact(one) if isinstance(one, str) else one for one in message]}
    return {**body, "message": redact(message) if isinstance(message, str) else message}
