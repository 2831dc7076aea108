"""The live token, which comes from the environment and from nowhere else."""

from __future__ import annotations

import os

from oauth_window_harness.errors import UsageError


def live_token(variable: str | None) -> str:
    """Take the token out of the environment, so that no program which this one starts is given it.

    Raises:
        UsageError: no variable is named, or it holds none.
    """
    if not variable:
        raise UsageError(
            "no variable is named that holds the token",
            where="--token-env",
            todo="put a Sub-Account access token or a Private Integration Token into a variable, and name that",
        )
    found = os.environ.pop(variable, "").strip()
    if not found:
        raise UsageError(
            "the variable that should hold the token is empty",
            where=f"--token-env {variable}",
            todo=f"export {variable}=…",
        )
    return found
