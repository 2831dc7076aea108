"""Inputs: any JSON, JSON and texts that are nearly right, and requests that are nearly HTTP."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

#: Texts that programs stumble over.
ODD_TEXTS = (
    "", " ", "undefined", "null", "NaN", "__proto__", "constructor", "../../etc/passwd", "\x00", "\ud800", "\ufeff",
    "é", "\u2028", "%", "%zz", "%00", "{path}", "{account}", "{{ 7*7 }}", "<script>", "\n\n", "\r\nX: y", "a" * 5_000,
    "*", "&a", "!!python/object:os.system", "true", "on", "0", "-1", "1e999", "2021-13-45", "https://", "http://[",
    "//", "[::1",
)  # fmt: skip

scalars: SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-(10**30), 10**30), st.floats(), st.text(max_size=40),
    st.sampled_from(ODD_TEXTS),
)  # fmt: skip

#: Any value of JSON, with what Python's reader takes beyond it.
json_values: SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=12) | st.sampled_from(ODD_TEXTS), inner, max_size=4),
    ),
    max_leaves=12,
)


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, one in inner for place in _places(one, (*at, key)))]


@st.composite
def changed(draw: Callable[..., Any], originals: SearchStrategy[Any]) -> Any:
    """Draw a value of JSON that is right but for one to three places."""
    value = copy.deepcopy(draw(originals))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(_places(value)))
        if not place:
            if draw(st.integers(0, 9)) == 0:
                value = draw(json_values)
            continue
        *path, last = place
        parent = value
        for key in path:
            parent = parent[key]
        how = draw(st.sampled_from(["replace", "replace", "remove", "add", "rename"]))
        if how == "replace":
            parent[last] = draw(json_values)
        elif how == "remove":
            del parent[last]
        elif isinstance(parent, dict):
            name = draw(st.text(max_size=8) | st.sampled_from(ODD_TEXTS))
            parent[name] = parent.pop(last) if how == "rename" else draw(json_values)
        else:
            parent.insert(last, draw(json_values))
    return value


def as_bytes(value: Any) -> bytes:
    """Return a value as a file of JSON, lone surrogates and all."""
    return json.dumps(value).encode()


@st.composite
def damaged(draw: Callable[..., Any], originals: SearchStrategy[bytes], parts: Sequence[bytes] = ()) -> bytes:
    """Draw a text that is right but for one to four edits."""
    text: bytes = draw(originals)
    pieces = st.binary(max_size=8) | st.sampled_from(ODD_TEXTS).map(lambda one: one.encode("utf-8", "surrogatepass"))
    if parts:
        pieces |= st.sampled_from(parts)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        piece: bytes = draw(pieces)
        text = text[:start] + piece + text[draw(st.sampled_from([start, end, end])) :]
    return text


# --- requests -------------------------------------------------------------------------------------------------------

METHODS = (
    "GET",
    "POST",
    "PUT",
    "DELETE",
    "HEAD",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "CONNECT",
    "get",
    "X" * 300,
    "G\x00T",
    "",
)
VERSIONS = ("HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/0.9", "HTTP/2", "HTTP/1.1 x", "", "HTCPCP/1.0")
LENGTHS = ("0", "5", "+5", "-5", "0x5", "5, 5", "5, 6", "", "abc", "1_0", "99999999999999999999", "١")  # noqa: RUF001
NAMES = (
    "Host", "Content-Length", "Transfer-Encoding", "Connection", "Expect", "Upgrade", "Authorization", "Version",
    "Prefer", "Origin", "Referer", "Cookie", "X-Oauth-Window-Key", "Content-Type", "Accept", "token-id",
    "Sec-Fetch-Mode", "Range", "Forwarded", "X-Forwarded-Host", "", " ", "A B", "Höst", "X" * 9_000, ":", "\x00",
)  # fmt: skip
VALUES = (
    "127.0.0.1", "localhost", "services.leadconnectorhq.com", "www.facebook.com", "evil.example", "[::1", "chunked",
    "identity, chunked", "close", "keep-alive", "100-continue", "websocket", "Bearer x.y", "Bearer ", "Basic",
    "2021-07-28", "code=422", "code=abc", "example=account-401", "example=../x", "code=" + "9" * 400, "null", "key one",
    "k" * 200, "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
    "multipart/form-data", "navigate", "bytes=0-", "\x7f", "\xff", "x" * 70_000, *LENGTHS,
)  # fmt: skip


@st.composite
def requests(draw: Callable[..., Any], targets: Sequence[str]) -> bytes:
    """Draw the bytes of a request that is HTTP, or nearly."""
    odd = st.text(st.characters(max_codepoint=255), max_size=30)
    method = draw(st.sampled_from(METHODS))
    target = draw(st.sampled_from(targets) | odd | st.tuples(st.sampled_from(targets), odd).map("".join))
    head = [" ".join(part for part in (method, target, draw(st.sampled_from(VERSIONS))) if part)]
    if draw(st.integers(0, 4)):
        head.append(
            "Host: " + draw(st.sampled_from(["127.0.0.1", "127.0.0.1", "services.leadconnectorhq.com", "evil.example"]))
        )
    fields = st.tuples(st.sampled_from(NAMES) | odd, st.sampled_from(VALUES) | odd)
    head += [f"{name}: {value}" for name, value in draw(st.lists(fields, max_size=4))]
    body: bytes = draw(st.binary(max_size=60) | json_values.map(as_bytes))
    framing = draw(st.sampled_from(["none", "right", "long", "short", "chunked", "odd"]))
    length = {"right": len(body), "long": len(body) + 40, "short": max(0, len(body) - 4)}.get(framing)
    if length is not None:
        head.append(f"Content-Length: {length}")
    elif framing == "odd":
        head.append(f"Content-Length: {draw(st.sampled_from(LENGTHS))}")
    elif framing == "chunked":
        head.append("Transfer-Encoding: chunked")
        size: str = draw(st.sampled_from([f"{len(body):x}", "zz", "-1", "ffffffffffffffffff", "5;a=b", ""]))
        body = (
            f"{size}\r\n".encode()
            + body
            + draw(st.sampled_from([b"\r\n0\r\n\r\n", b"\r\n", b"", b"\r\n0\r\nX: y\r\n\r\n"]))
        )
    end = draw(st.sampled_from(["\r\n", "\r\n", "\r\n", "\n", "\r"]))
    whole: bytes = (end.join(head) + end + end).encode("latin-1", "replace") + body
    return whole[: draw(st.integers(0, len(whole)))] if draw(st.integers(0, 5)) == 0 else whole
