"""The service's contract as tables, and the violations of it in a request.

The figures come from the vendor's reference and OpenAPI files (marketplace.gohighlevel.com/docs, "Social
Planner"), and from what integrators observed of the live service.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from oauth_window_harness.redact import JWT, PRIVATE_TOKEN, SECRET_NAMES

#: The vendor's domain, which lookalikes contain.
DOMAIN = "leadconnectorhq.com"
LEADCONNECTOR = f"services.{DOMAIN}"
#: The origin of the finish page, and so of the event.
ORIGIN = f"https://{LEADCONNECTOR}"
FACEBOOK = "www.facebook.com"

#: The production hosts that the stub plays; redirects name the first.
LEADCONNECTOR_HOSTS = (LEADCONNECTOR, "backend.leadconnectorhq.com")
FACEBOOK_HOSTS = (FACEBOOK,)
PRODUCTION_HOSTS = (*LEADCONNECTOR_HOSTS, *FACEBOOK_HOSTS)

#: Facebook's host under the stub's plain URL: a name that every resolver maps to loopback (RFC 6761 §6.3).
LOCAL_FACEBOOK = "facebook.localhost"


@dataclass(frozen=True)
class Platform:
    """One row of the family of platforms.

    Attributes:
        name: its name in the paths and in the event.
        results_key: the key of the connectable things in the account GET's 200.
    """

    name: str
    results_key: str


PLATFORMS = {platform.name: platform for platform in (Platform(name="facebook", results_key="pages"),)}

#: The event's ``page``, as the vendor's example and the vendor's sample listener spell it.
PAGE_HYPHEN = "social-media-posting"
PAGE_UNDERSCORE = "social_media_posting"
PAGES = (PAGE_HYPHEN, PAGE_UNDERSCORE)

START_PATH = "/social-media-posting/oauth/<platform>/start"
FINISH_PATH = "/social-media-posting/oauth/<platform>/finish"
#: The path in the vendor's prose, without a location, and the one in both OpenAPI files; v3 differs in its header only.
ACCOUNT_PATHS = (
    "/social-media-posting/oauth/<platform>/accounts/<account>",
    "/social-media-posting/oauth/<location>/<platform>/accounts/<account>",
)
#: The list of a location's accounts, in both OpenAPI files.
ACCOUNTS_PATH = "/social-media-posting/<location>/accounts"

#: The ports of the service's names: TLS, and plain HTTP.
PORTS = (443, 80)

#: A credential that the service was seen once to take in the place of ``Authorization``.
TOKEN_ID = "token-id"  # noqa: S105 - a header's name

#: The values of ``Version`` that the service knows: the documented one, those that the vendor's SDKs send, and v3.
KNOWN_VERSIONS = frozenset({"2021-04-15", "2021-07-28", "2023-02-21", "v3"})

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# The scheme is case-insensitive (RFC 9110 §11.1).
_BEARER = re.compile(r"(?i:Bearer) (?P<token>[A-Za-z0-9\-._~+/]+=*)")  # RFC 6750 §2.1
#: What a script sends if it has no token or id at all.
_NO_TOKEN = frozenset({"undefined", "null", "none", "nan", "true", "false"})


@dataclass(frozen=True)
class AcceptedValues:
    """What the stub accepts: ``--token``, ``--location`` and ``--user``; None accepts any well-formed value."""

    token: str | None = None
    location: str | None = None
    user: str | None = None


#: What is accepted if no option is set.
ANYTHING = AcceptedValues()


@dataclass(frozen=True)
class Violation:
    """One violation in a request: the code of its finding, and the name of the fixture that answers it."""

    code: str
    answer: str


def is_no_id(text: str) -> bool:
    """Return whether a part of a path is what a script writes there that has no id."""
    return not text.strip() or text.strip().lower() in _NO_TOKEN


def has_token_id(sent: str | None) -> bool:
    """Return whether a request's ``token-id`` carries a credential."""
    credential = (sent or "").strip()
    return bool(credential) and credential.lower() not in _NO_TOKEN


