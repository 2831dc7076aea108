"""Windows as the HTML Standard defines them: a tab shows browsing contexts, one after another, each in a group.

A page that opened a window holds a reference to its browsing context. A navigation that leaves the group gives the tab
a new browsing context, so that the reference reads ``closed`` though the tab is still there (§7.1.3.2).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from oauth_window_harness.drivers.mock.documents import Document
from oauth_window_harness.drivers.mock.opener_policy import OpenerPolicy
from oauth_window_harness.drivers.mock.origins import OPAQUE

BLANK = "about:blank"


@dataclass(eq=False)
class BrowsingContext:
    """What a script's reference to a window points to; compared by identity, as in scripts.

    Attributes:
        opener: the context that opened it, as ``window.opener`` gives it.
        parent: the context that a frame is in.
        origin: the origin of the document that it shows.
        policy: the opener policy of that document, if it is a top-level one.
        closed: what a script that has a reference reads from ``window.closed``.
    """

    opener: BrowsingContext | None = None
    parent: BrowsingContext | None = None
    document: Document = field(default_factory=lambda: Document(BLANK))
    origin: str = OPAQUE
    policy: OpenerPolicy = OpenerPolicy()  # noqa: RUF009 - frozen
    closed: bool = False

    def discard(self) -> None:
        """Close the context and release its document, whose memory the garbage collector does not see."""
        self.closed = True
        self.document = Document(BLANK)

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been loaded in it yet."""
        return self.document.url == BLANK


@dataclass(eq=False)
class Tab:
    """One window, as the user sees it.

    Attributes:
        name: its name in the journal; None for an intruder's window, which the journal leaves out.
        context: the browsing context that it shows now.
        closed: whether the window is closed.
    """

    name: str | None
    context: BrowsingContext
    closed: bool = False

    def leave_group(self) -> None:
        """Show a new browsing context in a group of its own; references to the old one read it as closed."""
        self.context.discard()
        self.context = BrowsingContext()

    def close(self) -> None:
        """Close the window."""
        self.closed = True
        self.context.discard()
