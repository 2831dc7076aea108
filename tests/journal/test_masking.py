"""A secret that is known late: it is masked in what was written down before, wherever it stands."""

from __future__ import annotations

from oauth_window_harness.journal.events import MessageReceived, RequestSeen
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.journal.page_events import Control, ControlsShown
from oauth_window_harness.journal.steps import Event
from oauth_window_harness.redact import MASK, Redacted, Redactor
from oauth_window_harness.stub.world import World
from tests.worlds import GOOD, LOCATED_PATH, START, plain_client, requests_of, scenario, start_query

OPAQUE = "q9LmOpaque7Token"


def request(at: float, url: str) -> RequestSeen:
    return RequestSeen(
        at=at, answered_at=at, method="GET", url=Redacted(url), headers={"referer": Redacted(url)}, endpoint="start",
        status=302, sent_by="page",
    )  # fmt: skip


def test_an_opaque_token_in_starts_address_is_masked_once_the_follow_up_has_shown_it() -> None:
    with World() as world, plain_client(world) as client:
        play = world.begin(scenario())
        client.get(START, params=start_query(key=OPAQUE), headers={"Referer": f"http://app.test/?k={OPAQUE}"})
        assert OPAQUE in requests_of(play)[0].url
        client.get(LOCATED_PATH, headers={**GOOD, "Authorization": f"Bearer {OPAQUE}"})
        first = requests_of(play)[0]
        assert f"key={MASK}" in first.url
        assert OPAQUE not in repr(play.journal.entries())
        later = world.begin(scenario())
        client.get(START, params=start_query(key=OPAQUE))
        assert OPAQUE not in repr(later.journal.entries())


def test_an_id_in_the_place_of_a_token_is_no_secret() -> None:
    with World() as world, plain_client(world) as client:
        play = world.begin(scenario())
        account = LOCATED_PATH.rpartition("/")[2]
        client.get(LOCATED_PATH, headers={**GOOD, "Authorization": f"Bearer {account}"})
        assert account in requests_of(play)[0].url


def test_every_text_of_an_event_is_masked_and_the_rest_stays() -> None:
    redactor = Redactor()
    journal = Journal(redactor=redactor)
    events: list[Event] = [
        request(1, f"https://a.test/?k={OPAQUE}"),
        request(2, "https://a.test/"),
        MessageReceived(
            at=3, window="app", data={"a": [OPAQUE, 1, None, {OPAQUE: True}]}, origin=Redacted("https://a.test"),
            source="popup",
        ),
        ControlsShown(at=4, window="app", controls=(Control(Redacted(f"Use {OPAQUE}"), Redacted("#a")),), dialogs=()),
    ]  # fmt: skip
    for event in events:
        journal.add(event)
    assert journal.entries() == events
    redactor.learn(OPAQUE)
    seen = journal.entries()
    assert OPAQUE not in repr(seen)
    assert seen[1] is events[1]
    message = seen[2]
    assert isinstance(message, MessageReceived)
    assert message.data == {"a": [MASK, 1, None, {MASK: True}]}


def test_what_was_written_before_and_comes_after_a_secret_was_learned_is_masked_too() -> None:
    """As of a thread that has redacted an event, and adds it a moment after another thread has learned the secret."""
    redactor = Redactor()
    journal = Journal(redactor=redactor, keep=3)
    redactor.learn(OPAQUE)
    assert journal.entries() == []
    for at in range(5):
        journal.add(request(at, f"https://a.test/{OPAQUE}"))
    assert [event.at for event in journal.entries()] == [2, 3, 4]
    assert OPAQUE not in repr(journal.entries())
