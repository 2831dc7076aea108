"""When a page is at rest, by whichever of Playwright's APIs it is asked."""

from __future__ import annotations

from oauth_window_harness.journal import events
from oauth_window_harness.journal.journal import Journal

#: After the next frame is drawn and the tasks that were waiting for it have run.
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"

#: When the page's timers have run that are near, and the tasks that they leave.
SETTLED = """async (settling) => {
  const asked = new CustomEvent(settling, { detail: {} });
  window.dispatchEvent(asked);
  return asked.detail.settled;
}"""

#: How often timers that set others are waited for where nothing comes of it: a closed window is looked at, then told.
ROUNDS = 2

#: What tells that a flow has not come to its end.
_GOING_ON = (events.RequestSeen, events.OutcomeShown, events.DialogShown, events.DocumentLoaded)


def progress(journal: Journal) -> int:
    """Give how often the flow has gone on: what the service was asked, and what the user was told for good."""
    return sum(isinstance(event, _GOING_ON) for event in journal.entries())
