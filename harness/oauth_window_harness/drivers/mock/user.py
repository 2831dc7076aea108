"""The user in the mock's windows: takes the steps of a scenario."""

from __future__ import annotations

from oauth_window_harness.drivers.base import StepNotTakenError
from oauth_window_harness.drivers.mock.contexts import Tab
from oauth_window_harness.drivers.mock.navigation import Navigation
from oauth_window_harness.drivers.mock.windows import MockWindows
from oauth_window_harness.drivers.popup import CONTROLS
from oauth_window_harness.scenario.model import Step


class User:
    """Takes the user's steps.

    Args:
        patience: how long a window or control that a step needs may take to appear, in seconds on the windows' clock.
    """

    def __init__(self, windows: MockWindows, patience: float) -> None:
        self._windows = windows
        self._patience = patience

    def take(self, step: Step) -> None:
        """Take the next step.

        Raises:
            StepNotTakenError: what the step needs did not appear.
        """
        if step == "click":
            self._windows.click()
            self._windows.tasks.run()
        elif step == "close":
            self._close()
        else:
            self._press(step)

    def _press(self, step: Step) -> None:
        windows, test_id = self._windows, CONTROLS[step]
        popup = self._popup(step)
        if not windows.tasks.until(lambda: popup.closed or popup.context.document.has(test_id), self._patience):
            raise _step_error(step, f"no control {test_id!r} in {popup.context.document.url}")
        document = popup.context.document
        submission = None if popup.closed else document.submission(test_id)
        if submission is None:
            raise _step_error(step, "the window has gone" if popup.closed else f"{test_id!r} belongs to no form")
        windows.observer.add_step(step)
        windows.navigate(popup, Navigation(submission, initiator=document.url))

    def _close(self) -> None:
        windows = self._windows
        if windows.popups and not windows.open_popups():
            return  # the window closed itself
        popup = self._popup("close")
        if popup.context.is_blank:
            windows.tasks.run()
        windows.observer.add_step("close")
        windows.close(popup, "user")

    def _popup(self, step: Step) -> Tab:
        open_popups = self._windows.open_popups
        if not open_popups() and not self._windows.tasks.until(lambda: bool(open_popups()), self._patience):
            raise StepNotTakenError(f"there was no window in which to {step}", where=f"the step {step!r}")
        return open_popups()[-1]


def _step_error(step: Step, seen: str) -> StepNotTakenError:
    return StepNotTakenError(f"the user could not {step}", where=f"the step {step!r}", seen=seen)
