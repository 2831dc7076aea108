"""The gate of a recording: what was seen goes in, and fixtures without a secret come out, or nothing does.

What is known is dealt with by its rule (`harness.known_fields`); a field that is not known makes it refuse. No error
of this module carries a value of what was seen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote, unquote

from harness import contract
from harness.errors import UnredactedError
from harness.fixture import EventFixture, Exchange, ExchangeRequest, ExchangeResponse, Provenance
from harness.known_fields import FIELD_NAME, VOCABULARY, WORD, Rule, rule_for
from harness.pseudonyms import Pseudonyms
from harness.recorded_headers import kept_headers
from harness.shape import child, folded, type_name

SOURCE = "recorded by oauth-window record"

#: What every moment becomes, as text and in seconds since the epoch.
_MOMENT = "2026-01-01T00:00:00.000Z"
_SECONDS = 1767225600
_IN_MILLISECONDS = 10**11

#: Where the vendor's own pages are; another origin may be an agency's own, and so personal.
_VENDOR = re.compile(rf"https://(?:[a-z0-9-]+\.)*(?:{re.escape(contract.DOMAIN)}|gohighlevel\.com)")

#: From here on a number may be an id.
_LARGE = 100_000

_STATUS = re.compile(r"[1-5][0-9]{2}")


@dataclass(frozen=True, repr=False)
class Personal:
    """The values that are known to be personal or secret.

    Attributes:
        opener: the origin of the page that opened the window.
    """

    location: str
    token: str
    user: str | None = None
    account: str | None = None
    opener: str | None = None

    def values(self) -> list[tuple[str, str]]:
        """Give each value with its family."""
        named = [("location", self.location), ("token", self.token), ("user", self.user), ("account", self.account)]
        return [(value, family) for family, value in named if value]


@dataclass(frozen=True, repr=False)
class SeenExchange:
    """A request that was made, and what came; nothing of it is redacted yet."""

    name: str
    title: str
    endpoint: Any
    path: str
    status: int
    response_headers: Sequence[tuple[str, str]]
    body: Any
    query: Mapping[str, str] = field(default_factory=dict)
    request_headers: Mapping[str, str] = field(default_factory=dict)
    provokes: str | None = None


@dataclass(frozen=True, repr=False)
class SeenMessage:
    """A message that came from the window; ``target_origin`` is None where it could not be seen."""

    name: str
    title: str
    data: Any
    origin: str
    target_origin: str | None


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
        """Give the fixtures by name.

        Raises:
            UnredactedError: a field is not known, or holds what its rule does not expect.
        """
        messages, exchanges = list(messages), list(exchanges)
        # Names and ids first, wherever they stand: a sentence may repeat them.
        for message in messages:
            self._walk(message.name, gathering=True).data(message.data)
        for exchange in exchanges:
            self._walk(exchange.name, gathering=True).body(exchange.body)
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
        body = walk.body(seen.body)
        headers, volatile = kept_headers(
            seen.response_headers, self.pseudonyms, f"{seen.name}.json", redirects=seen.endpoint == "start"
        )
        request = ExchangeRequest(
            method="GET",
            path="/".join(self._segment(segment) for segment in seen.path.split("/")),
            query={name: self._known(value) for name, value in seen.query.items()},
            headers={name: self._sent(name, value) for name, value in seen.request_headers.items()},
            provokes=seen.provokes,
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
                status=seen.status, headers=headers, body=body, text=None if body is not None else ""
            ),
            volatile=tuple(sorted({*walk.volatile, *volatile})),
        )

    def _walk(self, name: str, *, gathering: bool = False) -> _Walk:
        return _Walk(f"{name}.json", self.pseudonyms, self._taught, gathering)

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


class _Walk:
    """One walk through the data of one fixture."""

    def __init__(self, file: str, pseudonyms: Pseudonyms, taught: Mapping[str, Rule], gathering: bool) -> None:
        self._file = file
        self._pseudonyms = pseudonyms
        self._taught = taught
        self._gathering = gathering
        self.volatile: set[str] = set()

    def body(self, body: Any) -> Any:
        return self._value(body, "sentence", "$", "")

    def data(self, data: Any) -> Any:
        """Give the data of a message; one that is a JSON string stays one."""
        if isinstance(data, str) and (fields := contract.fields_of(data)):
            compact = {"separators": (",", ":")} if json.dumps(fields, separators=(",", ":")) == data else {}
            return json.dumps(self.body(fields), ensure_ascii=False, **compact)  # type: ignore[arg-type]
        return self.body(data)

    def _value(self, value: Any, rule: Rule, path: str, within: str) -> Any:
        if isinstance(value, Mapping):
            return {name: self._field(name, inner, path, within) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._value(inner, rule, f"{path}[{place}]", within) for place, inner in enumerate(value)]
        if value is None or value == "":
            return value
        done = _RULES[rule](self, value)
        if done is _NO:
            raise self._refusal(path, value, f"a field that should hold {_EXPECTED[rule]}")
        if rule in ("moment", "trace"):
            self.volatile.add(folded(path))
        return done

    def _field(self, name: str, value: Any, path: str, within: str) -> Any:
        rule = rule_for(within, name, self._taught)
        if rule is None:
            shown = child(path, name) if FIELD_NAME.fullmatch(name) else f"{path}[a name that may be personal itself]"
            raise self._refusal(shown, value, "a field that redaction does not know")
        return self._value(value, rule, child(path, name), name)

    def _refusal(self, path: str, value: Any, what: str) -> UnredactedError:
        size = f" of {len(value)} characters" if isinstance(value, str) else ""
        name = re.split(r"[.\[]", path)[-1].strip("]")
        teach = f"look at what it holds, and say `--field {name}=keep` or `--field {name}=pseudonym`"
        return UnredactedError(
            f"{what}, so nothing was written",
            where=f"{self._file}: {path}",
            seen=f"a value of the type {type_name(value)}{size}",
            todo=teach if FIELD_NAME.fullmatch(name) else "report it to the maintainers of oauth-window-harness",
        )

    # --- the rules: each gives what becomes of a value, or `_NO` ----------------------------------------------------

    def keep(self, value: Any) -> Any:
        if not isinstance(value, str):
            return _small(value)
        return value if WORD.fullmatch(value) and self._pseudonyms.text(value, any_word=True) == value else _NO

    def flag(self, value: Any) -> Any:
        return value if isinstance(value, bool) else _NO

    def status(self, value: Any) -> Any:
        return value if not isinstance(value, bool) and _STATUS.fullmatch(str(value)) else _NO

    def sentence(self, value: Any) -> Any:
        if not isinstance(value, str):
            return _small(value)
        return value if self._gathering else self._pseudonyms.text(value)

    def within(self, value: Any) -> Any:
        return value if isinstance(value, bool) else _NO

    def name(self, value: Any) -> Any:
        return self._pseudonyms.named(value, "Page") if isinstance(value, str) else _NO

    def taught(self, value: Any) -> Any:
        """What the user lets stay: all but what has the form of a secret."""
        return self._pseudonyms.text(value, any_word=True) if isinstance(value, str) else value

    def moment(self, value: Any) -> Any:
        if isinstance(value, str):
            return _MOMENT
        return _NO if isinstance(value, bool) else _SECONDS * (1000 if value > _IN_MILLISECONDS else 1)

    def identity(self, value: Any, family: str) -> Any:
        if isinstance(value, bool):
            return _NO
        if isinstance(value, int):
            return int(re.sub(r"\D", "", self._pseudonyms.of(str(abs(value)), family)) or 0)
        return self._pseudonyms.of(value, family) if isinstance(value, str) else _NO


_NO = object()


def _small(value: Any) -> Any:
    """Give a number that is too small to name anybody."""
    return value if abs(value) < _LARGE else _NO


def _id(family: str) -> Callable[[_Walk, Any], Any]:
    return lambda walk, value: walk.identity(value, family)


_RULES: Mapping[Rule, Callable[[_Walk, Any], Any]] = {
    "keep": _Walk.keep,
    "flag": _Walk.flag,
    "status": _Walk.status,
    "sentence": _Walk.sentence,
    "within": _Walk.within,
    "name": _Walk.name,
    "moment": _Walk.moment,
    "taught": _Walk.taught,
    **{family: _id(family) for family in ("account", "page", "location", "user", "company", "picture", "trace")},
    "pseudonym": _id(""),
}
_EXPECTED: Mapping[Rule, str] = {
    "keep": "a word of the contract",
    "flag": "true or false",
    "status": "a status",
    "sentence": "a sentence",
    "within": "further fields",
    "name": "a name",
    "moment": "a moment",
}
