"""What is a secret in a trace: in a header, a cookie or a field by its name, in a text by its shape.

Of headers the values are kept that a reader needs; every other one is masked, as the journal leaves it out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from oauth_window_harness.redact import MASK, Redactor

#: The headers whose values are kept, but for what in them is a secret by its shape.
_KEPT = re.compile(
    r"(?i)accept(-.*)?|access-control-.*|cache-control|connection|content-.*|cross-origin-.*|date|expires|host"
    r"|last-modified|location|origin|pragma|prefer|proxy-connection|referer|referrer-policy|retry-after|sec-.*|server"
    r"|strict-transport-security|transfer-encoding|upgrade-insecure-requests|user-agent|vary|version|x-frame-options"
)

#: What of a context's options the viewer needs; its cookies and its local storage are among the others.
_OF_CONTEXT = ("viewport", "deviceScaleFactor", "isMobile")

#: The names of fields, parameters and elements whose value is a secret, and of parameters alone (RFC 6749 §4.1.2).
_SECRET = re.compile(
    r"(?i).*(token|secret|passw|pwd|api[_-]?key|authorization|jwt|bearer|csrf|xsrf).*|auth|sid|session"
)
_GRANT = re.compile(r"(?i)code|state|signed_request|nonce")
#: The length of the shortest secret: what is shorter is a number or a word.
_SHORTEST = 8
#: The same of an authorization code.
_SHORTEST_CODE = 12

#: The headers that hold a credential, after the name of a scheme or without one.
_CREDENTIALS = ("authorization", "token-id", "x-api-key")

#: The elements of a page whose values are not seen, or not meant to be.
_UNSEEN = ("password", "hidden")

#: An element that can hold such a value, and its attributes.
_ELEMENT = re.compile(r"(?i)<(?:input|meta)\b[^>]*>")
_ATTRIBUTE = re.compile(r"""(?i)([\w:-]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)""")

#: A form as it is sent: names and values, and nothing that is in no address.
_FORM = re.compile(r"[\w.%+\[\]*-]+=[^\s<>{}\"']*")


class TraceMasking:
    """Masks the parts of a trace.

    Args:
        redactor: knows the secrets of the run, and those that have a shape.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._sent = Redactor()

    def learn(self, lines: str) -> None:
        """Take the credentials and the codes that requests have sent for secrets, wherever else they stand."""
        for line in lines.split("\n"):
            for pair in _sent(_read(line)):
                name, value = str(pair.get("name", "")).lower(), str(pair.get("value", ""))
                if name in _CREDENTIALS:
                    self._sent.learn(value.rpartition(" ")[2])
                elif _is_secret(name, value) or (name == "code" and len(value) >= _SHORTEST_CODE):
                    self._sent.learn(value)

    def lines(self, lines: str) -> str:
        """Return lines of JSON, masked."""
        return "".join(f"{self._line(line)}\n" for line in lines.split("\n") if line)

    def body(self, text: str) -> str:
        """Return what was sent or answered, masked: JSON, a form, a page, or another text."""
        if text.lstrip()[:1] in ("{", "["):
            with suppress(ValueError, RecursionError):
                return json.dumps(self._value(json.loads(text)))
        if _FORM.fullmatch(text):
            return "&".join(map(self._parameter, text.split("&")))
        return self._text(_ELEMENT.sub(lambda element: self._element(element[0]), text))

    def _line(self, line: str) -> str:
        value = _read(line)
        if value is None:
            return self._text(line)
        if isinstance(value.get("options"), dict):
            value["options"] = {name: value["options"][name] for name in _OF_CONTEXT if name in value["options"]}
        return json.dumps(self._value(value), separators=(",", ":"))

    def _text(self, text: str) -> str:
        text = self._redactor.text(text)
        return self._sent.text(text) if self._sent.version else text

    def _value(self, value: Any, key: str = "") -> Any:
        if isinstance(value, str):
            return MASK if _is_secret(key, value) else self._text(value)
        if isinstance(value, Mapping):
            return self._object(value, key)
        if isinstance(value, list):
            if len(value) > 1 and isinstance(value[0], str) and isinstance(value[1], dict):  # an element of a page
                return [value[0], self._attributes(value[1]), *(self._value(inner) for inner in value[2:])]
            return [self._value(inner, key) for inner in value]
        return value

    def _object(self, value: Mapping[str, Any], key: str) -> dict[str, Any]:
        if isinstance(value.get("name"), str) and isinstance(value.get("value"), str):  # of a header, a cookie, a form
            name = value["name"]
            unseen = key in ("cookies", "localStorage") or (key == "headers" and not _KEPT.fullmatch(name))
            if name.lower() == "authorization":
                inner: Any = self._redactor.headers([(name, value["value"])])["authorization"]
            elif unseen or _is_grant(name, value["value"]):
                inner = MASK
            else:
                inner = self._value(value["value"], name)
            return {**self._fields(value), "value": inner}
        if isinstance(value.get("k"), str) and "v" in value:  # of what a script was given, or has returned
            secret = _SECRET.fullmatch(value["k"]) and isinstance(value["v"], Mapping) and "s" in value["v"]
            return {"k": self._text(value["k"]), "v": {"s": MASK} if secret else self._value(value["v"])}
        return self._fields(value)

    def _fields(self, value: Mapping[str, Any]) -> dict[str, Any]:
        masked = {self._text(name): self._value(inner, name) for name, inner in value.items()}
        if isinstance(value.get("postData"), Mapping) and isinstance(value["postData"].get("text"), str):
            masked["postData"] = {**masked["postData"], "text": self.body(value["postData"]["text"])}
        return masked

    def _attributes(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """Return the attributes of an element of a page, of which the snapshot keeps what is typed in as well."""
        named = [str(attributes.get(name, "")) for name in ("name", "id", "autocomplete")]
        unseen = str(attributes.get("type", "")).lower() in _UNSEEN or any(map(_SECRET.fullmatch, named))
        values = ("value", "content", "__playwright_value_")
        return {
            self._text(name): MASK if unseen and name in values and value else self._value(value, name)
            for name, value in attributes.items()
        }

    def _element(self, text: str) -> str:
        """Return the beginning of an element, as it stands in a page's source."""
        found = {name.lower(): value.strip("\"'") for name, _, value in _ATTRIBUTE.findall(text)}
        masked = self._attributes(found)
        return _ATTRIBUTE.sub(
            lambda one: f'{one[1]}{one[2]}"{MASK}"' if masked[one[1].lower()] == MASK else one[0], text
        )

    def _parameter(self, text: str) -> str:
        name, equals, value = text.partition("=")
        secret = _is_secret(name, value) or _is_grant(name, value)
        return f"{name}{equals}{MASK}" if secret else self._text(text)


def _is_secret(name: str, value: str) -> bool:
    return len(value) >= _SHORTEST and MASK not in value and _SECRET.fullmatch(name) is not None


def _is_grant(name: str, value: str) -> bool:
    return len(value) >= _SHORTEST and _GRANT.fullmatch(name) is not None


def _read(line: str) -> dict[str, Any] | None:
    with suppress(ValueError, RecursionError):
        value = json.loads(line)
        return value if isinstance(value, dict) else None
    return None


def _sent(entry: Any) -> Iterator[Mapping[str, Any]]:
    """Yield what a request has sent by name, of an entry of the network: its headers, and the query of its address."""
    snapshot = entry.get("snapshot") if isinstance(entry, dict) else None
    request = snapshot.get("request") if isinstance(snapshot, dict) else None
    if not isinstance(request, dict):
        return
    for key in ("headers", "queryString"):
        pairs = request.get(key)
        yield from (pair for pair in pairs if isinstance(pair, Mapping)) if isinstance(pairs, list) else ()
