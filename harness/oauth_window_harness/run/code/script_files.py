"""The scripts of a page and their source maps, as its own server gives them.

They are asked for as the page's browser got the script, by the gateway or without it, at the script's own origin, and
nowhere else. What is too long, comes too late or cannot be read is left alone.
"""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import httpx

from oauth_window_harness.run.code.source_map import SourceMap

#: The longest script or map that is read, in bytes.
LONGEST = 32 * 1024 * 1024

#: How long one of them may take, in seconds.
_PATIENCE = 3.0

_MARK = "sourceMappingURL="


@dataclass(frozen=True)
class Script:
    """A script or a document with scripts, as it was sent.

    Attributes:
        is_document: whether it is a document, in which a line is one of the whole page.
        map: its source map; None where it has none that can be read.
        base: the address to which the names in the map are relative: the map's, or the script's that holds it.
    """

    text: str
    is_document: bool
    map: SourceMap | None
    base: str


@dataclass
class ScriptFiles:
    """Gets each script and its map once.

    Args:
        gateway: the address of the proxy of the page's browser.
        is_direct: returns whether that browser asks a host, with its port if it has one, without the proxy.
    """

    gateway: str
    is_direct: Callable[[str], bool] = lambda _host: False
    _scripts: dict[str, Script | None] = field(default_factory=dict)
    _silent: set[str] = field(default_factory=set)

    def script(self, url: str) -> Script | None:
        """Return the script at an address, or None if it cannot be had."""
        if url not in self._scripts:
            self._scripts[url] = self._get_script(url)
        return self._scripts[url]

    def _get_script(self, url: str) -> Script | None:
        sent = self._get(url)
        if sent is None:
            return None
        content, headers = sent
        text = content.decode("utf-8", "replace")
        is_document = "html" in headers.get("content-type", "")
        reference = headers.get("sourcemap") or headers.get("x-sourcemap") or _reference(text)
        found, base = (None, url) if is_document or not reference else self._map(url, reference)
        return Script(text, is_document, found, base)

    def _map(self, script: str, reference: str) -> tuple[SourceMap | None, str]:
        """Return the map of a script, or None if it cannot be read, and the address that it stands at."""
        try:
            if reference.startswith("data:"):
                return SourceMap(_inline(reference)), script
            address = urljoin(script, reference)
            sent = self._get(address) if urlsplit(address)[:2] == urlsplit(script)[:2] else None
            return None if sent is None else SourceMap(sent[0]), address
        except ValueError:
            return None, script

    def _get(self, url: str) -> tuple[bytes, Mapping[str, str]] | None:
        until, host = time.monotonic() + _PATIENCE, urlsplit(url).netloc
        if host in self._silent:
            return None
        try:
            proxy = None if self.is_direct(host) else self.gateway
            # A development server's certificate need not be valid: what is read is shown, and nothing is sent.
            with (
                httpx.Client(proxy=proxy, verify=False, trust_env=False, timeout=_PATIENCE) as http,  # noqa: S501
                http.stream("GET", url) as answer,
            ):
                if not answer.is_success or int(answer.headers.get("content-length", 0)) > LONGEST:
                    return None
                content = bytearray()
                for part in answer.iter_bytes():
                    content += part
                    if len(content) > LONGEST or time.monotonic() > until:
                        return None
                return bytes(content), answer.headers
        except httpx.TimeoutException:
            self._silent.add(host)  # it is not waited for again
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            pass
        return None


def _reference(text: str) -> str:
    """Return the address that the last comment of a script names as that of its map, or an empty string."""
    before, mark, after = text.rpartition(_MARK)
    is_comment = before.endswith(("//# ", "//@ ", "/*# "))
    words = after.split(None, 1)
    return words[0].removesuffix("*/") if mark and is_comment and words else ""


def _inline(address: str) -> bytes:
    """Return the content of a ``data:`` address.

    Raises:
        ValueError: it is none that can be read.
    """
    head, _, body = address.partition(",")
    if len(body) > 2 * LONGEST:
        raise ValueError("the map is too long")
    try:
        return base64.b64decode(unquote_to_bytes(body)) if head.endswith(";base64") else unquote_to_bytes(body)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
