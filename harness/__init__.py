"""An end-to-end harness for HighLevel's social OAuth window.

Importing this package costs nothing: no browser, server or third-party library is loaded until used.

`MockBrowser` plays the window without a browser, and gives the event that it posts:

    with MockBrowser() as browser:
        event = browser.connect("account-401")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from harness.drivers.mock.capturing_page import CapturedEvent as CapturedEvent
    from harness.mock_browser import MockBrowser as MockBrowser
    from harness.mock_browser import NoEventError as NoEventError
    from harness.mock_browser import NoFollowUpError as NoFollowUpError

#: What is loaded when it is first asked for, and from where.
_LAZY = {
    "CapturedEvent": "harness.drivers.mock.capturing_page",
    "MockBrowser": "harness.mock_browser",
    "NoEventError": "harness.mock_browser",
    "NoFollowUpError": "harness.mock_browser",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - `import harness` waits for nothing

    return getattr(import_module(_LAZY[name]), name)
