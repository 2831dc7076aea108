"""The token for the live service, which is read from the environment and from nowhere else."""

from __future__ import annotations

import os

from oauth_window_harness.errors import UsageError
from oauth_window_harness.service.token import token_of


def live_token(variable: str | None) -> str:
    """Return the token that a variable holds, and unset the variable, so that no child process inherits it.

    Raises:
        UsageError: no variable is named, or it is empty.
    """
    if not variable:
        raise UsageError(
            "no variable is named that holds the token",
            where="--token-env",
            todo="put a Sub-Account access token or a Private Integration Token into a variable, and name that",
        )
    token = token_of(variable)
    del os.environ[variable]
    return token
