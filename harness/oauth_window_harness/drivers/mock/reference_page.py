"""The reference app's page for the mock browser: the rules of `reference/index.html`, in Python.

The parity test plays every scenario on both pages, and compares the texts that they show word by word.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from oauth_window_harness.drivers.mock.messages import Message, WindowReference
from oauth_window_harness.drivers.mock.network import HttpAnswer
from oauth_window_harness.drivers.mock.page import PageWindow
from oauth_window_harness.drivers.mock.tasks import Timer
from oauth_window_harness.journal.events import OutcomeKind

SERVICE = "https://services.leadconnectorhq.com"
#: The vendor's example event has the first spelling, the vendor's sample listener tests for the second.
PAGES = ("social-media-posting", "social_media_posting")
#: How often the page checks whether the window is closed, in seconds; how many checks in a row must say so before it
#: asks for the list of accounts, how many lie between one asking and the next, and which one is the last.
POLL = 0.5
GRACE = 2
AGAIN = 6
LAST = 600


@dataclass(eq=False)
class _Attempt:
    """One attempt to connect: its window, and the timer that checks whether that is closed."""

    window: WindowReference
    watch: Timer | None = None
    misses: int = 0


class ReferencePage:
    """The script of the page; implements `drivers.mock.page.Page`."""

    def __init__(self) -> None:
        self._attempt: _Attempt | None = None
        self._known: list[str] | None = None

    def begin(self, window: PageWindow) -> None:
        """Read the settings that the backend wrote into the page, and start to listen for messages."""
        self._window = window
        document = window.document
        self._settings: Mapping[str, str] = document.data("settings")
        self._head = [document.text_of("h1"), document.text_of("[data-testid=connect]")]
        window.show("\n".join(self._head))
        window.queue(window.listen)
        window.fetch("GET", _LIST, self._on_known)

    def click(self) -> None:
        """Open the window, in the click's own task, unless one is open already."""
        if self._attempt is not None and not self._attempt.window.closed:
            return
        self._forget()
        query = urlencode({**self._settings, "page": "integration"})
        opened = self._window.open(
            f"{SERVICE}/social-media-posting/oauth/facebook/start?{query}", "_blank", "popup,width=600,height=700"
        )
        if opened is None:
            self._show("failed", "Your browser blocked the window. Allow pop-ups for this page and try again.")
            return
        self._show("waiting", "Continue in the window that has opened…")
        attempt = self._attempt = _Attempt(opened)
        attempt.watch = self._window.start_interval(POLL, lambda: self._check_window(attempt))

    def receive(self, message: Message) -> None:
        """Act on the event if its origin and its source are those of the window that was opened (RFC 9700 §4.17)."""
        if message.origin != SERVICE or self._attempt is None or message.source is not self._attempt.window:
            return
        data = _read(message.data)
        if not isinstance(data, Mapping):
            return
        if data.get("actionType") != "close" or data.get("page") not in PAGES or data.get("platform") != "facebook":
            return
        self._forget()
        account = data.get("accountId")
        if not isinstance(account, str) or not account:
            self._show("failed", "Facebook did not name an account. Please try again.")
            return
        self.follow_up(account, self._window)

    def _on_known(self, answer: HttpAnswer) -> None:
        self._known = _connected(answer)

    def follow_up(self, account: str, window: PageWindow) -> None:
        """Fetch the account through the backend, which holds the token."""
        self._show("waiting", "Fetching your pages…")
        window.fetch("GET", f"/api/facebook/accounts/{quote(account, safe='')}", partial(self._on_answer, account))

    def _on_answer(self, account: str, answer: HttpAnswer) -> None:
        body = _read(answer.text) if answer.status is not None else None
        if not isinstance(body, Mapping):
            self._show("failed", "Your pages could not be fetched. Please try again.")
            return
        if answer.status is None or answer.status >= HTTPStatus.BAD_REQUEST:
            reason = body.get("message")
            # A string in 400 and 401, an array in 422.
            message = ", ".join(map(str, reason)) if isinstance(reason, list) else str(reason)
            text = f"Facebook could not be connected ({answer.status}: {message}). Please try again."
            self._show("failed", text)
            return
        pages = (body.get("results") or {}).get("pages") or []
        if not pages:
            text = "This Facebook user has no page to connect. Create one, or log in as another user."
            self._show("failed", text)
            return
        if self._known is not None:
            self._known.append(account)
        names = [str(page["name"]) for page in pages]
        self._show("connected", f"Connected. {len(names)} {'page' if len(names) == 1 else 'pages'} found:", names)

    def _check_window(self, attempt: _Attempt) -> None:
        attempt.misses = attempt.misses + 1 if attempt.window.closed else 0
        if attempt.misses < GRACE or (attempt.misses - GRACE) % AGAIN:
            return
        if attempt.misses >= LAST:
            _cancel(attempt)
        self._window.fetch("GET", _LIST, partial(self._on_list, attempt))

    def _on_list(self, attempt: _Attempt, answer: HttpAnswer) -> None:
        if attempt is not self._attempt:
            return
        listed, known = _connected(answer) or [], self._known
        new = next((one for one in listed if known is not None and one not in known), None)
        if new is None:
            self._show(
                "unknown",
                "The window is out of sight, and nothing has been connected yet. "
                "Finish there if it is still open, or try again.",
            )
            return
        self._forget()
        self.follow_up(new, self._window)

    def _forget(self) -> None:
        if self._attempt is not None:
            _cancel(self._attempt)
        self._attempt = None

    def _show(self, state: str, text: str, names: list[str] | None = None) -> None:
        blocks = [*self._head, text, *(["\n".join(names)] if names else [])]
        self._window.show("\n".join(blocks), _OUTCOMES.get(state))


#: The route of the page's own backend.
_LIST = "/api/facebook/accounts"
_OUTCOMES: dict[str, OutcomeKind] = {"connected": "connected", "failed": "failed"}


def _read(data: Any) -> Any:
    if not isinstance(data, str):
        return data
    try:
        return json.loads(data)
    except ValueError:
        return None  # a message of some other script on the page


def _connected(answer: HttpAnswer) -> list[str] | None:
    """Return the ids of the connected accounts, or None: a failure says nothing of what is connected."""
    try:
        accounts = _read(answer.text)["results"]["accounts"]
        return [one["oauthId"] for one in accounts if one["platform"] == "facebook" and not one["isExpired"]]
    except (KeyError, TypeError):
        return None


def _cancel(attempt: _Attempt) -> None:
    if attempt.watch is not None:
        attempt.watch.is_cancelled = True
