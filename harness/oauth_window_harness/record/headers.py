"""The response headers that a recording keeps, and the parts of their values: only those that a table allows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, quote, urlsplit

from oauth_window_harness.contract import rules
from oauth_window_harness.errors import UnredactedError
from oauth_window_harness.record.known_fields import FIELD_NAME, Rule
from oauth_window_harness.record.pseudonyms import Pseudonyms
from oauth_window_harness.record.refusals import PERSONAL_NAME, Refusal, Refusals

_TYPE = re.compile(r"[a-z]+/[a-z.+-]+")
_CHARSET = re.compile(r";\s*charset=\"?(?P<name>[A-Za-z]+-?[0-9]{0,2})\"?\s*(?:;|\Z)")
_NUMBER = re.compile(r"\d{1,9}")

#: The rest of a quota differs each time, so it is always recorded as the quota less one.
_QUOTA_OF = {"x-ratelimit-remaining": "x-ratelimit-max", "x-ratelimit-daily-remaining": "x-ratelimit-limit-daily"}

#: The parameters of Facebook's dialog (developers.facebook.com, "Manually build a login flow"): those whose words stay,
#: those that the stub fills in, and those that identify an application.
_WORD_PARAMETERS = frozenset({"response_type", "scope", "display", "auth_type"})
_PLACEHOLDERS = {"redirect_uri": "{redirect_uri}", "state": "{state}"}
_ID_PARAMETERS = frozenset({"client_id", "config_id", "app_id"})
_WORD = re.compile(r"[a-z_, ]{1,500}")
_DIALOG = re.compile(r"(?:/v\d{1,3}\.\d)?/dialog/oauth")


def kept_headers(
    headers: Mapping[str, str],
    pseudonyms: Pseudonyms,
    file: str,
    *,
    redirects: bool,
    field_rules: Mapping[str, Rule],
    refusals: Refusals,
) -> tuple[dict[str, str], list[str]]:
    """Return the headers to keep, sorted by name, and the paths of the volatile ones.

    Args:
        headers: the headers of the response.
        pseudonyms: the pseudonyms of the recording.
        file: the name of the fixture's file, for errors.
        redirects: whether a redirect to Facebook is a part of the contract.
        field_rules: the user's rules for further parameters, by name.
        refusals: takes the redirect's unknown parameters.

    Raises:
        UnredactedError: the redirect's address is unknown.
    """
    received = {name.lower(): value for name, value in headers.items()}
    kept = {}
    for name in sorted(received):
        result = _ALLOWED[name](received[name]) if name in _ALLOWED else None
        if name == "location" and redirects:
            result = _redirect(received[name], pseudonyms, f"{file}: headers.location", field_rules, refusals)
        if name in _QUOTA_OF and result is not None:
            quota = _number(received.get(_QUOTA_OF[name], "")) or "100"
            result = str(max(int(quota) - 1, 0))
        if result is not None:
            kept[name] = result
    return kept, [f"headers.{name}" for name in kept if name in _VOLATILE]


def _number(value: str) -> str | None:
    return value if _NUMBER.fullmatch(value) else None


def _media_type(value: str) -> str | None:
    """Return a content type with its charset, and without other parameters (RFC 9110 §8.3.1)."""
    plain = value.partition(";")[0].strip().lower()
    charset = _CHARSET.search(value)
    if not _TYPE.fullmatch(plain):
        return None
    return f"{plain}; charset={charset['name'].lower()}" if charset else plain


def _redirect(
    location: str, pseudonyms: Pseudonyms, where: str, field_rules: Mapping[str, Rule], refusals: Refusals
) -> str:
    """Return start's redirect with the stub's placeholders instead of one connection's values."""
    parts = urlsplit(location)
    dialog = parts.hostname in (*rules.FACEBOOK_HOSTS, rules.LOCAL_FACEBOOK)
    if not dialog or not _DIALOG.fullmatch(parts.path) or parts.fragment:
        raise UnredactedError(
            "start redirects to an address that redaction does not know, so nothing was written",
            where=where,
            seen="another path of Facebook's" if dialog else "another host than Facebook's",
            todo="record with --account-id, which makes no start request",
        )
    query = []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        result = _parameter(name, value, pseudonyms, field_rules)
        if result is None:
            shown = name if FIELD_NAME.fullmatch(name) else PERSONAL_NAME
            what, todo = (
                "a field that redaction does not know",
                "record with --account-id, which makes no start request",
            )
            refusals.add(Refusal(what, f"{where}: {shown}", "a parameter of start's redirect", name, todo))
        query.append(f"{name}={result}")
    return f"{{facebook}}/dialog/oauth?{'&'.join(query)}"


def _parameter(name: str, value: str, pseudonyms: Pseudonyms, field_rules: Mapping[str, Rule]) -> str | None:
    """Return the redacted value of a parameter, or None if the parameter is unknown."""
    if name in _PLACEHOLDERS:
        return _PLACEHOLDERS[name]
    if name in _ID_PARAMETERS:
        return pseudonyms.of(value, "application")
    if field_rules.get(name) == "pseudonym":
        return quote(pseudonyms.of(value), safe="")
    if name in field_rules or (name in _WORD_PARAMETERS and _WORD.fullmatch(value)):
        return quote(pseudonyms.text(value, any_word=True), safe=",")
    return None


_ALLOWED: Mapping[str, Callable[[str], str | None]] = {
    "content-type": _media_type,
    "retry-after": _number,
    "x-ratelimit-limit-daily": _number,
    "x-ratelimit-daily-remaining": _number,
    "x-ratelimit-interval-milliseconds": _number,
    "x-ratelimit-max": _number,
    "x-ratelimit-remaining": _number,
}
_VOLATILE = frozenset({*_QUOTA_OF, "retry-after"})
