"""The sequence of a play with its broken link marked, and with what should have come after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from oauth_window_harness.results.broken_link import BrokenLink
from oauth_window_harness.results.diagram import DiagramStep
from oauth_window_harness.scenario.links import LINKS, Link

_API = "/social-media-posting/oauth"

#: What each link is when it holds: the arrow of the plain flow.
_EXPECTED: Mapping[Link, DiagramStep] = {
    "control": DiagramStep(None, "user", "page", "click"),
    "window": DiagramStep(None, "page", "popup", "window.open"),
    "start": DiagramStep(None, "popup", "leadconnector", f"GET {_API}/facebook/start"),
    "return": DiagramStep(None, "popup", "leadconnector", "GET the finish page"),
    "event heard": DiagramStep(None, "popup", "page", "postMessage, with a listener that hears it", answers=True),
    "event acted on": DiagramStep(None, "page", "page", "acts on the event"),
    "follow-up": DiagramStep(None, "page", "leadconnector", f"GET {_API}/…/facebook/accounts/{{accountId}}"),
    "told of success": DiagramStep(None, "page", "user", "says that it is connected"),
    "told of failure": DiagramStep(None, "page", "user", "says that it is not connected"),
}

#: The links that are never an arrow which came, where a play has stopped there: what came had another reason.
_UNSEEN: frozenset[Link] = frozenset({"event acted on", "told of success", "told of failure"})

#: The links at the end of a story, which come after all else.
_LAST: frozenset[Link] = frozenset({"told of success", "told of failure"})


def with_break(steps: Sequence[DiagramStep], broken: BrokenLink, code: str) -> list[DiagramStep]:
    """Return the steps of a play with the broken link marked, and after it, where the play stopped, what is missing.

    Args:
        steps: what came, in order of time.
        broken: the link that is broken.
        code: by what it is broken.
    """
    place = _place_of(steps, broken)
    if place is not None:
        marked = [*steps]
        marked[place] = replace(steps[place], state="broken", label=f"✗ {code}: {steps[place].label}")
        return _with_missing(marked, _end_of(steps, place), broken.missing[1:])
    if not broken.missing:
        return [*steps]
    expected = _EXPECTED[broken.link]
    lost = replace(expected, state="broken", label=f"✗ {code}: {expected.label}", link=broken.link)
    place = _place_after(steps, broken.link)
    return _with_missing([*steps[:place], lost, *steps[place:]], place + 1, broken.missing[1:])


def _place_of(steps: Sequence[DiagramStep], broken: BrokenLink) -> int | None:
    """Return the place of the step at which the play broke; None where it did not come."""
    if broken.at_ms is not None:
        places = [place for place, step in enumerate(steps) if step.at_ms == broken.at_ms]
        return min(places, key=lambda place: (_is_note(steps[place]), steps[place].answers, place), default=None)
    if broken.missing and broken.link in _UNSEEN:
        return None
    # What went wrong is an answer only where the step is a message.
    of_link = [place for place, step in enumerate(steps) if step.link == broken.link]
    return of_link[0] if of_link else None


def _is_note(step: DiagramStep) -> bool:
    """Return whether a step is neither a request nor a message, which may have come in the same millisecond."""
    return step.source == step.target and not step.answers


def _end_of(steps: Sequence[DiagramStep], place: int) -> int:
    """Return the place after a step, and after the answer to it, which may have come later than other steps."""
    asked = steps[place]
    ends = (asked.target, asked.source)
    answers = [
        number
        for number, step in enumerate(steps[place + 1 :], place + 1)
        if step.answers and (step.source, step.target) == ends and step.link == asked.link
    ]
    return answers[0] + 1 if answers and not asked.answers else place + 1


def _place_after(steps: Sequence[DiagramStep], link: Link) -> int:
    """Return the place after all that leads to a link; for the end of a story, after all but what ended the play."""
    if link in _LAST:
        return len(steps) - 1 if steps and steps[-1].source == steps[-1].target == "page" else len(steps)
    earlier = LINKS[: LINKS.index(link)]
    return max((place + 1 for place, step in enumerate(steps) if step.link in earlier), default=0)


def _with_missing(steps: Sequence[DiagramStep], place: int, links: Sequence[Link]) -> list[DiagramStep]:
    """Return the steps with those of the missing links at a place, but for what came all the same after it."""
    came = {step.link for step in steps[place:] if not step.answers or step.link == "event heard"}
    missing = [replace(_EXPECTED[link], state="missing", link=link) for link in links if link not in came]
    return [*steps[:place], *missing, *steps[place:]]
