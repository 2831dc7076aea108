"""Turns a contract fixture into a response, filling its placeholders and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from werkzeug import Response

from oauth_window_harness.contract.fixture import PLACEHOLDERS, ExchangeResponse

_PLACEHOLDER = re.compile("{(" + "|".join(PLACEHOLDERS) + ")}")


def replay(recorded: ExchangeResponse, values: Mapping[str, str]) -> Response:
    """Return the response of a fixture.

    Args:
        recorded: what is replayed.
        values: what stands for the placeholders; one that is not given stays as it is.
    """
    if recorded.constant_body is not None:
        body = recorded.constant_body
    elif recorded.body is not None:
        # The default separators: the documented bodies are printed with a space after comma and colon.
        body = json.dumps(_filled(recorded.body, values), ensure_ascii=False)
    else:
        body = recorded.text or ""  # a text is sent as it is
    headers = {name: _filled(value, values) for name, value in recorded.headers.items()}
    return Response(body, recorded.status, headers)


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        # In one go: what is filled in may look like a placeholder itself.
        return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), value)
    if isinstance(value, dict):
        return {key: _filled(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, values) for inner in value]
    return value
