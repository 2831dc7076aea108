"""Writes controls so that a user can tell them apart, and paste the selector of one."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from oauth_window_harness.drivers.controls import Candidate

#: How many controls an error lists.
_LISTED = 12

#: How much of the text beside a control is quoted, in characters.
_BESIDE = 60


def listed(controls: Sequence[Candidate]) -> str:
    """Return controls as one text: each with its selector, its HTML, and what it stands beside if others are alike."""
    alike = {one.markup for one in controls if sum(other.markup == one.markup for other in controls) > 1}
    names = {one.name for one in controls if sum(other.name == one.name for other in controls) > 1}
    return "; ".join(_line(one, with_context=one.markup in alike or one.name in names) for one in controls[:_LISTED])


def hidden_line(one: Candidate) -> str:
    """Return a control that cannot be seen, with what opens the place where it is hidden if that is known."""
    opener = f", which --before {shlex.quote(one.opener)} opens" if one.opener else ""
    return f"{_line(one, with_context=False)}{opener}"


def _line(one: Candidate, *, with_context: bool) -> str:
    selector = shlex.quote(one.pasted or one.selector)
    beside = " ".join(one.context.split())[:_BESIDE]
    return f"{selector}: {one.markup}{f' beside {beside!r}' if with_context and beside else ''}"
