"""What the parts of the plugin know of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from oauth_window_harness.run.options import OPTIONS

if TYPE_CHECKING:
    from oauth_window_harness.pytest.window import OAuthWindow

#: The window of a test, for what its failure shows.
WINDOW: pytest.StashKey[OAuthWindow] = pytest.StashKey()

#: The heading of the section that a failed test gets.
SECTION = "OAuth window"

#: The bounds of a patience, in seconds; those of `oauth-window run`.
LEAST, MOST = OPTIONS["patience"].bounds or (0.0, float("inf"))
