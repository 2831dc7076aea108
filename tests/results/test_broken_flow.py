"""The sequence of a play with its broken link marked, and with what should have come after it."""

from __future__ import annotations

from dataclasses import replace

from oauth_window_harness.journal.events import StepTaken
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.results.broken_flow import with_break
from oauth_window_harness.results.broken_link import BrokenLink
from oauth_window_harness.results.diagram import DiagramStep, steps
from oauth_window_harness.scenario.links import LINKS, Link
from tests.journals import FLOW, closes, flow_of, receives, request, shows

WITHOUT_END: tuple[Link, ...] = tuple(link for link in LINKS if link != "told of failure")


def steps_of(*events) -> list[DiagramStep]:
    """Return the steps of a play of `account-200` in which these events happened."""
    journal = Journal()
    for event in flow_of("account-200", *events).events:
        journal.add(event)
    return steps(journal)


def marked(diagram: list[DiagramStep]) -> list[tuple[str, Link | None]]:
    """Return what did not simply come, in order."""
    return [(step.state, step.link) for step in diagram if step.state != "came"]


def rest_from(link: Link) -> tuple[Link, ...]:
    return WITHOUT_END[WITHOUT_END.index(link) :]


def test_what_came_and_broke_is_marked_where_it_stands_and_the_rest_follows_it() -> None:
    diagram = steps_of(*FLOW, receives(2.0), closes(2.2))
    shown = with_break(diagram, BrokenLink(link="event heard", missing=rest_from("event heard")), "listener-missing")
    assert marked(shown) == [
        ("broken", "event heard"),
        ("missing", "event acted on"),
        ("missing", "follow-up"),
        ("missing", "told of success"),
    ]
    place = next(number for number, step in enumerate(shown) if step.state == "broken")
    assert shown[place].label.startswith("✗ listener-missing: postMessage")
    assert shown[place].at_ms is not None
    assert shown[-1].label == "closed by script"


def test_what_did_not_come_is_drawn_where_it_should_have_without_a_moment() -> None:
    diagram = steps_of(*FLOW, receives(2.0), closes(2.2))
    shown = with_break(diagram, BrokenLink(link="follow-up", missing=rest_from("follow-up")), "follow-up-missing")
    place = next(number for number, step in enumerate(shown) if step.state == "broken")
    assert shown[place - 1].link == "event heard"
    assert (shown[place].at_ms, shown[place].source, shown[place].target) == (None, "page", "leadconnector")
    assert marked(shown) == [("broken", "follow-up"), ("missing", "told of success")]


def test_each_link_that_is_missing_from_a_click_alone_has_one_arrow() -> None:
    diagram = steps_of(FLOW[2])
    shown = with_break(diagram, BrokenLink(link="window", missing=rest_from("window")), "window-not-opened")
    assert [step.link for step in shown] == list(WITHOUT_END)
    assert [step.state for step in shown] == ["came", "broken", *["missing"] * 6]


def test_the_rest_comes_after_the_answer_of_what_was_refused() -> None:
    diagram = steps_of(*FLOW, receives(2.0), request(2.1, "account", status=401))
    broken = BrokenLink(link="follow-up", missing=rest_from("follow-up"))
    states = [step.state for step in with_break(diagram, broken, "authorization-missing")]
    assert states[-3:] == ["broken", "came", "missing"]


def test_a_request_that_came_to_no_link_is_marked_itself_and_what_came_after_it_is_not_missing() -> None:
    diagram = steps_of(*FLOW, receives(2.0), closes(2.1), request(2.1, "unknown", status=404), shows(3.0, "connected"))
    asked = next(step for step in diagram if "facebook/account/" in step.label)
    assert asked.at_ms is not None
    broken = BrokenLink(link="follow-up", at_ms=asked.at_ms, missing=rest_from("follow-up"))
    shown = with_break(diagram, broken, "follow-up-path-unknown")
    assert len(shown) == len(diagram)
    assert [step.label for step in shown if step.state != "came"] == [f"✗ follow-up-path-unknown: {asked.label}"]


def test_what_the_user_was_told_too_early_is_not_drawn_as_missing() -> None:
    diagram = steps_of(*FLOW, receives(2.0), shows(2.5, "connected"))
    shown = with_break(diagram, BrokenLink(link="follow-up", missing=rest_from("follow-up")), "follow-up-missing")
    assert marked(shown) == [("broken", "follow-up")]
    assert shown[-1].label == "connected"


def test_an_answer_stands_at_its_own_moment_and_the_rest_comes_after_it() -> None:
    slow = replace(request(2.1, "account", status=401), answered_at=5.0)
    diagram = steps_of(*FLOW, receives(2.0), slow, closes(2.2))
    moments = [step.at_ms for step in diagram if step.at_ms is not None]
    assert moments == sorted(moments)
    assert [step.label for step in diagram[-2:]] == ["closed by script", "401"]
    broken = BrokenLink(link="follow-up", missing=rest_from("follow-up"))
    states = [step.state for step in with_break(diagram, broken, "authorization-missing")]
    assert states[-4:] == ["broken", "came", "came", "missing"]


def test_what_the_user_was_not_told_is_lost_after_all_that_led_to_it() -> None:
    refused = request(1.2, "start", status=400)
    diagram = steps_of(*FLOW[:5], refused, StepTaken(at=1.8, step="close"), closes(2.0, by_user=True))
    shown = with_break(diagram, BrokenLink(link="told of failure", missing=("told of failure",)), "silent-hang")
    assert [step.is_lost for step in shown] == [*[False] * len(diagram), True]


def test_where_a_play_went_on_only_what_is_wrong_is_marked() -> None:
    diagram = steps_of(*FLOW, receives(2.0), request(2.1, "account"), request(2.9, "account"), shows(3.5, "connected"))
    wrong = [step for step in diagram if step.link == "follow-up" and not step.answers][1]
    shown = with_break(diagram, BrokenLink(link="event acted on", at_ms=wrong.at_ms), "duplicate-acted-on")
    assert marked(shown) == [("broken", "follow-up")]
    assert len(shown) == len(diagram)
    assert next(step.at_ms for step in shown if step.state == "broken") == wrong.at_ms


def test_what_is_wrong_and_cannot_be_seen_in_the_sequence_leaves_it_as_it_is() -> None:
    diagram = steps_of(*FLOW)
    assert with_break(diagram, BrokenLink(link="told of success"), "connected-beforehand") == diagram
