"""The gate of a recording: what was seen goes in, and fixtures without a secret come out, or nothing does.

What is known is dealt with by its rule (`record.known_fields`); a field that is not known makes it refuse. No error
of this module carries a value of what was seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import quote, unquote

from oauth_window_harness.contract import rules
from oauth_window_harness.contract.fixture import EventFixture, Exchange, ExchangeRequest, ExchangeResponse, Provenance
from oauth_window_harness.record.fields import FieldRedaction
from oauth_window_harness.record.headers import kept_headers
from oauth_window_harness.record.known_fields import VOCABULARY, Rule
from oauth_window_harness.record.pseudonyms import Pseudonyms
from oauth_window_harness.record.unredacted import Personal, SeenExchange, SeenMessage

SOURCE = "recorded by oauth-window record"

#: Where the vendor's own pages are; another origin may be an agency's own, and so personal.
_VENDOR = re.compile(rf"https://(?:[a-z0-9-]+\.)*(?:{re.escape(rules.DOMAIN)}|gohighlevel\.com)")


class Redaction:
    """Turns what was seen into fixtures.

    Args:
        personal: what is known to be personal.
        platform: of all fixtures.
        api: of all exchanges.
        upstream: the origin of the service.
        day: of the recording.
        taught: the rules of fields that are not known, by name.
    """

    def __init__(
        self,
        personal: Personal,
        *,
        platform: str,
        api: str,
        upstream: str,
        day: date,
        taught: Mapping[str, Rule] | None = None,
    ) -> None:
        self._personal = personal
        self._platform = platform
        self._api = api
        self._provenance = Provenance(grade="seen", source=SOURCE, recorded=day, upstream=upstream)
        self._taught = taught or {}
        self.pseudonyms = Pseudonyms(VOCABULARY)
        for value, family in personal.values():
            self.pseudonyms.of(value, family)

    def fixtures(
        self, messages: Iterable[SeenMessage], exchanges: Iterable[SeenExchange]
    ) -> dict[str, Exchange | EventFixture]:
        """Return the fixtures by name.

        Raises:
            UnredactedError: a field is not known, or holds what its rule does not expect.
        """
        messages, exchanges = list(messages), list(exchanges)
        # Names and ids first, wherever they stand: a sentence may repeat them.
        for message in messages:
            self._walk(message.name, gathering=True).data(message.data)
        for exchange in exchanges:
            self._walk(exchange.name, gathering=True).body(exchange.response.body)
        made: dict[str, Exchange | EventFixture] = {message.name: self._event(message) for message in messages}
        return made | {exchange.name: self._exchange(exchange) for exchange in exchanges}

    def _event(self, seen: SeenMessage) -> EventFixture:
        walk = self._walk(seen.name)
        data = walk.data(seen.data)
        target, assumed = seen.target_origin, tuple[str, ...]()
        if target is None or target == self._personal.opener:
            why = "not seen" if target is None else "it named the opener's own origin"
            target, assumed = "*", (f"target_origin: {why}",)
        return EventFixture(
            kind="event",
            title=seen.title,
            platform=self._platform,
            provenance=self._provenance.model_copy(update={"assumed": assumed}),
            origin=self._origin(seen.origin),
            target_origin=target if target in ("*", "/") else self._origin(target),
            data=data,
            volatile=tuple(sorted(walk.volatile)),
        )

    def _exchange(self, seen: SeenExchange) -> Exchange:
        walk = self._walk(seen.name)
        body = walk.body(seen.response.body)
        headers, volatile = kept_headers(
            seen.response.headers,
            self.pseudonyms,
            f"{seen.name}.json",
            redirects=seen.endpoint == "start",
            taught=self._taught,
        )
        request = ExchangeRequest(
            method="GET",
            path="/".join(self._segment(segment) for segment in seen.path.split("/")),
            query={name: self._known(value) for name, value in seen.query.items()},
            headers={name: self._sent(name, value) for name, value in seen.headers.items()},
            provoked_by=seen.provoked_by,
        )
        return Exchange(
            kind="exchange",
            title=seen.title,
            platform=self._platform,
            api=self._api,
            endpoint=seen.endpoint,
            provenance=self._provenance,
            request=request,
            response=ExchangeResponse(
                status=seen.response.status, headers=headers, body=body, text=None if body is not None else ""
            ),
            volatile=tuple(sorted({*walk.volatile, *volatile})),
        )

    def _walk(self, name: str, *, gathering: bool = False) -> FieldRedaction:
        return FieldRedaction(f"{name}.json", self.pseudonyms, self._taught, gathering)

    def _known(self, value: str) -> str:
        return self.pseudonyms.of(value) if value in dict(self._personal.values()) else value

    def _segment(self, segment: str) -> str:
        return quote(self._known(unquote(segment)), safe="")

    def _sent(self, name: str, value: str) -> str:
        scheme, space, credentials = value.partition(" ")
        return f"{scheme}{space}{self._known(credentials)}" if name == "authorization" else value

    def _origin(self, origin: str) -> str:
        known = origin in (self._provenance.upstream, "null") or _VENDOR.fullmatch(origin)
        return origin if known else self.pseudonyms.of(origin)
