"""Replay of contract fixtures: their placeholders are filled in, and nothing else is changed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from werkzeug import Response

from oauth_window_harness.contract.fixture import PLACEHOLDERS, ExchangeResponse

_PLACEHOLDER = re.compile("{(" + "|".join(PLACEHOLDERS) + ")}")


def replay(template: ExchangeResponse, values: Mapping[str, str]) -> Response:
    """Return the response of a fixture.

    Args:
        template: the response of the fixture.
        values: the values of the placeholders, by name; a placeholder without a value stays as it is.
    """
    if template.constant_body is not None:
        body = template.constant_body
    elif template.body is not None:
        # The default separators: the documented bodies are printed with a space after comma and colon.
        body = json.dumps(_fill(template.body, values), ensure_ascii=False)
    else:
        body = template.text or ""  # a text is sent unchanged
    headers = {name: _fill(value, values) for name, value in template.headers.items()}
    return Response(body, template.status, headers)


def _fill(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        # In one pass: a value may look like a placeholder itself.
        return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), value)
    if isinstance(value, dict):
        return {key: _fill(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [_fill(inner, values) for inner in value]
    return value
