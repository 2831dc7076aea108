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
        "popup.closed reads true for an open window too, if COOP cuts the opener. Where it does, keep listening, and "
        "show words that fit both (the window is out of sight; finish there, or connect again) in a place that "
        "--failed does not select, without any word that it looks for.",
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
        "Let --connected select what is visible only when connected; where the app remembers an earlier connection, "
        "remove that before each play.",
        "WCAG 2.2 §4.1.3, status messages",
    ),
    "connected-not-shown": Cause(
        "error",
        "Everything went well, and the page does not say that it is connected.",
        "Read the pages from results.pages of the answer, and where there is at least one, show what --connected "
        "selects.",
        "WCAG 2.2 §4.1.3, status messages",
    ),
}
