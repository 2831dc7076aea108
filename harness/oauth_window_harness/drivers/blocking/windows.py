"""The windows of a context that a test made and drives, by Playwright's blocking API."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import Any

from playwright.sync_api import BrowserContext, Dialog, Locator, Page
from playwright.sync_api import Error as PlaywrightError

from oauth_window_harness.drivers.base import StepNotTakenError, Target
from oauth_window_harness.drivers.blocking.intruders import intrude
from oauth_window_harness.drivers.blocking.outcomes import BorrowedOutcomes
from oauth_window_harness.drivers.blocking.private import listens_elsewhere, wait
from oauth_window_harness.drivers.idle import NEXT_FRAME, ROUNDS, SETTLED, progress
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.drivers.popup import CONTROLS, OPENING
from oauth_window_harness.drivers.recorder import LOOK, Change, Record
from oauth_window_harness.journal import events
from oauth_window_harness.journal.play import Play
from oauth_window_harness.journal.waiting import until
from oauth_window_harness.scenario.intrusion import Intrusion
from oauth_window_harness.scenario.model import Step


class BorrowedWindows(Record):
    """The record of a context in which a test opens the app's pages and clicks, and the user's part in its popups.

    A page that the test opens is the app's; whatever else opens is a popup.

    Args:
        context: empty as yet.
        play: what is played in it.
        target: where to look; its address is not used.
        arguments: those that the context was made with.
    """

    page: Page
    popups: list[Page]

    def __init__(
        self, context: BrowserContext, play: Play, target: Target, arguments: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(play)
        self._arguments = dict(arguments or {})
        self._context = context
        self._target = target
        self._outcomes = BorrowedOutcomes(play.journal, target)
        self._clicked: str | None = None
        self._known: Counter[str] = Counter()
        context.expose_binding(script.BINDING, self._report)
        context.add_init_script(script.script(blocked=play.scenario.blocked))
        self._open = context.new_page
        # A popup that was opened with noopener has no opener by which it could be told from a page of the test's.
        context.new_page = self._new_page  # type: ignore[method-assign]
        self._own_to_come = 0
        context.on("page", self._opened)
        context.on("response", self._answered)
        context.on("dialog", self._dialog)

    def begin(self) -> None:
        """Take the next click for the one on the control.

        Raises:
            UsageError: what names an outcome is no selector.
        """
        self._outcomes.check(self.page)
        self._clicked = None

    def has_page(self) -> bool:
        """Tell whether the test has opened a page."""
        return "page" in vars(self)

    @contextmanager
    def another(self, play: Play) -> Iterator[BorrowedWindows]:
        """Give windows of the same browser and user, for another play; nothing of them is recorded as the test's.

        Raises:
            StepNotTakenError: there can be none, for the browser has gone.
        """
        browser = self._context.browser
        kept = {name: value for name, value in self._arguments.items() if not name.startswith("record_")}
        with ExitStack() as stack:
            try:
                assert browser is not None
                context = browser.new_context(**{**kept, "storage_state": self._context.storage_state()})
                stack.callback(context.close)
            except PlaywrightError as error:
                raise StepNotTakenError("no other window can be opened", seen=error.message) from None
            target = replace(self._target, connect=self._clicked or self._target.connect)
            yield BorrowedWindows(context, play, target)

    def visit(self, url: str) -> None:
        """Open a page of the app.

        Raises:
            StepNotTakenError: it does not load.
        """
        self._within("click", lambda: self._context.new_page().goto(url, timeout=self._target.patience * 1000))

    def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Wait until a condition over the journal holds; see `journal.waiting.until`."""
        __tracebackhide__ = True
        return bool(wait(self._context, until(self._journal, holds, seconds)))

    def take(self, step: Step) -> None:
        """Do what the user does next; the first click is the test's own.

        Raises:
            StepNotTakenError: what the step needs did not appear within the patience.
        """
        patience = self._target.patience * 1000
        if step == "click":
            self._within(step, self._click)
        elif step == "close":
            self._close()
        else:
            popup = self._popup(step)
            button = popup.get_by_test_id(CONTROLS[step])
            self._within(step, lambda: button.wait_for(timeout=patience))
            self._step(step)
            self._within(step, lambda: button.click(timeout=patience))

    def intrude(self, intrusion: Intrusion) -> None:
        """Let an intruder post to the page, and see that it was heard."""
        intrude(self, self._play, self._target.patience, intrusion, self._known)

    def drain(self) -> None:
        """Return when what the page has begun is done, or after the patience; see `drivers.base.Stage`."""
        last = time.monotonic() + self._target.patience
        before, rounds, pending = -1, 0, True
        while before != (happened := progress(self._journal)) or (pending and rounds < ROUNDS):
            before, rounds = happened, rounds + 1
            pending = self._run_timers(last)
            if time.monotonic() > last:
                return

    def _run_timers(self, last: float) -> bool:
        """Return when the timers that are near have run, and all calls are answered; tell whether they set others."""
        with suppress(PlaywrightError):  # another document takes the place of this one
            self._calls_answered(last)
            pending = bool(self.page.evaluate(SETTLED, script.SETTLING))
            self._calls_answered(last)
            self._outcomes.look(self.page)
            return pending
        return False

    def _calls_answered(self, last: float) -> None:
        self.page.evaluate(NEXT_FRAME)
        while self.busy() and time.monotonic() < last:
            self.page.evaluate(NEXT_FRAME)

    def control(self) -> Locator:
        """Give the control that opens the window: what the test has clicked, if it has, or else what is named."""
        return self.page.locator(self._clicked or self._target.connect).locator("visible=true")

    # --- what the user does -------------------------------------------------------------------------------------------

    def _click(self) -> None:
        wanted = self.control()
        if self._clicked_last or wanted.count() != 1:
            # As an impatient user does: where the test has clicked, whatever is there now.
            self.page.mouse.down()
            self.page.mouse.up()
        else:
            wanted.click(timeout=self._target.patience * 1000)

    @property
    def _clicked_last(self) -> bool:
        taken = self._journal.of(events.StepTaken)
        return bool(taken) and taken[-1].step == "click"

    def _popup(self, step: Step) -> Page:
        """Give the window that was opened last and is still open, waiting for one to open."""
        if not self.until(lambda: bool(self.open_popups()), self._target.patience + OPENING):
            raise StepNotTakenError(f"there was no window in which to {step}", where=f"the step {step!r}")
        popup: Page = self.open_popups()[-1]
        return popup

    def _close(self) -> None:
        if self.popups and not self.open_popups():
            return  # it closed by itself
        popup = self._popup("close")
        name = self.name(popup)
        self.until(
            lambda: any(event.window == name for event in self._journal.of(events.DocumentLoaded)),
            self._target.patience,
        )
        self.will_be_closed_by_user(popup)
        self._step("close")
        with suppress(PlaywrightError):  # it may close by itself at this moment
            popup.close()

    def _within(self, step: Step, doing: Callable[[], object]) -> None:
        try:
            doing()
        except PlaywrightError as error:
            seen = self._play.redactor.text(error.message.splitlines()[0])
            raise StepNotTakenError(f"the user could not {step}", where=f"the step {step!r}", seen=seen) from None

    def _step(self, step: Step) -> None:
        self._journal.add(events.StepTaken(at=time.time(), step=step))

    # --- what happens -------------------------------------------------------------------------------------------------

    def _report(self, source: Mapping[str, Any], report: object = None) -> None:
        super()._report(source, report)
        if self._clicked is None and self._names.get(source["page"]) == "app":
            self._clicked = script.clicked(report)

    def _new_page(self) -> Page:
        self._own_to_come += 1
        return self._open()

    def _opened(self, page: Any) -> None:
        if not self._own_to_come:
            return super()._opened(page)
        self._own_to_come -= 1
        return self.follow(page)

    def _changed(self) -> None:
        self._outcomes.changed(self.page)

    def _look_at(self, change: Change) -> None:
        with suppress(PlaywrightError):
            self.page.evaluate(LOOK, change)

    def _dialog(self, dialog: Dialog) -> None:
        page = dialog.page
        if page is None or self._names.get(page) == "app":
            self._dialog_shown(dialog)
        # Playwright dismisses what nobody listens to. This listens, so it has to do that where the test does not.
        if not listens_elsewhere(self._context, page):
            with suppress(PlaywrightError):
                (dialog.accept if dialog.type == "beforeunload" else dialog.dismiss)()
