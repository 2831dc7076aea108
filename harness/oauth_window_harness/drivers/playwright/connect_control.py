"""The control that opens the window: finds it in the page and clicks it, or says why it cannot."""

from __future__ import annotations

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.playwright.api import Window
from oauth_window_harness.drivers.playwright.selectors import first_line, is_about_selector
from oauth_window_harness.errors import CannotJudgeError, UsageError
from oauth_window_harness.redact import Redactor

#: How long an element that covers the control may take to disappear before the user dismisses it, in seconds.
_COVERED = 1.0

#: What Playwright's error says of an element that covers the one to click.
_COVERING = "intercepts pointer events"

# The cover is the largest element over the control that does not contain it; if the cover has exactly one button, its
# reader presses that.
_THE_BUTTON_OF_THE_COVER = """(control) => {
  const box = control.getBoundingClientRect();
  let cover = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
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

_ANYTHING = "button, a[href], [role=button], input[type=submit], input[type=button]"


async def find_control(page: Page, target: Target, redactor: Redactor) -> None:
    """Check that the selector names one visible control.

    Raises:
        UsageError: it matches no control or several, or is invalid.
        CannotJudgeError: the page has crashed or closed.
    """
    where = f"--connect {target.connect!r} in {target.url}"
    try:
        await _find(page, target, redactor, where)
    except PlaywrightError as error:
        seen = first_line(error.message)
        if is_about_selector(error.message):
            raise UsageError("the selector cannot be used", where=where, seen=seen) from None
        raise CannotJudgeError(
            f"the page under test {'crashed' if 'crashed' in seen else 'has gone'}",
            where=target.url,
            seen=seen,
            todo="open the page in a browser of its own, and see whether it stays",
        ) from None


async def _find(page: Page, target: Target, redactor: Redactor, where: str) -> None:
    wanted = page.locator(target.connect).locator("visible=true")
    try:
        await wanted.first.wait_for(timeout=target.patience * 1000)
        found = await wanted.count()
    except PlaywrightTimeoutError:
        found = 0
    if found == 1:
        return
    there = wanted if found else page.locator(_ANYTHING).locator("visible=true")
    shown = [await _markup_of(one, redactor) for one in await there.all()]
    raise UsageError(
        "--connect must name one visible control",
        where=where,
        seen=f"{found} that match" + (f": {'; '.join(shown)}" if found else ""),
        todo="name one of them more exactly" if found else f"visible controls: {'; '.join(shown) or 'none at all'}",
    )


async def click_control(window: Window, control: str, patience: float) -> None:
    """Click the control; first dismiss what covers it, as a reader would: by Escape, or by its only button.

    Args:
        window: the window of the page under test.
        control: the control's selector.
        patience: how long it may take until the control can be clicked, in seconds.

    Raises:
        PlaywrightError: it cannot be clicked within the patience.
    """
    try:
        await window.press(control, min(_COVERED, patience))
    except PlaywrightTimeoutError as error:
        if _COVERING in error.message:
            await window.type_key("Escape")
            button = await window.ask(control, _THE_BUTTON_OF_THE_COVER, patience)
            if button is not None:
                await window.click_at((button["x"], button["y"]))
        await window.press(control, patience)


async def place_of(window: Window, control: str, patience: float) -> tuple[float, float] | None:
    """Return the middle of the control, in CSS pixels from the window's corner; None if not exactly one matches."""
    if await window.count(control) != 1:
        return None
    box = await window.ask(control, _MIDDLE, patience)
    return (box["x"], box["y"])


async def is_disabled(window: Window, control: str, patience: float) -> bool:
    """Return whether the control is disabled, by ``:disabled`` or ``aria-disabled``."""
    return bool(await window.ask(control, _DISABLED, patience))


def hindrance(error: PlaywrightError) -> str:
    """Return why an action failed: the first line of Playwright's error, and what prevented the click."""
    lines = [line.strip(" -") for line in error.message.splitlines()]
    reasons = [line for line in lines[1:] if _COVERING in line or line.startswith("element is not")]
    return "; ".join([lines[0], *reasons[-1:]])


async def _markup_of(one: Locator, redactor: Redactor) -> str:
    html: str = await one.evaluate("(element) => element.outerHTML")
    return redactor.text(" ".join(html.split())[:100])
