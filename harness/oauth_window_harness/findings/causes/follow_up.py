"""The causes about the account GET."""

from __future__ import annotations

from oauth_window_harness.findings.causes.cause import REFERENCE, Cause

CAUSES: dict[str, Cause] = {
    "follow-up-missing": Cause(
        "error",
        "The page acted on the event, and no account GET came.",
        "Call the account GET with the event's accountId before saying that the account is connected; where a server "
        "makes the call, check that it reaches the stub (--app-command gives it the environment for that).",
        REFERENCE + "get accounts",
    ),
    "follow-up-path-unknown": Cause(
        "error",
        "The follow-up's path is not one of the documented ones.",
        "Call /social-media-posting/oauth/{locationId}/facebook/accounts/{accountId}.",
        REFERENCE + "get accounts",
    ),
    "follow-up-account-mismatch": Cause(
        "error",
        "The follow-up names another account than the event.",
        "Use the event's accountId; reconnectAccounts and the ids of pages are something else.",
        REFERENCE + "get accounts",
    ),
    "follow-up-location-mismatch": Cause(
        "error",
        "The follow-up names another location than the window did.",
        "Use the locationId with which start was requested.",
        REFERENCE + "get accounts",
    ),
    "authorization-missing": Cause(
        "error",
        "The follow-up carries no Authorization.",
        "Send `Authorization: Bearer <access token>` with the account GET.",
        "RFC 6750 §2.1",
    ),
    "authorization-malformed": Cause(
        "error",
        "The follow-up's Authorization is not a bearer token.",
        "Send the scheme `Bearer`, one space, and the token alone; check that there is a token before it is sent.",
        "RFC 6750 §2.1",
    ),
    "token-unknown": Cause(
        "error",
        "The follow-up's token is not the one that --token or --token-env names.",
        "Send the token of the sub-account that is connected, or name the app's own in these options.",
        "RFC 6750 §3.1",
    ),
    "authorization-undocumented": Cause(
        "warning",
        "The call carries token-id, a credential that is nowhere documented and was seen once to work.",
        "Send `Authorization: Bearer <access token>` alone; what is not documented may stop working on any day.",
        REFERENCE + "get accounts",
    ),
    "version-missing": Cause(
        "error",
        "The follow-up carries no Version.",
        "Send `Version: 2021-07-28`; the service refuses calls without it.",
        REFERENCE + "get accounts",
    ),
    "version-unknown": Cause(
        "error",
        "The follow-up's Version is not one that the service knows.",
        "Send `Version: 2021-07-28`, or `v3` for the routes of v3.",
        REFERENCE + "get accounts",
    ),
    "token-in-browser": Cause(
        "warning",
        "The page itself sends the bearer token, so every user of the page can read it.",
        "Let your backend make the account GET, and keep the token there.",
        "RFC 9700 §4.3, OWASP ASVS 5.0 §10.1.1",
    ),
    "retry-storm": Cause(
        "error",
        "The same call was repeated more than three times after it was refused.",
        "A 4xx does not change by itself: stop, tell the user, and let them try again.",
        "RFC 9110 §15.5",
    ),
    "not-played-here": Cause(
        "info",
        "A route of the service was called that the harness does not play.",
        "Nothing is wrong with that by itself; if it should be a part of this flow, compare it with the nearest route.",
        REFERENCE + "the routes of the OpenAPI files",
    ),
    "unexpected-request": Cause(
        "warning",
        "The gateway refused a request to another host.",
        "If the page needs that host, let it through with --allow; otherwise remove the call.",
        "OWASP ASVS 5.0 §13.2.4",
    ),
}
