"""What is known of a key's play is worked out anew where something new arrived, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from oauth_window_harness.journal.events import MessageReceived, RequestSeen
from oauth_window_harness.journal.play import Play
from oauth_window_harness.redact import Redacted, Redactor
from oauth_window_harness.serve import observation
from oauth_window_harness.serve.observation import Observations
from oauth_window_harness.serve.observer_reports import Reports
from oauth_window_harness.serve.plays import Plays
from oauth_window_harness.stub.session import Session, StubRules
from tests.serve.http_suite import EVENT, batch
from tests.worlds import scenario

SECRET = "a-secret-of-the-app"


class Known:
    """What is known of keys, and what can arrive."""

    def __init__(self) -> None:
        rules, self.redactor = StubRules(), Redactor()
        self.plays = Plays(
            lambda story, journal: Session(Play(story, rules.fixtures, journal, self.redactor), rules),
            scenario(),
            redactor=self.redactor,
        )
        self.reports = Reports()
        self.observations = Observations(self.plays, self.reports)
        self._count = 0

    def report(self, key: str = "one", data: object = EVENT) -> None:
        """Let the page of a key report a message."""
        rows = [
            {"kind": "loaded", "at": 1000.0, "url": "http://localhost/", "hasOpener": False},
            {"kind": "received", "at": 1001.0, "data": data, "origin": "http://x.example", "source": "other"},
        ]
        self.reports.add(key, batch(self.reports.ticket(key), *rows, number=self._count))
        self._count += 1

    def request(self, key: str = "one") -> None:
        """Let the stub answer a request of a key."""
        seen = RequestSeen(
            at=1.0, method="GET", url=Redacted("x"), headers={}, endpoint="account", status=200, answered_at=1.0,
            sent_by="server",
        )  # fmt: skip
        self.plays.of(key).play.journal.add(seen)

    def forget_requests(self) -> None:
        """Let the suite forget the requests of the key."""
        self.plays.request_journal.forget("one")

    def begin(self) -> None:
        """Let the suite begin another play."""
        self.plays.begin("one", scenario())

    def forget_pages(self) -> None:
        """Let the pages be forgotten that are gone."""
        self.reports.forget("one", before=float("inf"))

    def fail(self) -> None:
        """Let the app write an error."""
        self.observations.app_errors = lambda: [(1.0, Redacted("Error: no"))]

    def learn(self) -> None:
        """Let a secret become known."""
        self.redactor.learn(SECRET)


@pytest.fixture
def known() -> Known:
    made = Known()
    made.report()
    made.request()
    return made


@pytest.mark.parametrize(
    "arrive",
    [Known.report, Known.request, Known.forget_requests, Known.begin, Known.forget_pages, Known.fail, Known.learn],
    ids=lambda arrive: arrive.__name__,
)
def test_it_is_worked_out_anew_once_something_arrived(known: Known, arrive: Callable[[Known], None]) -> None:
    before = known.observations.of("one")
    assert known.observations.of("one") is before
    arrive(known)
    after = known.observations.of("one")
    assert after is not before
    assert known.observations.of("one") is after


def test_what_arrived_is_in_it(known: Known) -> None:
    assert len(known.observations.of("one").flow.requests) == 1
    known.request()
    assert len(known.observations.of("one").flow.requests) == 2
    known.forget_requests()
    assert known.observations.of("one").flow.requests == []


def test_what_came_before_a_secret_was_known_is_masked_from_then_on(known: Known) -> None:
    known.report(data={"text": SECRET})
    assert SECRET in str(known.observations.of("one").flow.all_of(MessageReceived))
    known.learn()
    assert SECRET not in str(known.observations.of("one").flow.all_of(MessageReceived))


def test_what_arrives_for_another_key_changes_nothing(known: Known) -> None:
    before = known.observations.of("one")
    known.report("two")
    known.request("two")
    assert known.observations.of("one") is before


def test_with_the_word_of_the_suite_that_it_has_clicked_it_is_another(known: Known) -> None:
    before = known.observations.of("one")
    assert known.observations.of("one", clicked=True) is not before
    assert known.observations.of("one") is before


def test_it_is_kept_of_the_keys_that_were_asked_for_last(known: Known) -> None:
    before = known.observations.of("one")
    for number in range(observation.MOST):
        known.observations.of(f"key-{number}")
    assert known.observations.of("one") is not before
