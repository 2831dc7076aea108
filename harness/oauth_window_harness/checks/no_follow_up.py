"""What explains that an event on which the page acted led to no account GET."""

from __future__ import annotations

from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.checks.page_calls import answer_lines, log_lines, refusal_lines
from oauth_window_harness.checks.page_errors import control_line, controls_since, dialogs_since, error_lines


def lines(flow: Flow, since: float) -> list[str]:
    """Return what is known of the time since the event: errors, calls and their answers, a control that came."""
    found = [*error_lines(flow, since), *refusal_lines(flow, since), *answer_lines(flow, since)]
    found += log_lines(flow, since)
    found += [f"a dialog of the page came after the event: {line!r}" for line in dialogs_since(flow, since)]
    clicked = flow.clicks[0].at if flow.clicks else since
    # A control that could be used before the flow began is no further step of it.
    fresh = controls_since(flow, clicked)
    controls = [one for one in controls_since(flow, since) if one in fresh]
    if controls:
        found.append(
            f"a further control came, and nobody pressed it: {control_line(controls)}; "
            f"where its user does, name it: --then {controls[0].selector!r}"
        )
    return found
