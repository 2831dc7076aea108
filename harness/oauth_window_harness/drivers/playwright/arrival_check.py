"""Checks that the page under test is the one that was named, and does not ask its user to sign in."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.checks.page_calls import is_to_service
from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.playwright.api import Api
from oauth_window_harness.drivers.playwright.arrival import elsewhere_error, is_other_page, signed_out_error
from oauth_window_harness.drivers.playwright.control_search import Control, ControlSearch
from oauth_window_harness.drivers.playwright.frames import is_of_page
from oauth_window_harness.drivers.playwright.sign_in import SCRIPT, asks_to_sign_in, shows_sign_in_form, sign_in_button
from oauth_window_harness.errors import AppUnreachableError, UsageError
from oauth_window_harness.redact import Redactor

#: How long the control may take to be asked how it stands to a form, in seconds.
_AT_ONCE = 1.0


class ArrivalCheck:
    """Checks where one page is.

    Args:
        api: gives access to the page.
        page: the page under test.
        target: says which page was named, and its control.
        redactor: redacts what an error quotes of the page.
    """

    def __init__(self, api: Api, page: Any, target: Target, redactor: Redactor) -> None:
        self._api = api
        self._page = page
        self._target = target
        self._redactor = redactor
        self._search = ControlSearch(api, page, target, redactor)

    async def find(self) -> Control:
        """Return the control of the page that was named, and of no other one that it went on to.

        Raises:
            UsageError: the page has no such control or several, or the selector is invalid.
            AppUnreachableError: the page has gone on to another one, or asks its user to sign in.
            CannotJudgeError: the page has crashed or closed.
        """
        try:
            control = await self._search.find()
        except UsageError:
            await self.check(await self._search.glance())
            raise
        await self.check(control)
        return control

    async def check(self, control: Control | None) -> None:
        """Check that the page is the one that was named, or at least has the control and asks nobody to sign in.

        Args:
            control: the control that was found; None if there is none.

        Raises:
            AppUnreachableError: the page has gone on to another one, or asks its user to sign in.
        """
        for traces in await self._traces(control):
            if self._asks(traces):
                raise self._signed_out(traces)
        if control is None and self._is_elsewhere():
            shown = self._redactor.text(self._page.url)
            advice = f"or name the control with --connect; {await self._search.advice()}"
            raise elsewhere_error(self._target.url, shown, signing_in=False, advice=advice)

    async def check_later(self) -> None:
        """Check that a page that had the control has not gone on to ask its user to sign in.

        Raises:
            AppUnreachableError: it has.
        """
        if self._page.is_closed() or is_to_service(self._page.url):
            return
        for traces in await self._traces(await self._search.glance()):
            if self._asks(traces) and shows_sign_in_form(traces):
                raise self._signed_out(traces)

    def _is_elsewhere(self) -> bool:
        return is_other_page(self._target.url, self._page.url)

    def _asks(self, traces: Any) -> bool:
        is_named = self._target.connect is not None
        return asks_to_sign_in(self._page.url, traces, is_other=self._is_elsewhere(), is_named=is_named)

    async def _traces(self, control: Control | None) -> list[Any]:
        """Return what the page has that people sign in at: that of the control's document, or that of all of them."""
        frames = [control.frame] if control is not None else list(filter(is_of_page, self._page.frames))
        found = []
        for frame in frames:
            window = self._api.window(self._page, frame)
            with suppress(PlaywrightError):  # it navigates, or has gone
                traces = await window.evaluate(SCRIPT)
                # How the control stands to a form matters where there is one to sign in with, or at another address.
                if control is not None and (traces["forms"] or self._is_elsewhere()):
                    traces = await window.ask(control.selector, SCRIPT, _AT_ONCE)
                found.append(traces)
        return found

    def _signed_out(self, traces: Any) -> AppUnreachableError:
        button = sign_in_button(traces)
        seen = "" if button is None else f": a password field and the button {self._redactor.text(button)!r}"
        if self._is_elsewhere():
            return elsewhere_error(self._target.url, self._redactor.text(self._page.url), signing_in=True, seen=seen)
        return signed_out_error(self._target.url, seen=seen)
