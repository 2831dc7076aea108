"""The causes from the click to the finish page."""

from __future__ import annotations

from oauth_window_harness.findings.causes.cause import REFERENCE, Cause

CAUSES: dict[str, Cause] = {
    "window-not-opened": Cause(
        "error",
        "The click opened no window, and the page never asked for one.",
        "Call window.open in the handler of this control's click, whichever element in it is hit and whatever else "
        "the page shows; where the handler raised an error before that, mend the error first.",
        "HTML Standard, window.open",
    ),
    "window-blocked": Cause(
        "error",
        "The page asked for the window outside the click's activation, so a browser blocks it.",
        "Open an empty window first thing in the click's handler, before any await or timer, and send it to its "
        "address afterwards.",
        "HTML Standard, tracking user activation",
    ),
    "window-opened-late": Cause(
        "info",
        "The page asked for the window after the click's own task: in time here, too late on a slow network.",
        "Open an empty window first thing in the click's handler, and send it to its address after the await.",
        "HTML Standard, tracking user activation",
    ),
    "window-blocked-unhandled": Cause(
        "error",
        "window.open returned null, and the page said nothing.",
        "Check what window.open returns: if it is null, ask the user to allow pop-ups and to try again.",
        "HTML Standard, window.open",
    ),
    "start-not-asked": Cause(
        "error",
        "A window opened, and was never sent to start.",
        "Send the empty window to start in every case: the page can make that address itself, of locationId and "
        "userId; where the backend returns it, read it under the name that the answer has.",
        REFERENCE + "start",
    ),
    "start-path-unknown": Cause(
        "error",
        "The window does not request a start route that exists.",
        "Open /social-media-posting/oauth/facebook/start on https://services.leadconnectorhq.com.",
        REFERENCE + "start",
    ),
    "start-parameter-missing": Cause(
        "error",
        "locationId or userId is missing or empty at start.",
        "Send both in the query of the start address, and wait until both are known before the button is enabled.",
        REFERENCE + "start",
    ),
    "start-parameter-unknown": Cause(
        "error",
        "locationId or userId at start is not the one that --location or --user names.",
        "Open the window for the sub-account and the user that are to be connected, or name theirs in these options.",
        REFERENCE + "start",
    ),
    "opener-detached": Cause(
        "error",
        "The window has no opener, so the finish page has nobody to post to.",
        "Remove noopener and noreferrer from the window's features, and check that the page is not served with "
        "Cross-Origin-Opener-Policy: same-origin (same-origin-allow-popups keeps the opener).",
        "HTML Standard, cross-origin opener policies",
    ),
    "window-closed-early": Cause(
        "error",
        "The page closed the window before the finish page had posted the event.",
        "Leave the closing to the finish page, and close the window yourself only once the event has come.",
        REFERENCE + "the event of the finish page",
    ),
    "provider-not-returned": Cause(
        "error",
        "The window never came back from Facebook to the finish page.",
        "Leave the address that start redirects to as it is; its redirect_uri and state are the service's own.",
        "RFC 6749 §4.1.2",
    ),
    "token-in-url": Cause(
        "error",
        "A bearer token travels in an address, where histories, logs and referrers keep it.",
        "Remove the token from the address; the window needs none, and the account GET takes it in Authorization.",
        "RFC 6750 §2.3, RFC 9700 §4.3.2, CWE-598",
    ),
}
