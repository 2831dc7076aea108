"""Tells whether the page that is shown is the one that was named, and what is said where it is not."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from oauth_window_harness.drivers.engines import ERROR_PAGES
from oauth_window_harness.errors import AppUnreachableError

#: A segment of a path that is a locale's, which a site adds to an address: en, en-US, zh_Hant.
_LOCALE = re.compile(r"^[a-z]{2}(?:[-_][A-Za-z]{2,4})?$")

#: What gives a page the session of somebody who has signed in.
_SESSION = "give it a session with --storage-state FILE, as Playwright saves it after a sign-in"

_DEFAULT_PORTS = (80, 443, None)


def is_other_page(named: str, shown: str) -> bool:
    """Return whether an address is another page than the one that was named.

    The same page are the same path with or without a trailing slash or a locale, over http or https, with or without
    ``www.``, with any query and any fragment but that of another route (``#/settings``).
    """
    return _page(named) != _page(shown)


def elsewhere_error(
    named: str, shown: str, *, signing_in: bool, seen: str = "", advice: str = ""
) -> AppUnreachableError:
    """Return the error for a page that went on to another address.

    Args:
        named: the address that was named.
        shown: the address of the page, as it may be quoted.
        signing_in: whether people sign in there.
        seen: what is known of the form to sign in with.
        advice: what else the user can do where people do not sign in there.
    """
    if shown.startswith(ERROR_PAGES):
        return AppUnreachableError(
            "the page under test went on to an address that did not load",
            where=named,
            todo="let its host through with --allow; or, if people sign in there, give the page a session with "
            "--storage-state FILE",
        )
    other = f"name the address that it ends at, or {_SESSION}"
    return AppUnreachableError(
        f"the page under test went on to {shown}, which is not the address that was named",
        where=named,
        seen=f"a page to sign in at{seen}" if signing_in else "no control there opens the window",
        todo=_SESSION if signing_in else f"{other}; {advice}" if advice else other,
    )


def signed_out_error(named: str, *, seen: str) -> AppUnreachableError:
    """Return the error for a page that asks its user to sign in, at the address that was named."""
    return AppUnreachableError(
        "the page under test asks its user to sign in",
        where=named,
        seen=f"a form to sign in with{seen}",
        todo=f"{_SESSION}; if this is the page as its users see it, name the control with --connect",
    )


def _page(url: str) -> tuple[str, int | None, list[str], list[str]]:
    parts = urlsplit(url)
    port = None if parts.port in _DEFAULT_PORTS else parts.port
    route = parts.fragment.removeprefix("!")
    return (
        (parts.hostname or "").removeprefix("www."),
        port,
        _segments(parts.path),
        _segments(route.partition("?")[0]) if route.startswith("/") else [],
    )


def _segments(path: str) -> list[str]:
    segments = [segment for segment in path.split("/") if segment]
    if segments and _LOCALE.match(segments[0]):
        del segments[0]
    if segments and re.fullmatch(r"index\.\w+", segments[-1]):
        del segments[-1]
    return segments
