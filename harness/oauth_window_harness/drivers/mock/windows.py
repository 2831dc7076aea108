"""The windows of one play: they open, navigate, post messages and close."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, Protocol
from urllib.parse import urljoin

from oauth_window_harness.drivers.mock.contexts import BrowsingContext, Tab
from oauth_window_harness.drivers.mock.documents import Document
from oauth_window_harness.drivers.mock.messages import Message, WindowReference
from oauth_window_harness.drivers.mock.navigation import Navigation, hops, origin_of_document
from oauth_window_harness.drivers.mock.network import HttpAnswer, Profile, body_text
from oauth_window_harness.drivers.mock.observer import Observer
from oauth_window_harness.drivers.mock.opener_policy import OpenerPolicy
from oauth_window_harness.drivers.mock.origins import OPAQUE, TargetOriginError, is_same, origin_of, reaches
from oauth_window_harness.drivers.mock.tasks import Tasks
from oauth_window_harness.journal.events import OutcomeKind
from oauth_window_harness.journal.play import Play

#: The address of the page that Chromium shows if a request fails.
_ERROR_PAGE = "chrome-error://chromewebdata/"


class PageScript(Protocol):
    """The script of the page under test, together with its window; see `drivers.mock.page`."""

    def begin(self) -> None:
        """Run when the document is loaded."""

    def click(self) -> None:
        """Run when the user has clicked the control."""

    def receive(self, message: Message) -> None:
        """Run when the page has received a message."""


class MockWindows:
    """All windows of one profile: the page under test, and what it opens.

    Args:
        play: the play; all that happens is added to its journal.
        profile: keeps the cookies and makes the requests.
        page: makes the script of the page under test, for these windows.
        script: runs the script of any other document, in a window or in a frame; see `drivers.mock.scripts`.
        outcomes: the outcomes to report to the journal.

    Attributes:
        app: the tab of the page under test.
        popups: the windows that the page opened, closed ones included, in the order of their opening.
        is_listening: whether the page receives messages.
    """

    def __init__(
        self,
        play: Play,
        profile: Profile,
        page: Callable[[MockWindows], PageScript],
        script: DocumentScript,
        outcomes: frozenset[OutcomeKind],
    ) -> None:
        self.clock = play.clock
        self.tasks = Tasks(play.clock)
        self.observer = Observer(play)
        self.blocks_popups = play.scenario.blocked
        self.app = Tab("app", BrowsingContext())
        self.popups: list[Tab] = []
        self.is_listening = False
        self._play = play
        self._profile = profile
        self._script = script
        self._outcomes = outcomes
        self._references: dict[BrowsingContext, WindowReference] = {}
        self._page = page(self)

    # --- the page under test --------------------------------------------------------------------------------------

    def load(self, url: str) -> HttpAnswer:
        """Load the page under test, and run its script if a response came; return the response."""
        self.observer.add_page_request("GET", url)
        answer = self.navigate(self.app, Navigation.to(url))
        if answer.status is not None:
            self._page.begin()
        return answer

    def look_up(self, url: str) -> HttpAnswer:
        """Make a request, show nothing of the answer, and return it."""
        return self._profile.ask("GET", url)

    def show_page(self, url: str) -> None:
        """Show an empty page of this address without a request, and run the script of the page under test."""
        context = self.app.context
        context.document, context.origin = Document(url), origin_of(url)
        self.observer.add_document("app", url, has_opener=False)
        self._page.begin()

    def click(self) -> None:
        """Click the control, as the user does."""
        self.observer.add_step("click")
        self._page.click()

    def fetch(self, method: str, url: str, then: Callable[[HttpAnswer], None], *, json: Any = None) -> None:
        """Queue a request of the page, and call ``then`` with the answer in a task of its own."""
        here = self.app.context.document.url
        goal = urljoin(here, url)
        self.observer.add_page_request(method, goal, body_text(json))

        def ask() -> None:
            headers = {"Accept": "*/*", "Referer": here, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
            answer = self._profile.ask(method, goal, headers=headers, json=json)
            self.tasks.queue(lambda: then(answer))

        self.tasks.queue_request(ask)

    def report_outcome(self, outcome: OutcomeKind | None, *, visible: bool) -> None:
        """Add to the journal that an outcome became visible or ceased to be, if the run watches for it."""
        if outcome in self._outcomes:
            self.observer.add_outcome(outcome, visible=visible)

    # --- windows --------------------------------------------------------------------------------------------------

    def open_popups(self) -> list[Tab]:
        """Return the windows that are open."""
        return [popup for popup in self.popups if not popup.closed]

    def open(self, url: str, *, noopener: bool = False, recorded: bool = True) -> Tab:
        """Open a window from the page, and return it; its document is loaded in a task of its own.

        Args:
            url: the address of its document.
            noopener: whether it gets no opener.
            recorded: whether it gets a name in the journal.
        """
        opener = self.app.context
        context = BrowsingContext() if noopener else BrowsingContext(opener=opener, policy=opener.policy)
        tab = Tab(f"popup-{len(self.popups) + 1}" if recorded else None, context)
        here = opener.document.url
        if tab.name is not None:
            self.popups.append(tab)
            self.observer.add_window_opened(tab.name)
        self.go(tab, Navigation.to(urljoin(here, url), initiator=here))
        return tab

    def frame(self, url: str) -> None:
        """Put a frame into the page, run its script, and remove it."""
        context = BrowsingContext(parent=self.app.context)
        here = self.app.context.document.url
        answer = HttpAnswer(url)
        for hop in hops(
            self._profile, Navigation.to(url, initiator=here, frame=True), OpenerPolicy(), initial_blank=True
        ):
            answer = hop.answer
        self._show(context, answer, OpenerPolicy())
        self._script(self, None, context)
        context.discard()

    def reference(self, context: BrowsingContext) -> WindowReference:
        """Return the page's reference to a window: always the same object for the same context."""
        if context not in self._references:
            self._references[context] = WindowReference(context, self.observer)
        return self._references[context]

    def close(self, tab: Tab, by: Literal["user", "script"]) -> None:
        """Close a window, unless it is closed."""
        if tab.closed:
            return
        tab.close()
        if tab.name is not None:
            self.observer.add_window_closed(tab.name, by)

    def close_all(self) -> None:
        """Close all open windows, the page under test last."""
        for popup in self.open_popups():
            self.close(popup, "script")
        self.app.close()

    # --- documents ------------------------------------------------------------------------------------------------

    def go(self, tab: Tab, navigation: Navigation) -> None:
        """Queue a navigation of a window; it is dropped if the window is closed by then."""

        def leave() -> None:
            if not tab.closed:
                self.navigate(tab, navigation)

        self.tasks.queue_request(leave)

    def navigate(self, tab: Tab, navigation: Navigation) -> HttpAnswer:
        """Load another document into a window, queue its script, and return the response that brought it."""
        context = tab.context
        answer = HttpAnswer(navigation.submission.url)
        policy, leaves = context.policy, False
        for hop in hops(self._profile, navigation, context.policy, initial_blank=context.is_blank):
            answer, policy, leaves = hop.answer, hop.policy, hop.leaves
            policy_header = answer.headers.get("cross-origin-opener-policy")
            if policy_header and tab.name is not None:
                self.observer.add_opener_policy(tab.name, answer.url, policy_header)
        if leaves:
            tab.leave_group()
        self._show(tab.context, answer, policy)
        if tab.name is not None:
            shown = tab.context
            self.observer.add_document(tab.name, shown.document.url, has_opener=shown.opener is not None)
        if tab is not self.app:
            self.tasks.queue(lambda: self._run_script(tab))
        return answer

    def post(self, sender: BrowsingContext, tab: Tab | None, data: Any, target_origin: str) -> None:
        """Post a message from a window to its opener, or from a frame to its parent."""
        receiver = sender.opener or sender.parent
        if receiver is None:
            return
        foreign = not is_same(sender.origin, receiver.origin)
        try:
            delivered = reaches(target_origin, sender=sender.origin, receiver=receiver.origin)
        except TargetOriginError:
            return  # postMessage throws, and posts nothing
        if tab is not None and tab.name is not None and sender.opener is not None and foreign:
            self.observer.add_post(tab.name, sender.origin, data, target_origin)
        if delivered:
            origin, opened = sender.origin, tab is not None and tab in self.popups
            self.tasks.queue(lambda: self._deliver(sender, data, origin, opened=opened))

    def _deliver(self, sender: BrowsingContext, data: Any, origin: str, *, opened: bool) -> None:
        self.observer.add_message(data, origin, "popup" if opened else "other")
        message = Message(data, origin, self.reference(sender))
        if self.is_listening:
            self._page.receive(message)
        self.observer.add_message_reads(message.fields_read())

    def _run_script(self, tab: Tab) -> None:
        if not tab.closed:
            self._script(self, tab, tab.context)

    def _show(self, context: BrowsingContext, answer: HttpAnswer, policy: OpenerPolicy) -> None:
        if answer.refused_host is not None:
            self.observer.add_refusal(answer.refused_host)
        if answer.status is None:
            context.document, context.origin, context.policy = Document(_ERROR_PAGE), OPAQUE, OpenerPolicy()
            return
        html = answer.text if "html" in answer.headers.get("content-type", "") else ""
        context.document = Document(answer.url, answer.status, html)
        context.origin, context.policy = origin_of_document(answer), policy


#: Runs the script of a document in a window; without a tab, in a frame.
DocumentScript = Callable[[MockWindows, Tab | None, BrowsingContext], None]
