"""What a test with an OAuth window shows of its failure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from oauth_window_harness.errors import HarnessError

if TYPE_CHECKING:
    from oauth_window_harness.pytest.window import OAuthWindow


def asks(item: pytest.Item) -> bool:
    """Return whether a test has to do with the OAuth window."""
    names = getattr(item, "fixturenames", ())
    return "oauth_window" in names or item.get_closest_marker("oauth_window") is not None


def board_of(window: OAuthWindow) -> str:
    """Return what the failure of a window's test tells."""
    try:
        return window.board() or "the test opened no window"
    except Exception as error:  # noqa: BLE001 - whatever it is, a browser that has gone perhaps, the test's failure is told
        return f"the board cannot be drawn: {type(error).__name__}: {str(error).partition(chr(10))[0]}"


@contextmanager
def in_four_parts() -> Iterator[None]:
    """Tell an error of the harness as it is told everywhere: what, where, seen, to do; and no traceback."""
    try:
        yield
    except HarnessError as error:
        text = "\n".join(f"{name + ':':<7}{told}" for name, told in error.parts())
        raise pytest.fail.Exception(text, pytrace=False) from None
