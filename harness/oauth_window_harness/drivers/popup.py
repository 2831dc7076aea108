"""Where the user's steps find their controls in the popup, and how long a page may take to open one."""

from __future__ import annotations

from collections.abc import Mapping

from oauth_window_harness.scenario.model import Step

#: How long, beside the patience, a page is given to open its window, in seconds: a browser keeps the click's
#: activation that long.
OPENING = 5.0

#: The test ids of the controls in the popup.
CONTROLS: Mapping[Step, str] = {
    "log-in": "login-submit",
    "continue": "privacy-continue",
    "approve": "consent-approve",
    "cancel": "consent-cancel",
}
