"""The causes about what the user is told."""

from __future__ import annotations

from oauth_window_harness.findings.causes.cause import REFERENCE, Cause

CAUSES: dict[str, Cause] = {
    "silent-hang": Cause(
        "error",
        "Something failed, was cancelled or never came, and the user sees no change.",
        "Tell the user in every case: a failed answer, an answer that cannot be read, a window that was closed.",
        "WCAG 2.2 §4.1.3, status messages",
    ),
    "failure-shown-as-success": Cause(
        "error",
        "The page says connected after a failure or a cancel.",
        "Say connected only after an account GET that was answered 200 with at least one page.",
        REFERENCE + "get accounts",
    ),
    "empty-list-shown-as-connected": Cause(
        "error",
        "The page says connected although the account has no page to connect.",
        "Check results.pages: if it is empty, tell the user that there is nothing to connect.",
        REFERENCE + "get accounts",
    ),
    "false-cancel": Cause(
        "error",
        "The page reports a cancel while the window is open.",
        "popup.closed reads true for an open window too, if COOP cuts the opener: use words that fit both (the window "
        "is out of sight; finish there, or try again), keep listening, and let --failed select what such words do "
        "not match.",
        "HTML Standard, cross-origin opener policies",
    ),
    "no-way-without-opener": Cause(
        "warning",
        "Where the opener is cut, the page learns of no connection: no event can come, and it asks nobody.",
        "Once the window has gone, let your backend ask for the list of accounts, "
        "/social-media-posting/{locationId}/accounts, or ask the user.",
        "HTML Standard, cross-origin opener policies",
    ),
    "connected-beforehand": Cause(
        "warning",
        "The page says connected before anything was connected, so it cannot be judged by that.",
        "Remove the connection between two scenarios, or let --connected select what is visible only when connected.",
        "WCAG 2.2 §4.1.3, status messages",
    ),
    "connected-not-shown": Cause(
        "error",
        "Everything went well, and the page does not say that it is connected.",
        "Check what the page does with the answer; the statuses and bodies are in the journal.",
        "WCAG 2.2 §4.1.3, status messages",
    ),
}
