"""Tells whether the page that is shown is the one that was named, or one to sign in at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from oauth_window_harness.drivers.engines import ERROR_PAGES
from oauth_window_harness.errors import AppUnreachableError

#: Returns what a page has that people sign in at.
TRACES = """() => {
  const seen = (element) => element.checkVisibility({ visibilityProperty: true });
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const text = (element) => (element.textContent || element.value || "").replace(/\\s+/g, " ").trim().slice(0, 80);
  const secret = "input[type=password], input[autocomplete~=username], input[autocomplete~='current-password']";
  return {
    password: all(secret).length > 0,
    fields: all("input:not([type]), input[type=text], input[type=email], input[type=tel]").length > 0,
    words: [document.title, ...all("h1, h2, legend, button, input[type=submit]").map(text)].slice(0, 40),
  };
}"""

#: A segment of a path that is a locale's, which a site adds to an address: en, en-US, zh_Hant.
_LOCALE = re.compile(r"^[a-z]{2}(?:[-_][A-Za-z]{2,4})?$")

_SIGN_IN = re.compile(
    r"(?<![a-z])(?:sign|log)[-_ ]?[io]n(?![a-z])|(?<![a-z])(?:sso|authenticate|auth)(?![a-z])"
    r"|anmelden|einloggen|se connecter|connexion|iniciar sesi[oó]n|acceder|entrar|accedi|inloggen|logga in"
    r"|ログイン|サインイン|登录|登錄|로그인|войти|تسجيل الدخول|लॉग ?इन",
    re.IGNORECASE,
)
_OTHER_ACCOUNT = re.compile(r"facebook|google|apple|microsoft|github", re.IGNORECASE)

_DEFAULT_PORTS = (80, 443, None)


def is_other_page(named: str, shown: str) -> bool:
    """Return whether an address is another page than the one that was named.

    The same page are the same path with or without a trailing slash or a locale, over http or https, with or without
    ``www.``, with any query and any fragment.
    """
    return _page(named) != _page(shown)


def is_for_signing_in(url: str, traces: Mapping[str, Any]) -> bool:
    """Return whether people sign in at a page.

    Args:
        url: its address.
        traces: what the script `TRACES` found in it.
    """
    if traces["password"] or _SIGN_IN.search(urlsplit(url).path.replace("/", " ")):
        return True
    words = [word for word in traces["words"] if not _OTHER_ACCOUNT.search(word)]
    return bool(traces["fields"]) and any(map(_SIGN_IN.search, words))


def elsewhere_error(named: str, shown: str, *, signing_in: bool) -> AppUnreachableError:
    """Return the error for a page that went on to another address."""
    if shown.startswith(ERROR_PAGES):
        return AppUnreachableError(
            "the page under test went on to an address that did not load",
            where=named,
            todo="let its host through with --allow; or, if people sign in there, give the page a session with "
            "--storage-state FILE",
        )
    session = "give it a session with --storage-state FILE, as Playwright saves it after a sign-in"
    return AppUnreachableError(
        f"the page under test went on to {shown}, which is not the address that was named",
        where=named,
        seen="a page to sign in at" if signing_in else "no control there opens the window",
        todo=session if signing_in else f"name the address that it ends at, or {session}",
    )


def _page(url: str) -> tuple[str, int | None, tuple[str, ...]]:
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    if segments and _LOCALE.match(segments[0]):
        del segments[0]
    if segments and re.fullmatch(r"index\.\w+", segments[-1]):
        del segments[-1]
    port = None if parts.port in _DEFAULT_PORTS else parts.port
    return (parts.hostname or "").removeprefix("www."), port, tuple(segments)
