"""The body with which the event is delivered to a backend: the event itself, or a template that it fills."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

from oauth_window_harness.drivers.mock.network import TextBody
from oauth_window_harness.errors import BadFileError

#: What a template may name: the event's fields, and the sub-account and the user of the window.
FIELDS = (
    "actionType", "page", "platform", "placement", "accountId", "reconnectAccounts", "refresh", "source",
    "locationId", "userId",
)  # fmt: skip
_FIELD = re.compile(r"\{([A-Za-z]\w*)\}")
_FORM = re.compile(r"\s*[\w.\[\]-]+=")
#: What a script writes into a text where the event has no such field.
_ABSENT = "undefined"


@dataclass(frozen=True)
class DeliveryBody:
    """A template, in which ``{accountId}`` and the like stand for the event's fields.

    Attributes:
        document: the template as JSON; None if it is another text.
        text: the template as text.
    """

    document: Any
    text: str

    @classmethod
    def read(cls, file: Path) -> DeliveryBody:
        """Return the template of a file.

        Raises:
            BadFileError: the file cannot be read, or names a field that no event has.
        """
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror or "" if isinstance(error, OSError) else "it is not UTF-8"
            raise BadFileError("the body to deliver cannot be read", where=str(file), seen=reason) from None
        for number, line in enumerate(text.splitlines(), 1):
            unknown = [name for name in _FIELD.findall(line) if name not in FIELDS]
            if unknown:
                raise BadFileError(
                    "the body to deliver names a field that no event has",
                    where=f"{file}:{number}",
                    seen=f"{{{unknown[0]}}}",
                    todo=f"name one of: {', '.join(FIELDS)}",
                )
        try:
            return cls(json.loads(text), text)
        except ValueError:
            return cls(None, text)

    def filled(self, fields: Mapping[str, Any]) -> Any:
        """Return the body: JSON data, or a `TextBody`."""
        if self.document is not None:
            return _fill(self.document, fields)
        if _FORM.match(self.text):
            encoded = {name: quote_plus(_as_text(value)) for name, value in fields.items()}
            return TextBody(_fill_text(self.text.strip(), encoded), "application/x-www-form-urlencoded")
        return TextBody(_fill_text(self.text.strip(), fields), "text/plain; charset=utf-8")


def _fill(value: Any, fields: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        # A field that the event lacks is left out, as JSON.stringify does with undefined.
        kept = {name: inner for name, inner in value.items() if not _is_absent(inner, fields)}
        return {name: _fill(inner, fields) for name, inner in kept.items()}
    if isinstance(value, list):
        return [_fill(inner, fields) for inner in value if not _is_absent(inner, fields)]
    if not isinstance(value, str):
        return value
    whole = _FIELD.fullmatch(value)
    return fields[whole[1]] if whole else _fill_text(value, fields)


def _is_absent(value: Any, fields: Mapping[str, Any]) -> bool:
    whole = _FIELD.fullmatch(value) if isinstance(value, str) else None
    return whole is not None and whole[1] not in fields


def _fill_text(text: str, fields: Mapping[str, Any]) -> str:
    return _FIELD.sub(lambda match: _as_text(fields.get(match[1], _ABSENT)), text)


def _as_text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
