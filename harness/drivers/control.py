"""The control that opens the window: found in the page, or told why not."""

from __future__ import annotations

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Locator, Page
from playwright.async_api import TimeoutError as PlaywrightTimeoutError

from harness.drivers.base import Target
from harness.errors import UsageError
from harness.redact import Redactor

_ANYTHING = "button, a[href], [role=button], input[type=submit], input[type=button]"


def control(page: Page, target: Target) -> Locator:
    """Give the control."""
    return page.locator(target.connect).locator("visible=true")


async def find_control(page: Page, target: Target, redactor: Redactor) -> None:
    """See that the selector names one visible control.

    Raises:
        UsageError: it names none or several, or is no selector.
    """
    wanted = control(page, target)
    where = f"--connect {target.connect!r} in {target.url}"
    try:
        await wanted.first.wait_for(timeout=target.patience * 1000)
        found = await wanted.count()
    except PlaywrightTimeoutError:
        found = 0
    except PlaywrightError as error:
        raise UsageError("the selector cannot be used", where=where, seen=error.message.splitlines()[0]) from None
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


async def _described(one: Locator, redactor: Redactor) -> str:
    html: str = await one.evaluate("(element) => element.outerHTML")
    return redactor.text(" ".join(html.split())[:100])
