"""Which response headers a recording keeps, and what of their values: a list of those allowed, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

from harness import contract
from harness.errors import UnredactedError
from harness.pseudonyms import Pseudonyms

_TYPE = re.compile(r"[a-z]+/[a-z.+-]+")
_CHARSET = re.compile(r";\s*charset=\"?(?P<name>[A-Za-z]+-?[0-9]{0,2})\"?\s*(?:;|\Z)")
_NUMBER = re.compile(r"\d{1,9}")

#: What is left of a quota is another number each time; so it is always the quota but one.
_LEFT_OF = {"x-ratelimit-remaining": "x-ratelimit-max", "x-ratelimit-daily-remaining": "x-ratelimit-limit-daily"}

#: The parameters of Facebook's dialog (developers.facebook.com, "Manually build a login flow"): those whose words stay,
#: those that the stub fills in, and those that name an application.
_WORDS = frozenset({"response_type", "scope", "display", "auth_type"})
_FILLED = {"redirect_uri": "{redirect_uri}", "state": "{state}"}
_IDS = frozenset({"client_id", "config_id", "app_id"})
_WORD = re.compile(r"[a-z_, ]{1,500}")


def kept_headers(
    headers: Mapping[str, str], pseudonyms: Pseudonyms, file: str, *, redirects: bool
) -> tuple[dict[str, str], list[str]]:
    """Give the headers that stay, sorted, and the paths of those that are volatile.

    Args:
        headers: what came.
        pseudonyms: of the recording.
        file: of the fixture, to be named in an error.
        redirects: whether the redirect to Facebook is a part of the contract here.

    Raises:
        UnredactedError: a redirect carries a parameter that is not known.
    """
    came = {name.lower(): value for name, value in headers.items()}
    kept = {}
    for name in sorted(came):
        done = _KEPT[name](came[name]) if name in _KEPT else None
        if name == "location" and redirects:
            done = _redirect(came[name], pseudonyms, f"{file}: headers.location")
        if name in _LEFT_OF and done is not None:
            quota = _number(came.get(_LEFT_OF[name], "")) or "100"
            done = str(max(int(quota) - 1, 0))
        if done is not None:
            kept[name] = done
    return kept, [f"headers.{name}" for name in kept if name in _VOLATILE]


def _number(value: str) -> str | None:
    return value if _NUMBER.fullmatch(value) else None


def _media_type(value: str) -> str | None:
    """Give a content type with its charset and no other parameter (RFC 9110 §8.3.1)."""
    plain = value.partition(";")[0].strip().lower()
    charset = _CHARSET.search(value)
    if not _TYPE.fullmatch(plain):
        return None
    return f"{plain}; charset={charset['name'].lower()}" if charset else plain


def _redirect(location: str, pseudonyms: Pseudonyms, where: str) -> str:
    """Give start's redirect with the stub's placeholders in the place of one connection's values."""
    parts = urlsplit(location)
    dialog = parts.hostname in (*contract.FACEBOOK_HOSTS, contract.LOCAL_FACEBOOK)
    if not dialog or not re.fullmatch(r"(?:/v\d{1,3}\.\d)?/dialog/oauth", parts.path) or parts.fragment:
        raise UnredactedError(
            "start redirects to an address that redaction does not know, so nothing was written",
            where=where,
            seen=f"the host {parts.hostname}" if dialog or parts.hostname is None else "another host than Facebook's",
            todo="record with --account-id, which asks start for nothing",
        )
    query = []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name in _FILLED:
            query.append(f"{name}={_FILLED[name]}")
        elif name in _WORDS and _WORD.fullmatch(value):
            query.append(f"{name}={value.replace(' ', '%20')}")
        elif name in _IDS:
            query.append(f"{name}={pseudonyms.of(value, 'application')}")
        else:
            shown = name if re.fullmatch("[a-z_]{1,30}", name) else "a parameter"
            raise UnredactedError(
                "start redirects with a parameter that redaction does not know, so nothing was written",
                where=f"{where}: {shown}",
                todo="record with --account-id, which asks start for nothing",
            )
    return f"{{facebook}}/dialog/oauth?{'&'.join(query)}"


_KEPT: Mapping[str, Callable[[str], str | None]] = {
    "content-type": _media_type,
    "retry-after": _number,
    "x-ratelimit-limit-daily": _number,
    "x-ratelimit-daily-remaining": _number,
    "x-ratelimit-interval-milliseconds": _number,
    "x-ratelimit-max": _number,
    "x-ratelimit-remaining": _number,
}
_VOLATILE = frozenset({*_LEFT_OF, "retry-after"})
