"""The controls in the popup that the user's steps press, and how long a page may take to open a popup."""

from __future__ import annotations

from collections.abc import Mapping

from oauth_window_harness.scenario.model import Step

#: How much longer than the patience a page may take to open its window, in seconds: a click allows it that long.
OPENING = 5.0

#: How much longer the browser may take with what no page can hold up, in seconds: a window that has been opened, a page
#: of the provider's that has been sent. On a busy machine that takes it longer than a page may take to react.
LATE = 15.0

#: The test ids of the controls in the popup.
CONTROLS: Mapping[Step, str] = {
    "log-in": "login-submit",
    "continue": "privacy-continue",
    "approve": "consent-approve",
    "cancel": "consent-cancel",
}
