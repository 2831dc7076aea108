"""The windows of one play: opened, navigated, posted to and closed, with what that means for each other."""

from __future__ import annotations

from collections.abc import Callable
from json import dumps
from typing import Any, Literal, Protocol
from urllib.parse import urljoin

from oauth_window_harness.drivers.mock.contexts import BrowsingContext, Tab
from oauth_window_harness.drivers.mock.documents import Document
from oauth_window_harness.drivers.mock.messages import Message, WindowReference
from oauth_window_harness.drivers.mock.navigation import Navigation, hops, origin_of_document
from oauth_window_harness.drivers.mock.network import Answer, Profile
from oauth_window_harness.drivers.mock.observer import Observer
from oauth_window_harness.drivers.mock.opener_policy import OpenerPolicy
from oauth_window_harness.drivers.mock.origins import OPAQUE, TargetOriginError, is_same, origin_of, reaches
from oauth_window_harness.drivers.mock.tasks import Tasks
from oauth_window_harness.journal.events import OutcomeKind
from oauth_window_harness.journal.play import Play

#: What a browser shows where an address cannot be reached.
_ERROR_PAGE = "chrome-error://chromewebdata/"


class PageScript(Protocol):
    """The script of the page under test, with the window that it runs in; see `drivers.mock.page`."""

    def begin(self) -> None:
        """Run when the document is there."""

    def click(self) -> None:
        """Run when the user has clicked the control."""

    def hear(self, message: Message) -> None:
        """Run when a message has come."""


