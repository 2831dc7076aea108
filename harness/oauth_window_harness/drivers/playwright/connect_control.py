"""The control that opens the window: found in the page, and clicked, or told why not."""

from __future__ import annotations

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.selectors import first_line, is_about_selector
from oauth_window_harness.errors import CannotJudgeError, UsageError
from oauth_window_harness.redact import Redactor

#: How long something that lies over the control is waited for before the user sends it away, in seconds.
_COVERED = 1.0

#: What Playwright says of something that lies over what is to be clicked.
_COVERING = "intercepts pointer events"

# What covers the control is as large a part of the page as does not hold the control itself; where it has one button,
# that is what its reader presses.
_THE_BUTTON_OF_THE_COVER = """(control) => {
  const box = control.getBoundingClientRect();
  let cover = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  if (cover === null || cover.contains(control) || control.contains(cover)) return null;
  while (cover.parentElement !== null && !cover.parentElement.contains(control)) cover = cover.parentElement;
  const buttons = [...cover.querySelectorAll("button, [role=button], input[type=button], input[type=submit]")];
  const visible = buttons.filter((button) => button.checkVisibility());
  return visible.length === 1 ? visible[0] : null;
}"""

_ANYTHING = "button, a[href], [role=button], input[type=submit], input[type=button]"


def control(page: Page, target: Target) -> Locator:
    """Give the control."""
    return page.locator(target.connect).locator("visible=true")


async def find_control(page: Page, target: Target, redactor: Redactor) -> None:
    """Check that the selector names one visible control.

    Raises:
        UsageError: it names none or several, or is no selector.
        CannotJudgeError: the page has crashed, or has gone.
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
    wanted = control(page, target)
    try:
        await wanted.first.wait_for(timeout=target.patience * 1000)
        found = await wanted.count()
    except PlaywrightTimeoutError:
        found = 0
    if found == 1:
        return
    there = wanted if found else page.locator(_ANYTHING).locator("visible=true")
    shown = [await _described(one, redactor) for one in await there.all()]
    raise UsageError(
        "--connect must name one visible control",
        where=where,
        seen=f"{found} that match" + (f": {'; '.join(shown)}" if found else ""),
        todo="name one of them more exactly" if found else f"visible controls: {'; '.join(shown) or 'none at all'}",
    )


async def click_control(page: Page, target: Target) -> None:
    """Click the control; what lies over it is sent away first, as its reader would: by Escape, or by its one button.

    Raises:
        PlaywrightError: it cannot be clicked within the patience.
    """
    wanted = control(page, target)
    patience = target.patience * 1000
    try:
        await wanted.click(timeout=min(_COVERED * 1000, patience))
    except PlaywrightTimeoutError as error:
        if _COVERING in error.message:
            await page.keyboard.press("Escape")
            button = (await wanted.evaluate_handle(_THE_BUTTON_OF_THE_COVER, timeout=patience)).as_element()
            if button is not None:
                await button.click(timeout=patience)
        await wanted.click(timeout=patience)


def hindrance(error: PlaywrightError) -> str:
    """Give why something could not be done: Playwright's sentence, and what lay in the way."""
    lines = [line.strip(" -") for line in error.message.splitlines()]
    reasons = [line for line in lines[1:] if _COVERING in line or line.startswith("element is not")]
    return "; ".join([lines[0], *reasons[-1:]])


async def _described(one: Locator, redactor: Redactor) -> str:
    html: str = await one.evaluate("(element) => element.outerHTML")
    return redactor.text(" ".join(html.split())[:100])
