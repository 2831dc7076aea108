"""The links of the flow, and which of them a scenario leads over, by what its data says."""

from __future__ import annotations

from typing import Literal, get_args

from oauth_window_harness.scenario.model import Scenario

#: A link of the flow: what must hold before the next one can be seen. The last two are each the end of a story: the
#: page says that it is connected, or tells its user that it is not.
Link = Literal[
    "control",
    "window",
    "start",
    "return",
    "event heard",
    "event acted on",
    "follow-up",
    "told of success",
    "told of failure",
]

#: All links, in the order of the flow.
LINKS: tuple[Link, ...] = get_args(Link)

#: The event fixtures whose form is the subject of the scenarios that post nothing else.
FORMS = frozenset({"event-page-hyphen", "event-page-underscore", "event-seen"})


def links_of(scenario: Scenario) -> tuple[Link, ...]:
    """Return the links that a scenario leads over, in the order of the flow.

    What a scenario is about can be seen only where all of them hold: one in which the user closes the window needs no
    event, and one that posts none needs no listener. Whether a page acts on a forgery is seen before any follow-up.
    """
    told: Link = "told of success" if scenario.expect.outcome == "connected" else "told of failure"
    finds_the_end = any(step in ("approve", "cancel") for step in scenario.user) and not scenario.provider.error
    leads: dict[Link, bool] = {
        "control": True,
        "window": True,
        "start": not scenario.blocked,
        "return": finds_the_end,
        "event heard": _posts_events(scenario) or scenario.intruder is not None,
        "event acted on": scenario.expect.follow_up,
        "follow-up": scenario.expect.follow_up and scenario.intruder is None,
        told: scenario.intruder is None,
    }
    return tuple(link for link in LINKS if leads.get(link))


def _posts_events(scenario: Scenario) -> bool:
    """Return whether the finish page posts anything that can reach the page."""
    ends = {"approve"} if "posts" not in scenario.finish.model_fields_set else {"approve", "cancel"}
    return bool(scenario.finish.posts) and not scenario.opener_is_cut() and bool(ends.intersection(scenario.user))


def is_plain(scenario: Scenario) -> bool:
    """Return whether a scenario is the plain flow, which shows how far a page comes: nothing in it goes wrong."""
    plain = Scenario(name="plain", title="Plain", expect={"outcome": "connected", "follow_up": True})
    return scenario.model_copy(update={"name": plain.name, "title": plain.title, "tags": plain.tags}) == plain


def is_about_form(scenario: Scenario) -> bool:
    """Return whether a scenario is about the form of the event, so that it is played with no other one."""
    return bool(scenario.finish.posts) and FORMS.issuperset(scenario.finish.posts)