class Windows:
    """All windows of one profile: the page under test, and what it opens.

    Args:
        play: what is played; its journal is told all that happens.
        profile: the cookies, and the way to the network.
        page: makes the script of the page under test, for these windows.
        script: runs what any other document says of itself, in a window or in a frame; see `drivers.mock.scripts`.
        outcomes: which outcomes the run watches for.

    Attributes:
        app: shows the page under test.
        popups: the windows that it opened, the open and the closed ones, in the order of their opening.
        listening: whether the page hears messages.
    """

    def __init__(
        self,
        play: Play,
        profile: Profile,
        page: Callable[[Windows], PageScript],
        script: DocumentScript,
        outcomes: frozenset[OutcomeKind],
    ) -> None:
        self.clock = play.clock
        self.tasks = Tasks(play.clock)
        self.observer = Observer(play)
        self.blocked = play.scenario.blocked
        self.app = Tab("app", BrowsingContext())
        self.popups: list[Tab] = []
        self.listening = False
        self._play = play
        self._profile = profile
        self._script = script
        self._outcomes = outcomes
        self._references: dict[BrowsingContext, WindowReference] = {}
        self._page = page(self)

    # --- the page under test --------------------------------------------------------------------------------------

    def load(self, url: str) -> Answer:
        """Open the page under test, and run its script where it came."""
        self.observer.requested("GET", url)
        answer = self.navigate(self.app, Navigation.to(url))
        if answer.status is not None:
            self._page.begin()
        return answer

    def look_up(self, url: str) -> Answer:
        """Ask for an address, and show nothing of it."""
        return self._profile.ask("GET", url)

    def show_page(self, url: str) -> None:
        """Show a page that is not asked for, and run its script: where there is no more of it than that."""
        context = self.app.context
        context.document, context.origin = Document(url), origin_of(url)
        self.observer.loaded("app", url, has_opener=False)
        self._page.begin()

    def click(self) -> None:
        """Let the user click the control."""
        self.observer.step("click")
        self._page.click()

    def fetch(self, method: str, url: str, then: Callable[[Answer], None], *, json: Any = None) -> None:
        """Ask for something in the page's name, as a task, and go on with the answer in another."""
        here = self.app.context.document.url
        goal = urljoin(here, url)
        self.observer.requested(method, goal, "" if json is None else dumps(json))

        def ask() -> None:
            headers = {"Accept": "*/*", "Referer": here, "Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
            answer = self._profile.ask(method, goal, headers=headers, json=json)
            self.tasks.soon(lambda: then(answer))

        self.tasks.by_network(ask)

    def outcome_changed(self, outcome: OutcomeKind | None, *, visible: bool) -> None:
        """Tell that the page says something else than before."""
        if outcome in self._outcomes:
            self.observer.outcome(outcome, visible=visible)

    # --- windows --------------------------------------------------------------------------------------------------

    def open_popups(self) -> list[Tab]:
        """Give the windows that are open."""
        return [popup for popup in self.popups if not popup.closed]

    def open(self, url: str, *, severed: bool = False, named: bool = True) -> Tab:
        """Open a window of the page's; its document comes in a task of its own.

        Args:
            url: what it shows.
            severed: whether it is to have no opener.
            named: whether the journal tells of it.
        """
        opener = self.app.context
        context = BrowsingContext() if severed else BrowsingContext(opener=opener, policy=opener.policy)
        tab = Tab(f"popup-{len(self.popups) + 1}" if named else None, context)
        here = opener.document.url
        if tab.name is not None:
            self.popups.append(tab)
            self.observer.opened(tab.name)
        self.go(tab, Navigation.to(urljoin(here, url), initiator=here))
        return tab

    def frame(self, url: str) -> None:
        """Put a frame into the page, let its script run, and take it out again."""
        context = BrowsingContext(parent=self.app.context)
        here = self.app.context.document.url
        answer = Answer(url)
        for hop in hops(
            self._profile, Navigation.to(url, initiator=here, frame=True), OpenerPolicy(), initial_blank=True
        ):
            answer = hop.answer
        self._show(context, answer, OpenerPolicy())
        self._script(self, None, context)
        context.discard()

    def reference(self, context: BrowsingContext) -> WindowReference:
        """Give the page's reference to a window, always the same one."""
        if context not in self._references:
            self._references[context] = WindowReference(context, self.observer)
        return self._references[context]

    def close(self, tab: Tab, by: Literal["user", "script"]) -> None:
        """Close a window."""
        if tab.closed:
            return
        tab.close()
        if tab.name is not None:
            self.observer.closed(tab.name, by)

    def close_all(self) -> None:
        """Close what is still open, the page itself last."""
        for popup in self.open_popups():
            self.close(popup, "script")
        self.app.close()

    # --- documents ------------------------------------------------------------------------------------------------

    def go(self, tab: Tab, navigation: Navigation) -> None:
        """Let a window go elsewhere in a task of its own, unless it is closed by then."""

        def leave() -> None:
            if not tab.closed:
                self.navigate(tab, navigation)

        self.tasks.by_network(leave)

    def navigate(self, tab: Tab, navigation: Navigation) -> Answer:
        """Show another document in a window, and let its script run in a task; give what brought it."""
        context = tab.context
        answer = Answer(navigation.submission.url)
        policy, leaves = context.policy, False
        for hop in hops(self._profile, navigation, context.policy, initial_blank=context.is_blank):
            answer, policy, leaves = hop.answer, hop.policy, hop.leaves
            given = answer.headers.get("cross-origin-opener-policy")
            if given and tab.name is not None:
                self.observer.policy(tab.name, answer.url, given)
        if leaves:
            tab.leave_group()
        self._show(tab.context, answer, policy)
        if tab.name is not None:
            shown = tab.context
            self.observer.loaded(tab.name, shown.document.url, has_opener=shown.opener is not None)
        if tab is not self.app:
            self.tasks.soon(lambda: self._run_script(tab))
        return answer

    def post(self, sender: BrowsingContext, tab: Tab | None, data: Any, target_origin: str) -> None:
        """Post a message to the page: to the opener of a window, or to the parent of a frame."""
        receiver = sender.opener or sender.parent
        if receiver is None:
            return
        foreign = not is_same(sender.origin, receiver.origin)
        try:
            delivered = reaches(target_origin, sender=sender.origin, receiver=receiver.origin)
        except TargetOriginError:
            return  # the script threw: nothing was posted
        if tab is not None and tab.name is not None and sender.opener is not None and foreign:
            self.observer.posted(tab.name, sender.origin, data, target_origin)
        if delivered:
            origin, opened = sender.origin, tab is not None and tab in self.popups
            self.tasks.soon(lambda: self._deliver(sender, data, origin, opened=opened))

    def _deliver(self, sender: BrowsingContext, data: Any, origin: str, *, opened: bool) -> None:
        self.observer.received(data, origin, "popup" if opened else "other")
        message = Message(data, origin, self.reference(sender))
        if self.listening:
            self._page.hear(message)
        self.observer.read(message.read())

    def _run_script(self, tab: Tab) -> None:
        if not tab.closed:
            self._script(self, tab, tab.context)

    def _show(self, context: BrowsingContext, answer: Answer, policy: OpenerPolicy) -> None:
        if answer.refused is not None:
            self.observer.refused(answer.refused)
        if answer.status is None:
            context.document, context.origin, context.policy = Document(_ERROR_PAGE), OPAQUE, OpenerPolicy()
            return
        html = answer.text if "html" in answer.headers.get("content-type", "") else ""
        context.document = Document(answer.url, answer.status, html)
        context.origin, context.policy = origin_of_document(answer), policy


#: What a document of the stub's does, in a window, or, where there is none, in a frame.
DocumentScript = Callable[[Windows, Tab | None, BrowsingContext], None]
