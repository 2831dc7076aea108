"""The findings that the harness can tell, as a table: what each means, how to mend it, and who asks for it.

The codes are stable; users name them in their CI files.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from harness.events import Finding

Severity = Literal["error", "warning", "info"]

_BCP = "RFC 9700 §4.17"
_REFERENCE = "HighLevel API reference, Social Planner: "


@dataclass(frozen=True)
class Cause:
    """One row of the table."""

    severity: Severity
    message: str
    mend: str
    clause: str = ""


CAUSES: dict[str, Cause] = {
    "window-not-opened": Cause(
        "error",
        "The click opened no window, and the page never asked for one.",
        "Call window.open in the click's handler; see that it is attached to this control and raises no error.",
    ),
    "window-blocked": Cause(
        "error",
        "The page asked for the window outside the click's activation, so a browser blocks it.",
        "Open the window first thing in the click's handler, before any await.",
        "HTML Standard, tracking user activation",
    ),
    "start-path-unknown": Cause(
        "error",
        "The window does not ask for a start route that exists.",
        "Open /social-media-posting/oauth/facebook/start on https://services.leadconnectorhq.com.",
        _REFERENCE + "start",
    ),
    "start-parameter-missing": Cause(
        "error",
        "locationId or userId is missing or empty at start.",
        "Send both in the query of the start address, and wait until both are known before the button is enabled.",
        _REFERENCE + "start",
    ),
    "token-in-url": Cause(
        "error",
        "A bearer token travels in an address, where histories, logs and referrers keep it.",
        "Take the token out of the address; the window needs none, and the account GET takes it in Authorization.",
        "RFC 6750 §2.3, RFC 9700 §4.3.2, CWE-598",
    ),
    "opener-detached": Cause(
        "error",
        "The window has no opener, so the finish page has nobody to post to.",
        "Take noopener and noreferrer out of the window's features, and see that the page is not served with "
        "Cross-Origin-Opener-Policy: same-origin (same-origin-allow-popups keeps the opener).",
        "HTML Standard, cross-origin opener policies",
    ),
    "listener-missing": Cause(
        "error",
        "Nothing listened when the genuine event came.",
        "Add the message listener before the window is opened, and keep it until the event has come.",
        "HTML Standard, cross-document messaging",
    ),
    "event-ignored": Cause(
        "error",
        "A genuine event was heard, and nothing came of it.",
        "Compare each condition of the listener with the event that is shown here.",
        _REFERENCE + "the event of the finish page",
    ),
    "follow-up-missing": Cause(
        "error",
        "The event was taken, and no account GET came.",
        "Call the account GET with the event's accountId before saying that the account is connected.",
        _REFERENCE + "get accounts",
    ),
    "follow-up-path-unknown": Cause(
        "error",
        "The follow-up's path is none of the documented ones.",
        "Call /social-media-posting/oauth/{locationId}/facebook/accounts/{accountId}.",
        _REFERENCE + "get accounts",
    ),
    "follow-up-account-mismatch": Cause(
        "error",
        "The follow-up names another account than the event.",
        "Use the event's accountId; reconnectAccounts and the ids of pages are something else.",
        _REFERENCE + "get accounts",
    ),
    "authorization-missing": Cause(
        "error",
        "The follow-up carries no Authorization.",
        "Send `Authorization: Bearer <access token>` with the account GET.",
        "RFC 6750 §2.1",
    ),
    "authorization-malformed": Cause(
        "error",
        "The follow-up's Authorization is no bearer token.",
        "Send the scheme `Bearer`, one space, and the token alone; see that the token is there before it is sent.",
        "RFC 6750 §2.1",
    ),
    "version-missing": Cause(
        "error",
        "The follow-up carries no Version.",
        "Send `Version: 2021-07-28`; the service refuses calls without it.",
        _REFERENCE + "get accounts",
    ),
    "version-unknown": Cause(
        "error",
        "The follow-up's Version is not one that the service knows.",
        "Send `Version: 2021-07-28`, or `v3` for the routes of v3.",
        _REFERENCE + "get accounts",
    ),
    "retry-storm": Cause(
        "error",
        "The same call was repeated more than three times after it was refused.",
        "A 4xx does not change by itself: stop, tell the user, and let them try again.",
        "RFC 9110 §15.5",
    ),
    "token-in-browser": Cause(
        "warning",
        "The page itself sends the bearer, so whoever uses the page holds it.",
        "Let your backend make the account GET, and keep the token there.",
        "RFC 9700 §4.3, OWASP ASVS 5.0 §10.1.1",
    ),
    "failure-shown-as-success": Cause(
        "error",
        "The page says connected after a failure or a cancel.",
        "Say connected only after an account GET that answered 200 with at least one page.",
    ),
    "empty-list-shown-as-connected": Cause(
        "error",
        "The page says connected although the account has no page to connect.",
        "Look at results.pages: where it is empty, tell the user that there is nothing to connect.",
        _REFERENCE + "get accounts",
    ),
    "silent-hang": Cause(
        "error",
        "Something failed, was cancelled or never came, and the user sees no change.",
        "Tell the user in every case: a failed answer, an answer that cannot be read, a window that was closed.",
    ),
    "connected-not-shown": Cause(
        "error",
        "Everything went well, and the page does not say that it is connected.",
        "See what the page does with the answer; the statuses and bodies are in the journal.",
    ),
    "unexpected-request": Cause(
        "warning",
        "The gateway refused a request to another host.",
        "If the page needs that host, let it through with --allow; otherwise take the call out.",
    ),
}


def finding(code: str, evidence: Iterable[str] = ()) -> Finding:
    """Give the finding of a code, with what was seen."""
    cause = CAUSES[code]
    return Finding(
        code=code,
        severity=cause.severity,
        message=cause.message,
        evidence=tuple(evidence),
        mend=cause.mend,
        clause=cause.clause,
    )
