"""What pytest shows where a test with an OAuth window fails: the board of its window, or an error in four parts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from oauth_window_harness.errors import HarnessError

if TYPE_CHECKING:
    from oauth_window_harness.pytest.window import OAuthWindow


def uses_oauth_window(item: pytest.Item) -> bool:
    """Return whether a test uses the fixture ``oauth_window``, or has the marker of that name."""
    names = getattr(item, "fixturenames", ())
    return "oauth_window" in names or item.get_closest_marker("oauth_window") is not None


def board_of(window: OAuthWindow) -> str:
    """Return the board of a window whose test failed, or one line that says why there is none."""
    try:
        return window.board() or "the test opened no window"
    except Exception as error:  # noqa: BLE001 - a browser that has crashed, perhaps: the test's own failure must show
        return f"the board cannot be drawn: {type(error).__name__}: {str(error).partition(chr(10))[0]}"


@contextmanager
def in_four_parts() -> Iterator[None]:
    """Fail the test with the four parts of an error of the harness (what, where, seen, to do), without a traceback."""
    try:
        yield
    except HarnessError as error:
        text = "\n".join(f"{name + ':':<7}{part}" for name, part in error.parts())
        raise pytest.fail.Exception(text, pytrace=False) from None
