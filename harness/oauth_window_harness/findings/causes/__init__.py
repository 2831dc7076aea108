"""The causes that the harness can report, as a table: what each means, how to mend it, and what requires that.

The codes are stable: users name them in their CI files.
"""

from __future__ import annotations

from oauth_window_harness.findings.causes import acceptance, event, follow_up, page, user_feedback, window
from oauth_window_harness.findings.causes.cause import Cause

#: The causes by the part of the flow that they are about, in its order, and there by their codes.
GROUPS: dict[str, dict[str, Cause]] = {
    "The page itself": page.CAUSES,
    "From the click to the finish page": window.CAUSES,
    "The event": event.CAUSES,
    "Messages that the page must not act on": acceptance.CAUSES,
    "The account GET": follow_up.CAUSES,
    "What the user is told": user_feedback.CAUSES,
}

#: Each cause by its code, in the order of the flow.
CAUSES: dict[str, Cause] = {code: cause for group in GROUPS.values() for code, cause in group.items()}
