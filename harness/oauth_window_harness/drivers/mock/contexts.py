"""Windows as the HTML Standard has them: a tab shows browsing contexts, one after another, each in a group.

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
    """What a script's reference to a window names; compared by identity, as scripts do.

    Attributes:
        opener: who opened it, as ``window.opener`` has it.
        parent: the context that a frame is in.
        origin: of the document that it shows.
        policy: of that document, at the top level.
        closed: as ``window.closed`` reads, to whoever has a reference.
    """

    opener: BrowsingContext | None = None
    parent: BrowsingContext | None = None
    document: Document = field(default_factory=lambda: Document(BLANK))
    origin: str = OPAQUE
    policy: OpenerPolicy = OpenerPolicy()  # noqa: RUF009 - frozen
    closed: bool = False

    def discard(self) -> None:
        """Show nothing any more; the document is let go of, for its memory is its parser's, not the collector's."""
        self.closed = True
        self.document = Document(BLANK)

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been loaded in it yet."""
        return self.document.url == BLANK


@dataclass(eq=False)
class Tab:
    """What the user sees as one window.

    Attributes:
        name: in the journal; None for an intruder's, of which the journal tells nothing.
        context: what it shows now.
        closed: whether it is gone.
    """

    name: str | None
    context: BrowsingContext
    closed: bool = False

    def leave_group(self) -> None:
        """Show another browsing context, in a group of its own; the old one is gone for whoever knew it."""
        self.context.discard()
        self.context = BrowsingContext()

    def close(self) -> None:
        """Be gone."""
        self.closed = True
        self.context.discard()