def credential_problem(sent: str | None, accepted: AcceptedValues) -> Violation | None:
    """Return the violation in an ``Authorization`` (RFC 6750 §2.1), or None."""
    if not sent:
        return Violation("authorization-missing", "account-401")
    match = _BEARER.fullmatch(sent)
    if match is None or match["token"].lower() in _NO_TOKEN:
        return Violation("authorization-malformed", "api-401-jwt-invalid")
    if accepted.token is not None and match["token"] != accepted.token:
        private = match["token"].startswith("pit-")
        return Violation("token-unknown", "api-401-private-token-invalid" if private else "api-401-jwt-invalid")
    return None


def version_problem(sent: str | None) -> Violation | None:
    """Return the violation in a ``Version``, or None."""
    if not sent:
        return Violation("version-missing", "api-401-version-missing")
    if sent in KNOWN_VERSIONS:
        return None
    if _DATE.fullmatch(sent):
        return Violation("version-unknown", "api-401-version-unknown")
    return Violation("version-unknown", "api-400-version-not-a-date")


def start_problem(query: Mapping[str, str], accepted: AcceptedValues) -> Violation | None:
    """Return the violation in start's query, or None: ``locationId`` and ``userId`` are required."""
    for name, wanted in (("locationId", accepted.location), ("userId", accepted.user)):
        sent = query.get(name, "")
        if not sent.strip() or sent in ("undefined", "null"):
            return Violation("start-parameter-missing", "start-422")
        if wanted is not None and sent != wanted:
            return Violation("start-parameter-unknown", "api-403-location")
    return None


def bearer_token(sent: str | None) -> str | None:
    """Return the token of an ``Authorization`` (RFC 6750 §2.1), or None if that is not well-formed."""
    match = _BEARER.fullmatch(sent or "")
    return None if match is None or match["token"].lower() in _NO_TOKEN else match["token"]


_GRANT = re.compile(r"(?<=[?&#])(?:code|state)=[^&#]*")


def token_in_url(url: str, referrer: str, accepted: AcceptedValues, sent: str | None = None) -> bool:
    """Return whether an address carries a credential (RFC 6750 §2.3, CWE-598).

    Args:
        url: the address.
        referrer: the ``Referer`` of its request.
        accepted: holds the only accepted token, if there is one.
        sent: the token in the request's own ``Authorization``, if there is one.
    """
    for address in filter(None, (url, referrer)):
        if holds_token(address) or any(token and token in unquote(address) for token in (accepted.token, sent)):
            return True
    return False


def holds_token(address: str) -> bool:
    """Return whether an address carries a token, by the name of a parameter or by the shape of a value.

    What a code or a state consists of (RFC 6749 §4.1.2) is its issuer's own affair.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False  # it leads nowhere
    named = {name.lower() for name, value in parse_qsl(f"{parts.query}&{parts.fragment}") if value}
    rest = unquote(_GRANT.sub("", address))
    return bool(named & SECRET_NAMES) or any(shape.search(rest) for shape in (JWT, PRIVATE_TOKEN))


def fields_of(data: Any) -> Mapping[str, Any]:
    """Return the fields of an event, whether its data is an object or a JSON string; none if it is neither."""
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            return {}
    return data if isinstance(data, Mapping) else {}


def as_json(data: Any) -> str:
    """Return the data of a message as JSON on one line."""
    return json.dumps(data, ensure_ascii=False, default=str)


def account_of(data: Any) -> str | None:
    """Return the ``accountId`` that an event carries, or None."""
    account = fields_of(data).get("accountId")
    return account if isinstance(account, str) and account else None


def is_event(data: Any, platform: str) -> bool:
    """Return whether data is a platform's event: an object, in either spelling of ``page``, with an account."""
    return (
        isinstance(data, Mapping)
        and data.get("actionType") == "close"
        and data.get("page") in PAGES
        and data.get("platform") == platform
        and account_of(data) is not None
    )


def connectable_count(platform: str, body: Any) -> int | None:
    """Return how many connectable things the body of an account GET lists, or None if it has no such list."""
    known = PLATFORMS.get(platform)
    results = body.get("results") if isinstance(body, Mapping) else None
    found = results.get(known.results_key) if known and isinstance(results, Mapping) else None
    return len(found) if isinstance(found, list) else None


def listed_count(body: Any) -> int | None:
    """Return how many accounts a list of accounts has that have not expired, or None if the body is no such list."""
    results = body.get("results") if isinstance(body, Mapping) else None
    found = results.get("accounts") if isinstance(results, Mapping) else None
    return sum(not account.get("isExpired") for account in found) if isinstance(found, list) else None
