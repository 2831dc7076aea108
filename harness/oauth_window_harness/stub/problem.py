"""Errors of whoever asks, as problem documents (RFC 9457)."""

from __future__ import annotations

import json
from typing import Any

from werkzeug import Response

from oauth_window_harness.errors import HarnessError

CONTENT_TYPE = "application/problem+json"


def problem(status: int, title: str, detail: str = "", **further: Any) -> Response:
    """Return a problem document.

    Args:
        status: the response's, and the document's.
        title: what is wrong, as one short clause.
        detail: what was seen, and what to do.
        further: members beside those of the standard (RFC 9457 §3.2).
    """
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail or title, **further}
    return Response(json.dumps(told, ensure_ascii=False), status, content_type=CONTENT_TYPE)


def problem_of(error: HarnessError) -> Response:
    """Return the problem document of an error: 400 where the caller can mend it, 500 where the harness must."""
    return problem(400 if error.exit_code.name == "USAGE" else 500, error.what, str(error))
