"""The token that an option names by its environment variable."""

from __future__ import annotations

import os

from oauth_window_harness.errors import UsageError


def token_of(variable: str, option: str = "--token-env", hint: str = "") -> str:
    """Return the token that an environment variable holds.

    Args:
        variable: the variable's name.
        option: the option that names it.
        hint: what else can be done where it is empty.

    Raises:
        UsageError: it is not set, or empty.
    """
    token = os.environ.get(variable, "").strip()
    if not token:
        raise UsageError(
            "the variable that should hold the token is empty",
            where=f"{option} {variable}",
            todo=f"export {variable}=…{hint}",
        )
    return token
