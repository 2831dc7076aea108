"""The reports of a page's frames are told as what happens in one page."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from oauth_window_harness.drivers.playwright.frames import AppFrames, is_of_page
from oauth_window_harness.journal.events import (
    DocumentLoaded,
    Event,
    ListenersChanged,
    MessageReceived,
    TextShown,
    WindowOpenCalled,
)
from oauth_window_harness.redact import Redacted
from oauth_window_harness.scenario import intrusion


@dataclass(eq=False)
class FakeFrame:
    """A frame as Playwright gives it."""

    url: str = "http://app.test/"
    parent_frame: FakeFrame | None = None

    def is_detached(self) -> bool:
        return False


@dataclass
class FakePage:
    """A page with a frame of its own origin and one of another."""

    main_frame: FakeFrame = field(default_factory=FakeFrame)

    def __post_init__(self) -> None:
        self.inner = FakeFrame("http://app.test/widget", self.main_frame)
        self.foreign = FakeFrame("http://other.test/", self.main_frame)
        self.frames = [self.main_frame, self.inner, self.foreign]


def listens(count: int) -> Event:
    return ListenersChanged(at=1.0, window="app", count=count)


def receives() -> Event:
    return MessageReceived(at=3.0, window="app", data={}, origin=Redacted("null"), source="popup")


def calls_open() -> Event:
    return WindowOpenCalled(
        at=2.0, window="app", url=Redacted("/"), target=Redacted(""), features=Redacted(""), returned=True, active=True
    )


def says(text: str) -> TextShown:
    return TextShown(at=1.0, window="app", text=Redacted(text))


@pytest.fixture
def page() -> FakePage:
    return FakePage()


@pytest.fixture
def frames(page: FakePage) -> AppFrames:
    frames = AppFrames()
    frames.follow(page)
    return frames


def test_listeners_and_messages_are_those_of_the_frame_that_opens_the_window(frames: AppFrames, page: FakePage) -> None:
    assert list(frames.admit(page.main_frame, listens(2))) == [listens(2)]
    assert list(frames.admit(page.inner, listens(1))) == []
    called, listening = frames.admit(page.inner, calls_open())
    assert isinstance(called, WindowOpenCalled)
    assert isinstance(listening, ListenersChanged)
    assert listening.count == 1
    assert list(frames.admit(page.inner, receives())) == [receives()]
    assert list(frames.admit(page.main_frame, receives())) == []


def test_before_the_click_the_frame_of_the_control_counts_if_it_listens(frames: AppFrames, page: FakePage) -> None:
    assert not frames.choose(page.main_frame)
    assert frames.choose(page.inner)
    list(frames.admit(page.main_frame, listens(1)))
    assert frames.opener() is page.main_frame
    list(frames.admit(page.inner, listens(1)))
    assert frames.opener() is page.inner


def test_what_frames_show_is_one_text(frames: AppFrames, page: FakePage) -> None:
    list(frames.admit(page.foreign, says("inside")))
    (told,) = frames.admit(page.main_frame, says("outside"))
    assert isinstance(told, TextShown)
    assert told.text == "outside\ninside"


def test_a_document_in_a_frame_is_no_navigation_of_the_page(frames: AppFrames, page: FakePage) -> None:
    loaded = DocumentLoaded(at=1.0, window="app", url=Redacted("/widget"), has_opener=False)
    assert list(frames.admit(page.inner, loaded)) == []
    assert list(frames.admit(page.main_frame, loaded)) == [loaded]


def test_a_frame_of_another_origin_is_the_apps_own_only_if_it_opens_the_window(
    frames: AppFrames, page: FakePage
) -> None:
    assert frames.is_own(page.inner)
    assert not frames.is_own(page.foreign)
    frames.choose(page.foreign)
    assert frames.is_own(page.foreign)


@pytest.mark.parametrize(
    "url", [f"http://attacker.example{intrusion.PATH}?n=1", "chrome-error://chromewebdata/"], ids=["intruder", "error"]
)
def test_an_intruder_and_an_error_page_are_no_frames_of_the_page(page: FakePage, url: str) -> None:
    assert not is_of_page(FakeFrame(url, page.main_frame))
