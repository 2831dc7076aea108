"""Does what a step of the user's needs, or says why the user could not take the step."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from oauth_window_harness.drivers.base import StepNotTakenError, StepUndoneError
from oauth_window_harness.drivers.playwright.connect_control import hindrance
from oauth_window_harness.drivers.popup import CONTROLS
from oauth_window_harness.journal import events
from oauth_window_harness.journal.play import Play
from oauth_window_harness.scenario.model import Step


async def attempt(play: Play, step: Step, doing: Awaitable[Any]) -> None:
    """Await what is done for a step.

    Raises:
        StepUndoneError: its control was there, and the click took longer than the patience: that is the machine's.
        StepNotTakenError: it cannot be done.
    """
    try:
        await doing
    except PlaywrightError as error:
        seen = play.redactor.text(hindrance(error))
        taken = any(event.step == step for event in play.journal.of(events.StepTaken))
        is_slow = isinstance(error, PlaywrightTimeoutError) and step in CONTROLS and taken
        kind = StepUndoneError if is_slow else StepNotTakenError
        raise kind(f"the user could not {step}", where=f"the step {step!r}", seen=seen) from None
