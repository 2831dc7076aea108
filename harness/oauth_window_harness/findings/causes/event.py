"""The causes about the event: whether it was posted, received and acted on."""

from __future__ import annotations

from oauth_window_harness.findings.causes.cause import BCP, REFERENCE, Cause

CAUSES: dict[str, Cause] = {
    "target-origin-mismatch": Cause(
        "error",
        "The finish page posted to another origin than the page's, so the browser delivered nothing.",
        "Serve the page from the origin that the event is posted to, and name it so in --app; in a scenario of your "
        "own, post to the page's origin.",
        BCP,
    ),
    "listener-missing": Cause(
        "error",
        "Nothing listened when the genuine event came.",
        "Add the message listener to window, not to document, before the window is opened, and keep it until the "
        "event has come.",
        "HTML Standard, cross-document messaging",
    ),
    "listener-threw": Cause(
        "error",
        "The message listener raised an error that nothing caught.",
        "Check the type of the data before its fields, for other widgets post null, arrays and strings; and read no "
        "field that the event may lack: of those that are documented, reconnectAccounts was missing in the event as "
        "captured.",
        "OWASP ASVS 5.0 §3.5.5",
    ),
    "page-hyphen-ignored": Cause(
        "warning",
        "The event with the page social-media-posting, as documented, is not acted on.",
        "Accept both spellings: the vendor's example says social-media-posting, its sample social_media_posting.",
        REFERENCE + "the event of the finish page",
    ),
    "page-underscore-ignored": Cause(
        "error",
        "The event with the page social_media_posting, as in the vendor's sample and as captured, is not acted on.",
        "Accept both spellings: the vendor's sample says social_media_posting, its example social-media-posting.",
        REFERENCE + "the sample listener",
    ),
    "event-string-ignored": Cause(
        "info",
        "The event as a JSON string is not acted on.",
        "Which form the service posts has not been recorded; to be safe, parse the data if it is a string.",
        REFERENCE + "the event of the finish page",
    ),
    "event-ignored": Cause(
        "error",
        "The page received a genuine event, and did nothing about it.",
        "Ask for these and nothing else: the origin https://services.leadconnectorhq.com, the window that the page "
        "has opened, actionType close, the page in either spelling, the platform, and an accountId; let "
        "placement and the other fields be what they are.",
        REFERENCE + "the event of the finish page",
    ),
}
