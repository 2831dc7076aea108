"""The redaction of JSON data, field by field, each by its rule."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from oauth_window_harness.contract import rules
from oauth_window_harness.contract.shape import child_path, fold_indexes, read_json, type_name
from oauth_window_harness.record.known_fields import FIELD_NAME, WORD, Rule, rule_for
from oauth_window_harness.record.pseudonyms import Pseudonyms
from oauth_window_harness.record.refusals import PERSONAL_NAME, Refusal, Refusals

#: The pseudonym of every moment, as text and in seconds since the epoch.
_MOMENT = "2026-01-01T00:00:00.000Z"
_SECONDS = 1767225600
_IN_MILLISECONDS = 10**11

#: The smallest number that may be an id.
_LARGE = 100_000

_STATUS = re.compile(r"[1-5][0-9]{2}")


class FieldRedaction:
    """One walk through the data of one fixture.

    Args:
        file: the name of the fixture's file, for errors.
        pseudonyms: the pseudonyms of the recording.
        field_rules: the user's rules for further fields, by name.
        refusals: takes what is unknown, or is not what its rule expects.
        first_pass: whether only ids and names get their pseudonyms, and sentences stay as they are.

    Attributes:
        volatile: the paths of the values that differ between two recordings.
    """

    def __init__(
        self,
        file: str,
        pseudonyms: Pseudonyms,
        field_rules: Mapping[str, Rule],
        refusals: Refusals,
        *,
        first_pass: bool,
    ) -> None:
        self._file = file
        self._pseudonyms = pseudonyms
        self._field_rules = field_rules
        self._refusals = refusals
        self._first_pass = first_pass
        self.volatile: set[str] = set()

    def body(self, body: Any) -> Any:
        """Return the body of a response with everything personal replaced, and None in the place of what is refused."""
        return self._value(body, "sentence", "$", "")

    def data(self, data: Any) -> Any:
        """Return the data of a message with everything personal replaced; a JSON string stays a JSON string."""
        if not isinstance(data, str) or not rules.fields_of(data):
            return self.body(data)
        try:
            fields = read_json(data)
        except ValueError:
            return self.body(data)
        tight = (",", ":")
        separators = tight if json.dumps(fields, separators=tight, ensure_ascii=False) == data else None
        return json.dumps(self.body(fields), ensure_ascii=False, separators=separators)

    def _value(self, value: Any, rule: Rule, path: str, within: str) -> Any:
        if isinstance(value, Mapping):
            if rule == "pseudonym":
                return dict(self._covered(name, inner, path) for name, inner in value.items())
            return {name: self._field(name, inner, path, within) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._value(inner, rule, f"{path}[{index}]", within) for index, inner in enumerate(value)]
        if value is None or value == "" or (rule == "sentence" and self._first_pass):
            return value
        result = _RULES[rule](self._pseudonyms, value)
        if result is _NO:
            return self._refuse(path, value, f"a field that should hold {_DESCRIPTIONS.get(rule, 'an id')}")
        if rule in ("moment", "trace"):
            self.volatile.add(fold_indexes(path))
        return result

    def _field(self, name: str, value: Any, path: str, within: str) -> Any:
        rule = rule_for(within, name, self._field_rules)
        if rule is None:
            inner = child_path(path, name)
            shown = inner if FIELD_NAME.fullmatch(name) else f"{path}[{PERSONAL_NAME}]"
            return self._refuse(shown, value, "a field that redaction does not know")
        return self._value(value, rule, child_path(path, name), name)

    def _covered(self, name: str, value: Any, path: str) -> tuple[str, Any]:
        """Return a field within one that is a pseudonym as a whole, its name included unless its words are known."""
        inner = child_path(path, name)
        if name in self._field_rules:
            return name, self._value(value, self._field_rules[name], inner, name)
        shown = name if self._pseudonyms.is_plain(name) else self._pseudonyms.of(name, "field")
        return shown, self._value(value, "pseudonym", child_path(path, shown), shown)

    def _refuse(self, path: str, value: Any, what: str) -> None:
        size = f" of {len(value)} characters" if isinstance(value, str) else ""
        name = re.split(r"[.\[]", path)[-1].strip("]")
        self._refusals.add(
            Refusal(what, f"{self._file}: {path}", f"a value of the type {type_name(value)}{size}", name)
        )


# --- the rules: each returns the redacted value, or `_NO` if the value is not what the rule expects ----------------

_NO = object()


def _small(value: Any) -> Any:
    """Return a number if it is too small to identify anybody."""
    return value if abs(value) < _LARGE else _NO


def _keep(pseudonyms: Pseudonyms, value: Any) -> Any:
    if not isinstance(value, str):
        return _small(value)
    of_the_contract = WORD.fullmatch(value) or pseudonyms.is_plain(value)
    return value if of_the_contract and pseudonyms.text(value, any_word=True) == value else _NO


def _flag(_pseudonyms: Pseudonyms, value: Any) -> Any:
    return value if isinstance(value, bool) else _NO


def _status(_pseudonyms: Pseudonyms, value: Any) -> Any:
    return value if not isinstance(value, bool) and _STATUS.fullmatch(str(value)) else _NO


def _sentence(pseudonyms: Pseudonyms, value: Any) -> Any:
    return pseudonyms.text(value) if isinstance(value, str) else _small(value)


def _name(pseudonyms: Pseudonyms, value: Any) -> Any:
    return pseudonyms.of_name(value, "Page") if isinstance(value, str) else _NO


def _allowed(pseudonyms: Pseudonyms, value: Any) -> Any:
    """Return a value that the user allows; only what has the form of a secret is replaced."""
    return pseudonyms.text(value, any_word=True) if isinstance(value, str) else value


def _moment(_pseudonyms: Pseudonyms, value: Any) -> Any:
    if isinstance(value, str):
        return _MOMENT
    return _NO if isinstance(value, bool) else _SECONDS * (1000 if value > _IN_MILLISECONDS else 1)


def _id(family: str) -> Callable[[Pseudonyms, Any], Any]:
    def identity(pseudonyms: Pseudonyms, value: Any) -> Any:
        if isinstance(value, str):
            return pseudonyms.of(value, family)
        if isinstance(value, bool | float):
            return _NO
        return int(re.sub(r"\D", "", pseudonyms.of(str(abs(value)), family)) or 0)

    return identity


def _any(pseudonyms: Pseudonyms, value: Any) -> Any:
    """Return the pseudonym of any value of a field whose values identify; true and false identify nobody."""
    if isinstance(value, float):
        return float(re.sub(r"\D", "", pseudonyms.of(str(value))) or 0)
    return value if isinstance(value, bool) else _id("")(pseudonyms, value)


_RULES: Mapping[Rule, Callable[[Pseudonyms, Any], Any]] = {
    "keep": _keep,
    "flag": _flag,
    "status": _status,
    "sentence": _sentence,
    "within": _flag,
    "name": _name,
    "moment": _moment,
    "allowed": _allowed,
    **{family: _id(family) for family in ("account", "page", "location", "user", "company", "picture", "trace")},
    "pseudonym": _any,
}
_DESCRIPTIONS: Mapping[Rule, str] = {
    "keep": "a word of the contract",
    "flag": "true or false",
    "status": "a status",
    "sentence": "a sentence",
    "within": "further fields",
    "name": "a name",
    "moment": "a moment",
}
