"""The windows of a suite's pages, read off what the documents in them report: no driver says which window is which."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from oauth_window_harness.contract import rules
from oauth_window_harness.drivers.observer import script
from oauth_window_harness.journal import events
from oauth_window_harness.journal.page_events import PolicyViolated
from oauth_window_harness.redact import Redacted, Redactor
from oauth_window_harness.serve.documents import Document

#: How much later than its successor began a document may report that it ends: they are of different processes.
_LATE = 2.0
_EMPTY = "about:blank"
_OWN_CALLS = "/__harness/"


@dataclass
class _Window:
    """A window that the page opened, and its documents."""

    name: str
    documents: list[Document] = field(default_factory=list)


@dataclass(frozen=True)
class Windows:
    """The documents of a key, by the windows in which they were shown.

    Attributes:
        app: the documents of the page under test, frames included.
        popups: the windows that it opened, in the order of their opening.
    """

    app: tuple[Document, ...]
    popups: tuple[_Window, ...]

    @classmethod
    def of(cls, documents: Sequence[Document]) -> Windows:
        """Sort documents, which come in the order of their beginning, by their windows."""
        app: list[Document] = []
        popups: list[_Window] = []
        for document in documents:
            if document.frame or not _is_in_popup(document, app, popups):
                app.append(document)
            else:
                if not popups or _is_new(document, popups[-1], app):
                    popups.append(_Window(f"popup-{len(popups) + 1}"))
                popups[-1].documents.append(document)
        return cls(tuple(_without_other_tabs(app)), tuple(popups))

    def last_sign(self) -> float:
        """Return the moment of the last report of the page under test; minus infinity if there is none."""
        return max((document.last for document in self.app), default=float("-inf"))

    def events(self, redactor: Redactor) -> list[events.Event]:
        """Return what was reported, as events, with all that came from a page redacted; in no particular order."""
        return [
            *_of_app(self.app, redactor),
            *(event for popup in self.popups for event in _of_popup(popup, redactor)),
            *_closings(self.app, self.popups),
            *_policies(self.app, self.popups, redactor),
        ]


def _moments(document: Document, kind: str) -> list[float]:
    return [_at(report) for report in document.reports() if report.get("kind") == kind]


def _at(report: dict[str, Any]) -> float:
    return float(report["at"]) / 1000


def _is_in_popup(document: Document, app: Sequence[Document], popups: Sequence[_Window]) -> bool:
    """Return whether a document that is in no frame is in a window that the page opened.

    Without an opener it is, if it is the service's, unless the page itself went there.
    """
    if document.opener:
        return True
    if urlsplit(document.url).hostname not in (*rules.PRODUCTION_HOSTS, rules.LOCAL_FACEBOOK):
        return False
    return bool(popups) or _lives(document, app)


def _lives(document: Document, app: Sequence[Document]) -> bool:
    """Return whether the page is still there when a document is shown, so that it is not shown in its place."""
    pages = [one for one in app if not one.frame]
    opening = [one for one in pages if _moments(one, "asked")] or pages[-1:]
    return any(not any(at <= document.born + _LATE for at in _moments(one, "left")) for one in opening)


def _is_new(document: Document, before: _Window, app: Sequence[Document]) -> bool:
    """Return whether a document is the first of a window: its history is new, and the page has opened one since."""
    first = before.documents[0]
    if document.length > 1 or all(one.url == _EMPTY for one in before.documents):
        return False
    opened = [at for one in app for kind in ("asked", "clicked") for at in _moments(one, kind)]
    return any(first.born < at <= document.born + _LATE for at in opened)


def _without_other_tabs(app: Sequence[Document]) -> Iterator[Document]:
    """Yield the documents of the tab whose document has opened a window, where one has; else all."""
    opener = next((one for one in reversed(app) if _moments(one, "asked")), None)
    if opener is None or opener.frame:
        yield from app
        return
    ends = opener.last
    for document in app:
        overlaps = document.born <= ends and document.last >= opener.born
        if document is opener or document.frame or not overlaps or document.last <= opener.born + _LATE:
            yield document


def _of_app(documents: Sequence[Document], redactor: Redactor) -> Iterator[events.Event]:
    """Yield the events of the page: its messages and listeners are those of the document that opened the window."""
    opener = next((one for one in reversed(documents) if _moments(one, "asked")), None)
    main_origins = {_origin(one.url) for one in documents if not one.frame}
    texts: dict[str, Redacted] = {}
    for document, report in _in_order(documents):
        event = script.event_of(json.dumps(report), "app", redactor)
        if event is None or (isinstance(event, PolicyViolated) and _OWN_CALLS in event.blocked):
            continue
        hears = document is opener or (not document.frame and not (opener is not None and opener.frame))
        match event:
            case events.DocumentLoaded():
                if not document.frame:
                    texts.clear()
                    yield event
            case events.TextShown():
                texts[document.id] = event.text
                yield replace(event, text=Redacted("\n".join(filter(None, texts.values()))))
            case events.MessageReceived() | events.MessageRead() | events.ListenersChanged():
                if hears:
                    yield event
            case _ if not document.frame or document is opener or _origin(document.url) in main_origins:
                yield event


def _in_order(documents: Sequence[Document]) -> list[tuple[Document, dict[str, Any]]]:
    rows = [(document, report) for document in documents for report in document.reports()]
    return sorted(rows, key=lambda row: _at(row[1]))


def _of_popup(popup: _Window, redactor: Redactor) -> Iterator[events.Event]:
    yield events.WindowOpened(at=popup.documents[0].born, window=popup.name)
    for document in popup.documents:
        for report in document.reports():
            event = script.event_of(json.dumps(report), popup.name, redactor)
            if event is not None:
                yield event


def _closings(app: Sequence[Document], popups: Sequence[_Window]) -> Iterator[events.Event]:
    """Yield the closing of each window: a script's, or, where the page only found it closed, the user's.

    A window without an opener reads closed while it is open.
    """
    gone = sorted(at for document in app for at in _moments(document, "gone"))
    ends = [*(popup.documents[0].born for popup in popups[1:]), float("inf")]
    for popup, ended in zip(popups, ends, strict=False):
        by_script = [at for document in popup.documents if document.opener for at in _moments(document, "closing")]
        begun = popup.documents[0].born
        by_script += [at for document in app for at in _moments(document, "closing") if begun <= at < ended]
        last = max(document.last for document in popup.documents)
        found = next((at for at in gone if at >= last - _LATE), None)
        if by_script:
            yield events.WindowClosed(at=min(by_script), window=popup.name, by="script")
        elif found is not None and all(document.opener for document in popup.documents):
            yield events.WindowClosed(at=found, window=popup.name, by="user")


def _policies(app: Sequence[Document], popups: Sequence[_Window], redactor: Redactor) -> Iterator[events.Event]:
    """Yield the page's own policy that cut a window of the service's: it reads closed, and shows documents after that.

    No script sees the header itself; one that removes the opener leaves the window readable.
    """
    gone = [(document, at) for document in app for at in _moments(document, "gone")]
    for popup in popups:
        shown = [document for document in popup.documents if document.url != _EMPTY]
        found = next(((one, at) for one, at in gone if shown and at < shown[-1].last), None)
        if found is not None and not shown[0].opener and urlsplit(shown[0].url).hostname in rules.PRODUCTION_HOSTS:
            page, at = found
            yield events.OpenerPolicySeen(
                at=at, window="app", url=redactor.text(page.url), policy=redactor.text("same-origin")
            )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
