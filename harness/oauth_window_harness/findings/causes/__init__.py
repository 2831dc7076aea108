"""The causes that the harness can report, as a table: what each means, how to mend it, and what requires that.

The codes are stable: users name them in their CI files.
"""

from __future__ import annotations

from oauth_window_harness.findings.causes import acceptance, event, follow_up, page, user_feedback, window
from oauth_window_harness.findings.causes.cause import Cause

#: Each cause by its code, in the order of the flow.
CAUSES: dict[str, Cause] = {
    **page.CAUSES,
    **window.CAUSES,
    **event.CAUSES,
    **acceptance.CAUSES,
    **follow_up.CAUSES,
    **user_feedback.CAUSES,
}
