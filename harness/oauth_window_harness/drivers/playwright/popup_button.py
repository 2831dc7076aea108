"""Finds a button of the service's own pages in the popup, so that the mouse can click it.

These pages are the stub's: they stand still, and nothing covers their buttons. One script waits for the button and says
where it is. Playwright's own search and click, which wait until an element is still, take ten times as many messages,
and put Playwright's code into each document.
"""

from __future__ import annotations

import time

from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.playwright.api import Window

# Resolves to the middle of the button once it is drawn; to null if it is not in time, or if a click would not meet it.
_MIDDLE = """async ([button, wait]) => {
  const last = performance.now() + wait;
  const end = new Promise((done) => setTimeout(done, wait));
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (;;) {
    await Promise.race([frame(), end]);
    const element = document.readyState === "loading" ? null : document.querySelector(button);
    if (element !== null) {
      element.scrollIntoView({ block: "nearest", behavior: "instant" });
      const { x, y, width, height } = element.getBoundingClientRect();
      const middle = [x + width / 2, y + height / 2];
      return !element.disabled && element.contains(document.elementFromPoint(...middle)) ? middle : null;
    }
    if (performance.now() >= last) return null;
  }
}"""

#: What Playwright says of a script whose document has gone, as the window went on to the next one.
_GONE = ("navigat", "context was destroyed", "Cannot find context")


async def middle_of(window: Window, button: str, last: float) -> tuple[float, float] | None:
    """Wait until a button is drawn, and return its middle; None if it is not in time, or can be clicked only otherwise.

    Args:
        window: the popup.
        button: a CSS selector.
        last: the last moment at which it may appear, as `time.monotonic` tells it.
    """
    while (seconds := last - time.monotonic()) > 0:
        try:
            found = await window.evaluate(_MIDDLE, [button, seconds * 1000])
        except PlaywrightError as error:
            if not any(words in error.message for words in _GONE):
                return None
            continue
        return (found[0], found[1]) if found is not None else None
    return None
