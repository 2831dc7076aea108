"""Reads HTML documents: the only user of selectolax, which parses as browsers do (HTML Standard §13.2)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

_TEST_ID = "data-testid"
_CONTROLS = "button, input[type=button], input[type=submit], [role=button], [role=menuitem], summary, a[href]"


class SelectorError(ValueError):
    """The selector is not valid CSS."""


@dataclass(frozen=True)
class Submission:
    """A form as it is submitted.

    Attributes:
        fields: the entry list, in the order of the document.
    """

    method: str
    url: str
    fields: tuple[tuple[str, str], ...]


class Document:
    """One HTML document, and where it came from.

    Attributes:
        url: its address, with its fragment.
        status: the status of the response that brought it.
    """

    def __init__(self, url: str, status: int = HTTPStatus.OK, html: str = "") -> None:
        self.url = url
        self.status = status
        self._html = html

    @cached_property
    def _tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self._html)

    def find(self, selector: str) -> list[LexborNode]:
        """Return the elements that match a CSS selector, without those that are in something ``hidden``.

        Raises:
            SelectorError: the selector is not valid CSS.
        """
        try:
            found = self._tree.css(selector)
        except SelectolaxError as error:
            raise SelectorError(str(error)) from None
        return [node for node in found if not _is_hidden(node)]

    def controls(self) -> list[dict[str, Any]]:
        """Return what a person knows of each visible control: its name, role, address and state."""
        return [_control_row(node, self.url) for node in self.find(_CONTROLS)]

    def has(self, test_id: str) -> bool:
        """Return whether the document has a control with this test id."""
        return self._control(test_id) is not None

    def text_of(self, selector: str) -> str:
        """Return the text of the first element that matches a selector, or an empty string."""
        node = self._tree.css_first(selector)
        return " ".join(node.text().split()) if node is not None else ""

    def data(self, name: str) -> Any:
        """Return the data of the ``application/json`` script with this id, or None if there is none."""
        node = self._tree.css_first(f'script[type="application/json"]#{name}')
        return json.loads(node.text()) if node is not None else None

    def link(self, test_id: str) -> str | None:
        """Return the absolute address of the link with this test id, or None if there is none."""
        node = self._control(test_id)
        href = node.attributes.get("href") if node is not None else None
        return None if href is None else urljoin(self.url, href)

    def submission(self, test_id: str) -> Submission | None:
        """Return what pressing a button submits (HTML Standard §4.10.22), or None if it belongs to no form."""
        button = self._control(test_id)
        form = button
        while form is not None and form.tag != "form":
            form = form.parent
        if button is None or form is None:
            return None
        attributes = {**form.attributes, **_overrides(button)}
        entries = [entry for node in form.css("input, select, textarea, button") for entry in _entries(node, button)]
        url = urljoin(self.url, attributes.get("action") or self.url)
        if (attributes.get("method") or "get").lower() == "post":
            return Submission("POST", url, tuple(entries))
        return Submission("GET", urlsplit(url)._replace(query=urlencode(entries), fragment="").geturl(), ())

    def _control(self, test_id: str) -> LexborNode | None:
        return self._tree.css_first(f'[{_TEST_ID}="{test_id}"]')


def _control_row(node: LexborNode, url: str) -> dict[str, Any]:
    attributes = node.attributes
    alternatives = [image.attributes.get("alt") or "" for image in node.css("img")]
    content = [attributes.get("value") or ""] if node.tag == "input" else [node.text(), *alternatives]
    name = attributes.get("aria-label") or " ".join(" ".join(content).split()) or attributes.get("title") or ""
    href = attributes.get("href") or "" if node.tag == "a" and attributes.get("role") != "button" else ""
    is_link = bool(href) and not href.startswith(("#", "javascript:"))
    return {
        "name": name,
        "role": "link" if is_link else "button",
        "href": urljoin(url, href) if is_link else "",
        "enabled": "disabled" not in attributes and attributes.get("aria-disabled") != "true",
        "markup": " ".join((node.html or "").split())[:100],
    }


def _overrides(button: LexborNode) -> dict[str, str | None]:
    attributes = button.attributes
    return {name: attributes[f"form{name}"] for name in ("action", "method") if f"form{name}" in attributes}


def _entries(node: LexborNode, submitter: LexborNode) -> list[tuple[str, str]]:
    """Return the entries that one control adds to the entry list (HTML Standard §4.10.22.4)."""
    attributes = node.attributes
    name = attributes.get("name")
    if not name or "disabled" in attributes:
        return []
    kind = (attributes.get("type") or "text").lower() if node.tag == "input" else node.tag
    values = [attributes.get("value") or ""] if node.mem_id == submitter.mem_id else _values(kind, node)
    return [(name, value) for value in values]


def _values(kind: str | None, node: LexborNode) -> list[str]:
    attributes = node.attributes
    match kind:
        case "button" | "submit" | "image" | "reset" | "file":
            return []
        case "checkbox" | "radio":
            return [attributes.get("value") or "on"] if "checked" in attributes else []
        case "textarea":
            return [node.text()]
        case "select":
            options = node.css("option")
            chosen = [option for option in options if "selected" in option.attributes] or options[:1]
            return [option.attributes.get("value") or option.text() for option in chosen]
    return [attributes.get("value") or ""]


def _is_hidden(node: LexborNode) -> bool:
    above: LexborNode | None = node
    while above is not None:
        if "hidden" in above.attributes:
            return True
        above = above.parent
    return False
