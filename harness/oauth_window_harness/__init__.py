"""An end-to-end harness for HighLevel's social OAuth window.

Importing this package costs nothing: no browser, server or third-party library is loaded until used.

`MockBrowser` plays the window without a browser, and gives the event that it posts:

    with MockBrowser() as browser:
        event = browser.connect("account-401")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oauth_window_harness.__version__ import __version__ as __version__

if TYPE_CHECKING:
    from oauth_window_harness.journal.captured import CapturedEvent as CapturedEvent
    from oauth_window_harness.run.mock_browser import MockBrowser as MockBrowser
    from oauth_window_harness.run.mock_browser import NoEventError as NoEventError
    from oauth_window_harness.run.mock_browser import NoFollowUpError as NoFollowUpError

#: What is loaded when it is first asked for, and from where.
_LAZY = {
    "CapturedEvent": "oauth_window_harness.journal.captured",
    "MockBrowser": "oauth_window_harness.run.mock_browser",
    "NoEventError": "oauth_window_harness.run.mock_browser",
    "NoFollowUpError": "oauth_window_harness.run.mock_browser",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - `import oauth_window_harness` waits for nothing

    return getattr(import_module(_LAZY[name]), name)
