"""Problem documents (RFC 9457), which describe errors to the client."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from werkzeug import Response

from oauth_window_harness.errors import ExitCode, HarnessError

CONTENT_TYPE = "application/problem+json"


def problem(status: int, title: str, detail: str = "", **members: Any) -> Response:
    """Return a problem document.

    Args:
        status: the status of the response and of the document.
        title: what is wrong, as a short clause.
        detail: what was seen, and what to do about it.
        members: extension members (RFC 9457 §3.2).
    """
    document = {"type": "about:blank", "title": title, "status": status, "detail": detail or title, **members}
    return Response(json.dumps(document, ensure_ascii=False), status, content_type=CONTENT_TYPE)


def problem_of(error: HarnessError) -> Response:
    """Return the problem document of an error: status 400 if the client can mend it, else 500."""
    is_usage = error.exit_code is ExitCode.USAGE
    status = HTTPStatus.BAD_REQUEST if is_usage else HTTPStatus.INTERNAL_SERVER_ERROR
    return problem(status, error.what, str(error))
