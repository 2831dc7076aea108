"""An end-to-end harness for HighLevel's social OAuth window.

Importing this package loads no browser, no server and no third-party library; each is loaded when it is first used.

`MockBrowser` plays the window without a browser, and captures the event that it posts:

    with MockBrowser() as browser:
        event = browser.connect("account-401")
"""

from __future__ import annotations

from oauth_window_harness.__version__ import __version__ as __version__

TYPE_CHECKING = False  # typing's own takes a moment to load, in which Ctrl-C would be answered with a traceback
if TYPE_CHECKING:
    from oauth_window_harness.journal.captures import CapturedEvent
    from oauth_window_harness.pytest.window import OAuthWindow
    from oauth_window_harness.run.mock_browser import MockBrowser, NoEventError, NoFollowUpError
    from oauth_window_harness.stub.world import World

#: The public API: whatever stands elsewhere may change from one version to the next.
__all__ = ["CapturedEvent", "MockBrowser", "NoEventError", "NoFollowUpError", "OAuthWindow", "World"]

#: The module of each public name, imported when the name is first used.
_LAZY = {
    "CapturedEvent": "journal.captures",
    "MockBrowser": "run.mock_browser",
    "NoEventError": "run.mock_browser",
    "NoFollowUpError": "run.mock_browser",
    "OAuthWindow": "pytest.window",
    "World": "stub.world",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - `import oauth_window_harness` waits for nothing

    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
