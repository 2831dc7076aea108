"""The causes about messages that the page must not act on."""

from __future__ import annotations

from oauth_window_harness.findings.causes.cause import BCP, REFERENCE, Cause

CAUSES: dict[str, Cause] = {
    "origin-unchecked": Cause(
        "error",
        "A message from a foreign origin is acted on.",
        'Begin the listener with: if (event.origin !== "https://services.leadconnectorhq.com") return;',
        BCP + ", OWASP ASVS 5.0 §3.5.5, CWE-346",
    ),
    "origin-check-weak": Cause(
        "error",
        "A foreign origin is refused, and one that looks like the genuine one is acted on.",
        'Compare the whole origin: event.origin === "https://services.leadconnectorhq.com".',
        BCP + ", OWASP ASVS 5.0 §3.5.5, CWE-346",
    ),
    "source-unchecked": Cause(
        "warning",
        "A message from the right origin and the wrong window is acted on.",
        "Keep what window.open returns, and compare: event.source === popup.",
        BCP + ", CWE-345",
    ),
    "message-unchecked": Cause(
        "error",
        "A message that is not the event at all is acted on.",
        "Check every field that makes a message the event: actionType, page, platform and accountId, each by its name.",
        BCP + ", OWASP ASVS 5.0 §3.5.5",
    ),
    "platform-unchecked": Cause(
        "error",
        "Another platform's event is acted on.",
        'Compare event.data.platform with the platform that is being connected: "facebook".',
        REFERENCE + "the event of the finish page",
    ),
    "account-id-missing-accepted": Cause(
        "error",
        "An event without accountId leads to a GET or to success.",
        "Check that event.data.accountId is a string that is not empty, and tell the user if it is not.",
        REFERENCE + "the event of the finish page",
    ),
    "duplicate-acted-on": Cause(
        "error",
        "One connection leads to several follow-ups.",
        "Remove the listener once it has handled its event, and add one for each window, not one for each click.",
        REFERENCE + "the event of the finish page",
    ),
    "late-event-acted-on": Cause(
        "warning",
        "An event that comes after the flow has ended is acted on.",
        "Remove the listener, or forget the window, as soon as the event has been handled.",
        BCP + ", CWE-345",
    ),
}
