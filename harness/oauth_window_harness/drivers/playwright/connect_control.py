"""Clicks the control that opens the window, or says why it cannot."""

from __future__ import annotations

import shlex
from collections.abc import Awaitable, Callable

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from oauth_window_harness.drivers.base import StepNotTakenError
from oauth_window_harness.drivers.playwright.api import Window

#: How long an element that covers the control may take to disappear before the user dismisses it, in seconds.
_COVERED = 1.0

#: What Playwright's error says of an element that covers the one to click.
_COVERING = "intercepts pointer events"

#: What Playwright's error says of a click that it has begun: the browser makes it, however long it takes to say so.
_UNDER_WAY = "performing click action"

# The cover is the largest element over the control that does not contain it; if the cover has exactly one button, its
# reader presses that.
_THE_BUTTON_OF_THE_COVER = """(control) => {
  const box = control.getBoundingClientRect();
  let cover = control.getRootNode().elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  if (cover === null || cover.contains(control) || control.contains(cover)) return null;
  while (cover.parentElement !== null && !cover.parentElement.contains(control)) cover = cover.parentElement;
  const buttons = [...cover.querySelectorAll("button, [role=button], input[type=button], input[type=submit]")];
  const visible = buttons.filter((button) => button.checkVisibility());
  if (visible.length !== 1) return null;
  visible[0].scrollIntoView({ block: "nearest" });
  const { x, y, width, height } = visible[0].getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}"""

_MIDDLE = """(control) => {
  const { x, y, width, height } = control.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
}"""

_DISABLED = "(control) => control.matches(':disabled') || control.closest('[aria-disabled=true]') !== null"


#: Returns selectors of the boxes that can be seen and are not ticked: what a user may have to agree to first.
_UNTICKED = """() => [...document.querySelectorAll("input[type=checkbox]:not(:checked):not(:disabled)")]
  .filter((box) => [box, ...box.labels].some((one) => one.checkVisibility({ visibilityProperty: true })))
  .map((box) => box.id ? `#${CSS.escape(box.id)}` : box.name ? `[name=${JSON.stringify(box.name)}]` : "[type=checkbox]")
  .slice(0, 3)"""


async def _never() -> bool:
    return False


async def click_control(
    window: Window,
    control: str,
    patience: float,
    is_clicked: Callable[[], bool] = lambda: False,
    click_comes: Callable[[], Awaitable[bool]] = _never,
) -> None:
    """Click the control; first dismiss what covers it, as a reader would: by Escape, or by its only button.

    Args:
        window: the window of the page under test.
        control: the control's selector.
        patience: how long it may take until the control can be clicked, in seconds.
        is_clicked: returns whether the page has been clicked: on a busy machine the click comes to its end later.
        click_comes: waits for that, and returns whether it has come. A browser that opens a window upon the click may
            not say that the click is done before the window is there, and another click would be the user's second.

    Raises:
        PlaywrightError: it cannot be clicked within the patience.
    """

    async def press(seconds: float) -> None:
        try:
            await window.press(control, seconds)
        except PlaywrightTimeoutError as error:
            under_way = _UNDER_WAY in error.message and _COVERING not in error.message
            if not is_clicked() and not (under_way and await click_comes()):
                raise

    try:
        await press(min(_COVERED, patience))
    except PlaywrightTimeoutError as error:
        if _COVERING in error.message:
            await window.type_key("Escape")
            button = await window.ask(control, _THE_BUTTON_OF_THE_COVER, patience)
            if button is not None:
                await window.click_at((button["x"], button["y"]))
        await press(patience)


async def place_of(window: Window, control: str, patience: float) -> tuple[float, float] | None:
    """Return the middle of the control, in CSS pixels from the window's corner; None if not exactly one matches."""
    if await window.count(control) != 1:
        return None
    box = await window.ask(control, _MIDDLE, patience)
    return (box["x"], box["y"])


async def is_disabled(window: Window, control: str, patience: float) -> bool:
    """Return whether the control is disabled, by ``:disabled`` or ``aria-disabled``."""
    return bool(await window.ask(control, _DISABLED, patience))


async def disabled_error(window: Window, error: PlaywrightError) -> StepNotTakenError:
    """Return the error for a control that is disabled when its user would click it first, with what may enable it."""
    boxes = await window.evaluate(_UNTICKED)
    named = f", such as {' '.join(f'--before {shlex.quote(box)}' for box in boxes)}" if boxes else ""
    return StepNotTakenError(
        "the control cannot be clicked: it is disabled",
        where="the step 'click'",
        seen=hindrance(error),
        todo=f"name what enables it with --before SELECTOR{named}",
    )


def hindrance(error: PlaywrightError) -> str:
    """Return why an action failed: the first line of Playwright's error, and what prevented the click."""
    lines = [line.strip(" -") for line in error.message.splitlines()]
    reasons = [line for line in lines[1:] if _COVERING in line or line.startswith("element is not")]
    return "; ".join([lines[0], *reasons[-1:]])
