"""A context that is observed, with an empty page; it can be made before the play that it is for begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from playwright.async_api import BrowserContext, Page

from oauth_window_harness.drivers.observer import script

#: Receives where a report is from, and the report.
ReportListener = Callable[[Mapping[str, Any], object], None]


class ObservedContext:
    """A context with one empty page, all of whose windows the observer observes.

    Attributes:
        context: the context.
        page: the page.
        listener: receives the observer's reports; those that come while there is none are of the empty page.
    """

    page: Page

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.listener: ReportListener | None = None

    @classmethod
    async def open(cls, context: BrowserContext, *, blocked: bool, skew: float = 0) -> Self:
        """Install the observer in all future windows of a context, and open an empty page.

        Args:
            context: a context without pages.
            blocked: whether ``window.open`` returns null, as if the browser blocked the window.
            skew: by how much the browser's clock is ahead of this machine's, in seconds.
        """
        observed = cls(context)
        await context.expose_binding(script.BINDING, observed._on_report)
        await context.add_init_script(script.script(blocked=blocked, skew=skew))
        observed.page = await context.new_page()
        return observed

    def _on_report(self, source: Mapping[str, Any], report: object = None) -> None:
        if self.listener is not None:
            self.listener(source, report)
