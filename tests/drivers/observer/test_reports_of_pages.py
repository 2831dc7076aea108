"""What a page reports is hostile: no shape of it breaks the reading, or what is written of it."""

from __future__ import annotations

import json

import pytest

from oauth_window_harness.drivers.observer.script import event_of
from oauth_window_harness.journal.events import MessageReceived
from oauth_window_harness.redact import Redactor


@pytest.mark.parametrize(
    "report",
    [
        '{"kind": "listeners", "at": 1, "count": 1e999}',
        '{"kind": "loaded", "at": 1, "url": 1, "hasOpener": false}',
        '{"kind": "received", "at": NaN, "data": 1, "origin": "", "source": "popup"}',
        '{"kind": "listeners"}', "[]", "null", "nonsense",
        '{"kind": "received", "at": 1, "data": ' + "[" * 500 + "]" * 500 + ', "origin": "", "source": "popup"}',
    ],
)  # fmt: skip
def test_what_is_no_report_gives_no_event(report: str) -> None:
    assert event_of(report, "app", Redactor()) is None


def test_half_a_character_is_replaced_so_that_the_event_can_be_written() -> None:
    row = {"kind": "received", "at": 1, "data": {"half \ud800": "\udfff"}, "origin": "http://a.test", "source": "popup"}
    event = event_of(json.dumps(row), "app", Redactor())
    assert isinstance(event, MessageReceived)
    assert event.data == {"half \ufffd": "\ufffd"}
