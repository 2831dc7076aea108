"""What several modules of the plugin share: a stash key, a heading, and the bounds of a patience."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from oauth_window_harness.run.options import OPTIONS

if TYPE_CHECKING:
    from oauth_window_harness.pytest.window import OAuthWindow

#: The stash key of a test's window, by which a failed test finds its board.
WINDOW: pytest.StashKey[OAuthWindow] = pytest.StashKey()

#: The heading of the section that is added to the report of a failed test.
SECTION = "OAuth window"

#: The bounds of a patience, in seconds; the same as for `oauth-window run`.
SHORTEST_PATIENCE, LONGEST_PATIENCE = OPTIONS["patience"].bounds or (0.0, float("inf"))
