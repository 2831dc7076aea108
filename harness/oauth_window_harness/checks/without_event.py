"""What a page does as well without the event: what it then shows and asks is not caused by the event."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from oauth_window_harness.checks.moving_text import lines_of, words_of
from oauth_window_harness.journal.events import Event, MessageReceived, PageRequested, RequestSeen, TextShown


@dataclass(frozen=True)
class WithoutEvent:
    """What the page did in a play in which its window posted another message in place of the event.

    Attributes:
        texts: the texts that it showed.
        echoes: what it wrote about that message, without the message's own content.
        requests: the methods and addresses of its requests.
        listed_after: how long after that message it asked for the list of accounts, in seconds; None if it did not.
    """

    texts: frozenset[str] = frozenset()
    echoes: frozenset[str] = frozenset()
    requests: frozenset[tuple[str, str]] = frozenset()
    listed_after: float | None = None

    @classmethod
    def of(cls, events: Sequence[Event], message: MessageReceived | None) -> WithoutEvent:
        """Return it for a play in which these events happened, and that message came."""
        shown = [event for event in events if isinstance(event, TextShown)]
        requested = [event for event in events if isinstance(event, PageRequested)]
        before = {line for event in shown if message and event.at <= message.at for line in lines_of(event.text)}
        after = {line for event in shown if message and event.at > message.at for line in lines_of(event.text)}
        return cls(
            frozenset(event.text for event in shown),
            frozenset(echo_of(line, message.data) for line in after - before) if message else frozenset(),
            frozenset((event.method, event.url) for event in requested),
            listed_after=_first_list(events, message.at) if message else None,
        )

    def echoes_as(self, line: str, data: Any) -> bool:
        """Return whether the page wrote the same of the other message as it does, in this line, of this one."""
        return echo_of(line, data) in self.echoes


def _first_list(events: Sequence[Event], after: float) -> float | None:
    lists = [event.at for event in events if isinstance(event, RequestSeen) and event.endpoint == "accounts"]
    return next((at - after for at in lists if at > after), None)


#: What is known of a page that no such play was made with.
UNKNOWN = WithoutEvent()


#: What scripts write for a field that a message has not, and for what is no text.
_BLANKS = re.compile(r"(?<!\w)(?:undefined|null|NaN|object Object)(?!\w)")


def echo_of(line: str, data: Any) -> str:
    """Return what is left of a line without the content of a message, and without figures and punctuation."""
    parts = sorted({part for text in _content(data) for part in words_of(text).split()}, key=len, reverse=True)
    content = re.compile("|".join(rf"(?<!\w){re.escape(part)}(?!\w)" for part in parts) or r"(?!)")
    return " ".join(content.sub(" ", _BLANKS.sub(" ", words_of(line))).split())


def _content(data: Any) -> Iterator[str]:
    """Yield the names and the values of a message."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield str(name)
            yield from _content(value)
    elif isinstance(data, list):
        for value in data:
            yield from _content(value)
    else:
        yield {None: "null", True: "true", False: "false"}.get(data, str(data))
