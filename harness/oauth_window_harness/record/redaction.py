"""The gate of a recording: raw messages and exchanges go in, and fixtures without secrets come out, or nothing does.

Each known field is redacted by its rule (`record.known_fields`); an unknown field is refused. No error of this module
shows a value that was recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import quote, unquote

from oauth_window_harness.contract import rules
from oauth_window_harness.contract.fixture import EventFixture, Exchange, ExchangeRequest, ExchangeResponse, Provenance
from oauth_window_harness.record.fields import FieldRedaction
from oauth_window_harness.record.genuine import GenuineValues
from oauth_window_harness.record.headers import kept_headers
from oauth_window_harness.record.known_fields import VOCABULARY, Rule
from oauth_window_harness.record.pseudonyms import Pseudonyms
from oauth_window_harness.record.refusals import Refusals
from oauth_window_harness.record.unredacted import Personal, RawExchange, RawMessage

SOURCE = "recorded by oauth-window record"

#: The origins of the vendor's own pages; another origin may be an agency's, and so personal.
_VENDOR = re.compile(rf"https://(?:[a-z0-9-]+\.)*(?:{re.escape(rules.DOMAIN)}|gohighlevel\.com)")


class Redaction:
    """Makes fixtures from raw messages and exchanges.

    Args:
        personal: the values that are known to be personal.
        platform: the platform of all fixtures.
        api: the ``Version`` of all exchanges.
        upstream: the service's origin.
        day: the day of the recording.
        field_rules: the user's rules for further fields, by name.
    """

    def __init__(
        self,
        personal: Personal,
        *,
        platform: str,
        api: str,
        upstream: str,
        day: date,
        field_rules: Mapping[str, Rule] | None = None,
    ) -> None:
        self._personal = personal
        self._platform = platform
        self._api = api
        self._provenance = Provenance(grade="seen", source=SOURCE, recorded=day, upstream=upstream)
        self._field_rules = field_rules or {}
        self._begin(GenuineValues(value for value, _ in personal.values()))

    def fixtures(
        self, messages: Iterable[RawMessage], exchanges: Iterable[RawExchange]
    ) -> dict[str, Exchange | EventFixture]:
        """Return the fixtures by name.

        Raises:
            UnredactedError: fields are unknown, or their values are not what their rules expect.
        """
        messages, exchanges = list(messages), list(exchanges)
        # Every value as it came before the first pseudonym: none may be mistaken for a value that comes later.
        received = [*(value for value, _ in self._personal.values()), *(message.data for message in messages)]
        received += [part for one in exchanges for part in (one.response.body, one.response.headers)]
        self._begin(GenuineValues(received))
        # All names and ids first: a sentence may repeat any of them.
        for message in messages:
            self._walk(message.name, first_pass=True).data(message.data)
        for exchange in exchanges:
            self._walk(exchange.name, first_pass=True).body(exchange.response.body)
        fixtures: dict[str, Exchange | EventFixture] = {message.name: self._event(message) for message in messages}
        fixtures |= {exchange.name: self._exchange(exchange) for exchange in exchanges}
        self._refusals.check()
        return fixtures

    def _begin(self, genuine: GenuineValues) -> None:
        self._refusals = Refusals()
        self.pseudonyms = Pseudonyms(VOCABULARY, genuine)
        for value, family in self._personal.values():
            self.pseudonyms.of(value, family)

    def _event(self, raw: RawMessage) -> EventFixture:
        walk = self._walk(raw.name)
        data = walk.data(raw.data)
        target, assumed = raw.target_origin, tuple[str, ...]()
        if target is None or target == self._personal.opener:
            why = "not seen" if target is None else "it named the opener's own origin"
            target, assumed = "*", (f"target_origin: {why}",)
        return EventFixture(
            kind="event",
            title=raw.title,
            platform=self._platform,
            provenance=self._provenance.model_copy(update={"assumed": assumed}),
            origin=self._origin(raw.origin),
            target_origin=target if target in ("*", "/") else self._origin(target),
            data=data,
            volatile=tuple(sorted(walk.volatile)),
        )

    def _exchange(self, raw: RawExchange) -> Exchange:
        walk = self._walk(raw.name)
        body = walk.body(raw.response.body)
        headers, volatile = kept_headers(
            raw.response.headers,
            self.pseudonyms,
            f"{raw.name}.json",
            redirects=raw.endpoint == "start",
            field_rules=self._field_rules,
            refusals=self._refusals,
        )
        request = ExchangeRequest(
            method="GET",
            path="/".join(self._segment(segment) for segment in raw.path.split("/")),
            query={name: self._pseudonym_if_personal(value) for name, value in raw.query.items()},
            headers={name: self._request_header(name, value) for name, value in raw.headers.items()},
            provoked_by=raw.provoked_by,
        )
        return Exchange(
            kind="exchange",
            title=raw.title,
            platform=self._platform,
            api=self._api,
            endpoint=raw.endpoint,
            provenance=self._provenance,
            request=request,
            response=ExchangeResponse(
                status=raw.response.status, headers=headers, body=body, text=None if body is not None else ""
            ),
            volatile=tuple(sorted({*walk.volatile, *volatile})),
        )

    def _walk(self, name: str, *, first_pass: bool = False) -> FieldRedaction:
        return FieldRedaction(f"{name}.json", self.pseudonyms, self._field_rules, self._refusals, first_pass=first_pass)

    def _pseudonym_if_personal(self, value: str) -> str:
        return self.pseudonyms.of(value) if value in dict(self._personal.values()) else value

    def _segment(self, segment: str) -> str:
        return quote(self._pseudonym_if_personal(unquote(segment)), safe="")

    def _request_header(self, name: str, value: str) -> str:
        scheme, space, credentials = value.partition(" ")
        return f"{scheme}{space}{self._pseudonym_if_personal(credentials)}" if name == "authorization" else value

    def _origin(self, origin: str) -> str:
        known = origin in (self._provenance.upstream, "null") or _VENDOR.fullmatch(origin)
        return origin if known else self.pseudonyms.of(origin)
