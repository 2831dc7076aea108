"""The causes that lie on the page itself, before what follows from them."""

from __future__ import annotations

from oauth_window_harness.findings.causes.cause import Cause

CAUSES: dict[str, Cause] = {
    "window-open-replaced": Cause(
        "error",
        "window.open was replaced, and no window came of it.",
        "Let what replaces window.open (a desktop shell, a script of the page) call the browser's own function for "
        "this window, or play the page without it.",
        "HTML Standard, window.open",
    ),
    "content-policy-blocked": Cause(
        "error",
        "The page's own policy blocked what the flow needed next.",
        "Add what was blocked to the directive that is named here; where the page itself makes the account GET, that "
        "is `connect-src https://services.leadconnectorhq.com`.",
        "Content Security Policy Level 3, §6",
    ),
    "preflight-refused": Cause(
        "error",
        "The answer to a preflight kept the call from being sent.",
        "Let the backend answer OPTIONS with the origin, method and headers that the call has; leave out "
        '`credentials: "include"` where it does not answer Access-Control-Allow-Credentials: true.',
        "Fetch Standard, CORS-preflight fetch",
    ),
    "backend-unreachable": Cause(
        "error",
        "The page's call to its own backend came to nothing, and the flow stopped there.",
        "Let the backend have the route that the page calls, by this method and path, and answer it; where the backend "
        "cannot reach the service, start it with --app-command, which gives it the environment for that.",
        "RFC 9110 §15.6",
    ),
}
