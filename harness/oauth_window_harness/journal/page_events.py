"""What the page under test ran into: answers to its own calls, what was blocked, what came instead of a window."""

from __future__ import annotations

from dataclasses import dataclass

from oauth_window_harness.journal.events import Event, SentBy
from oauth_window_harness.redact import Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAnswered(Event):
    """What came back to a call that the page made by fetch or XMLHttpRequest.

    Attributes:
        asked_at: the moment at which the page made the call.
        sent: the beginning of the body that was sent.
        status: the status of the answer, or None if none came.
        failure: why none came, in the browser's words; empty if one came.
        text: the beginning of an answer's body, where its status is 400 or higher, or where the app's own server
            answered with a little JSON that names no secret.
    """

    asked_at: float
    method: str
    url: Redacted
    sent: Redacted
    status: int | None
    failure: Redacted
    text: Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class CallForbidden(Event):
    """The browser kept a call or its answer from the page, because what was answered does not allow it (CORS).

    Attributes:
        reason: the browser's sentence.
        preflight: whether the preflight was refused, so that the call itself was never sent.
    """

    url: Redacted
    reason: Redacted
    preflight: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyViolated(Event):
    """The page's own Content-Security-Policy blocked something.

    Attributes:
        directive: the directive that was violated, for example ``connect-src``.
        blocked: the address that was blocked, or ``inline`` or ``eval``.
    """

    window: str
    directive: Redacted
    blocked: Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptNotLoaded(Event):
    """A ``<script>`` of the page did not load.

    Attributes:
        url: the address of its element; empty for an inline module.
        module: whether it is a module: then the file that did not load may be one that it imports.
        awaited: whether the page's other scripts may rely on it: it is not ``async``, as scripts that only count are.
    """

    url: Redacted
    module: bool
    awaited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptFailed(Event):
    """A request for a script of the page failed or was refused: of an element, or of an import."""

    url: Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class StillLoading(Event):
    """Nothing more was waited for, and a script of the page, or its document, had not come yet.

    Attributes:
        since: the moment at which it was asked for.
    """

    url: Redacted
    since: float

    def line(self) -> str:
        """Return it as a line of evidence."""
        return f"{self.url} had not come after {self.at - self.since:.1f} s"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReplaced(Event):
    """The user clicked, and ``window.open`` was another function than the browser's.

    Attributes:
        used: whether a script has then asked for that function.
    """

    window: str
    used: bool


@dataclass(frozen=True, slots=True)
class Control:
    """A control that can be seen and used: its text, and a selector that matches it."""

    text: Redacted
    selector: Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlsShown(Event):
    """The controls that the user can use have changed, or the page's dialogs have.

    Attributes:
        controls: all that can be seen and are enabled.
        dialogs: the first line of each dialog that is open.
    """

    window: str
    controls: tuple[Control, ...]
    dialogs: tuple[Redacted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HostUnreachable(Event):
    """Nothing answered at a host to which the gateway connects."""

    host: Redacted
    sent_by: SentBy


@dataclass(frozen=True, slots=True, kw_only=True)
class AppLogged(Event):
    """The app that the run started has written a line that tells of an error."""

    line: Redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestUnattributed(Event):
    """A request came that another play, which was played at the same time, may have caused as well as this one."""
