"""Which response headers a recording keeps, and what of their values: a list of those allowed, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, quote, urlsplit

from oauth_window_harness.contract import rules
from oauth_window_harness.errors import UnredactedError
from oauth_window_harness.record.known_fields import FIELD_NAME, Rule
from oauth_window_harness.record.pseudonyms import Pseudonyms

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
_DIALOG = re.compile(r"(?:/v\d{1,3}\.\d)?/dialog/oauth")


def kept_headers(
    headers: Mapping[str, str],
    pseudonyms: Pseudonyms,
    file: str,
    *,
    redirects: bool,
    taught: Mapping[str, Rule],
) -> tuple[dict[str, str], list[str]]:
    """Return the headers that stay, sorted, and the paths of those that are volatile.

    Args:
        headers: what came.
        pseudonyms: of the recording.
        file: of the fixture, to be named in an error.
        redirects: whether the redirect to Facebook is a part of the contract here.
        taught: the rules of parameters that are not known, by name.

    Raises:
        UnredactedError: a redirect carries a parameter that is not known.
    """
    came = {name.lower(): value for name, value in headers.items()}
    kept = {}
    for name in sorted(came):
        done = _KEPT[name](came[name]) if name in _KEPT else None
        if name == "location" and redirects:
            done = _redirect(came[name], pseudonyms, f"{file}: headers.location", taught)
        if name in _LEFT_OF and done is not None:
            quota = _number(came.get(_LEFT_OF[name], "")) or "100"
            done = str(max(int(quota) - 1, 0))
        if done is not None:
            kept[name] = done
    return kept, [f"headers.{name}" for name in kept if name in _VOLATILE]


def _number(value: str) -> str | None:
    return value if _NUMBER.fullmatch(value) else None


def _media_type(value: str) -> str | None:
    """Return a content type with its charset and no other parameter (RFC 9110 §8.3.1)."""
    plain = value.partition(";")[0].strip().lower()
    charset = _CHARSET.search(value)
    if not _TYPE.fullmatch(plain):
        return None
    return f"{plain}; charset={charset['name'].lower()}" if charset else plain


def _redirect(location: str, pseudonyms: Pseudonyms, where: str, taught: Mapping[str, Rule]) -> str:
    """Return start's redirect with the stub's placeholders in the place of one connection's values."""
    parts = urlsplit(location)
    dialog = parts.hostname in (*rules.FACEBOOK_HOSTS, rules.LOCAL_FACEBOOK)
    if not dialog or not _DIALOG.fullmatch(parts.path) or parts.fragment:
        raise UnredactedError(
            "start redirects to an address that redaction does not know, so nothing was written",
            where=where,
            seen="another path of Facebook's" if dialog else "another host than Facebook's",
            todo="record with --account-id, which asks start for nothing",
        )
    query = []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        done = _parameter(name, value, pseudonyms, taught)
        if done is None:
            plain = FIELD_NAME.fullmatch(name)
            raise UnredactedError(
                "start redirects with a parameter that redaction does not know, so nothing was written",
                where=f"{where}: {name if plain else 'a name that may be personal itself'}",
                todo=f"look at what it holds, and say `--field {name}=keep` or `--field {name}=pseudonym`"
                if plain
                else "record with --account-id, which asks start for nothing",
            )
        query.append(f"{name}={done}")
    return f"{{facebook}}/dialog/oauth?{'&'.join(query)}"


def _parameter(name: str, value: str, pseudonyms: Pseudonyms, taught: Mapping[str, Rule]) -> str | None:
    """Return what becomes of a parameter's value, or None where nothing is known of it."""
    if name in _FILLED:
        return _FILLED[name]
    if name in _IDS:
        return pseudonyms.of(value, "application")
    if taught.get(name) == "pseudonym":
        return quote(pseudonyms.of(value), safe="")
    if name in taught or (name in _WORDS and _WORD.fullmatch(value)):
        return quote(pseudonyms.text(value, any_word=True), safe=",")
    return None


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
