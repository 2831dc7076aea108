"""Tells a page to sign in at from one that only has a password field, by its form and by the control that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from oauth_window_harness.drivers.controls import is_connecting

#: Returns what a document has that people sign in at; its argument is the control, or None.
SCRIPT = Path(__file__).with_name("sign_in.js").read_text(encoding="utf-8")

_WORDS = (
    r"(?<![a-z])(?:sign|log)[-_ ]?[io]n(?![a-z])|(?<!\w)(?:anmelden|einloggen|se connecter|connexion|iniciar sesi[oó]n"
    r"|iniciar sessão|acceder|entrar|accedi|inloggen|logga in|log ind|logg inn|zaloguj|giriş yap|войти|увійти)(?!\w)"
    r"|ログイン|サインイン|登录|登錄|로그인|تسجيل الدخول|लॉग ?इन"
)
_SIGN_IN = re.compile(_WORDS, re.IGNORECASE)
_SIGN_IN_PATH = re.compile(rf"{_WORDS}|(?<![a-z])(?:sso|authenticate|auth)(?![a-z])", re.IGNORECASE)
_OTHER_ACCOUNT = re.compile(
    r"facebook|google|apple|microsoft|github|linkedin|twitter|slack|tiktok|instagram|pinterest|youtube|bluesky|wordpress",
    re.IGNORECASE,
)


def is_for_signing_in(url: str, traces: Mapping[str, Any]) -> bool:
    """Return whether people sign in at a page that has nothing else, by its address or what is in it.

    Args:
        url: its address.
        traces: what `SCRIPT` found in it.
    """
    return bool(traces["password"]) or _says_sign_in(url) or (bool(traces["fields"]) and any(_own(traces["words"])))


def sign_in_button(traces: Mapping[str, Any]) -> str | None:
    """Return the name of the button of a sign-in form, one with a password field; None where there is no such form.

    In a page whose headings say that people sign in there, any button of the form is that button.
    """
    names = [name for form in traces["forms"] for name in _buttons(form, traces)]
    return next(iter([*_own(names), *names]), None)


def shows_sign_in_form(traces: Mapping[str, Any]) -> bool:
    """Return whether a page has a form to sign in with, if only its first step, which asks who its user is."""
    return sign_in_button(traces) is not None or (bool(traces["fields"]) and any(_own(traces["words"])))


def asks_to_sign_in(url: str, traces: Mapping[str, Any], *, is_other: bool, is_named: bool) -> bool:
    """Return whether a page asks its user to sign in, where the control is not there, or is a part of that.

    Args:
        url: the address of the page.
        traces: what `SCRIPT` found in it; the name of the control that was found in it is among that.
        is_other: whether the page is at another address than the one that was named.
        is_named: whether the user named the control by a selector.
    """
    control = traces["control"]
    has_form = sign_in_button(traces) is not None
    if control is None:
        return has_form or (is_other and is_for_signing_in(url, traces))
    if any(form["covers"] and any(_buttons(form, traces)) for form in traces["forms"]):
        return True
    if is_named and not is_other:
        return False
    if is_connecting(control):
        return _is_headed(traces) and (has_form or (is_other and _says_sign_in(url)))
    return has_form or (is_other and (_says_sign_in(url) or shows_sign_in_form(traces)))


def _buttons(form: Mapping[str, Any], traces: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the buttons by which a form with a password field is a sign-in form."""
    for names in form["buttons"]:
        yield from names if _is_headed(traces) else _own(names)


def _is_headed(traces: Mapping[str, Any]) -> bool:
    """Return whether the page is headed as one to sign in at, by its title or by all of its headings."""
    headings = traces["headings"]
    return any(_own([traces["title"]])) or (bool(headings) and len(list(_own(headings))) == len(headings))


def _own(texts: list[str]) -> Iterator[str]:
    """Yield the texts that speak of signing in, and not with an account of another service."""
    return (text for text in texts if _SIGN_IN.search(text) and not _OTHER_ACCOUNT.search(text))


def _says_sign_in(url: str) -> bool:
    parts = urlsplit(url)
    route = parts.fragment if parts.fragment.lstrip("!").startswith("/") else ""
    return _SIGN_IN_PATH.search(f"{parts.path} {route}".replace("/", " ")) is not None
