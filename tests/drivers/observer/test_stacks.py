"""The stacks of the engines, read into frames."""

from __future__ import annotations

import pytest

from oauth_window_harness.drivers.observer.stacks import stack_of
from oauth_window_harness.journal.scripts import Frame
from oauth_window_harness.redact import Redacted, Redactor

APP = "http://127.0.0.1:3000/app.js"


def frames(text: object) -> list[tuple[str, int, int]]:
    return [(frame.url, frame.line, frame.column) for frame in stack_of(text, Redactor())]


@pytest.mark.parametrize(
    ("line", "frame"),
    [
        # V8.
        (f"    at open ({APP}:4:52)", (APP, 4, 52)),
        (f"    at {APP}:4:52", (APP, 4, 52)),
        ("    at async Promise.all (index 0)", None),
        (f"    at async HTMLButtonElement.go ({APP}:6:20)", (APP, 6, 20)),
        (f"    at new Popup [as x] ({APP}?v=1:6:20)", (f"{APP}?v=1", 6, 20)),
        ("    at go (http://localhost:3000/(auth)/page.js:1:2)", ("http://localhost:3000/(auth)/page.js", 1, 2)),
        ("    at open (oauth-window-observer.js:40:7)", None),
        ("    at JSON.parse (<anonymous>)", None),
        (f"    at eval (eval at go ({APP}:1:2), <anonymous>:3:5)", None),
        ("    at eval (webpack-internal:///./src/a.ts:3:5)", None),
        ("    at chrome-extension://abc/content.js:1:2", None),
        # Firefox and WebKit.
        (f"go@{APP}:4:52", (APP, 4, 52)),
        (f"@{APP}:4:52", (APP, 4, 52)),
        (f"async*go/<@{APP}:4:52", (APP, 4, 52)),
        (f"{APP}:4:52", (APP, 4, 52)),
        ("go@http://localhost:5173/@fs/src/a.ts:4:52", ("http://localhost:5173/@fs/src/a.ts", 4, 52)),
        (f"anonymous@{APP} line 4 > Function:1:2", None),
        ("[native code]", None),
        ("promiseReactionJob@[native code]", None),
        # What a page makes of it.
        (f"    at open ({APP}:0:0)", None),
        (f"    at open ({APP}:99999999999:1)", None),
        ("    at open (http://[:1:2)", None),
        ("go@http://:1:2", None),
        ("TypeError: popup is null", None),
        ("", None),
    ],
)
def test_a_frame_is_read_from_a_line(line: str, frame: tuple[str, int, int] | None) -> None:
    assert frames(f"Error: no\n{line}") == ([] if frame is None else [frame])


def test_the_innermost_frame_comes_first_and_their_number_is_bounded() -> None:
    found = frames("\n".join(f"    at go ({APP}:{line}:1)" for line in range(1, 1000)))
    assert found[:2] == [(APP, 1, 1), (APP, 2, 1)]
    assert len(found) == 30


@pytest.mark.parametrize("text", [None, 7, {}, "x" * 1_000_000, "    at (" * 100_000, "@" * 100_000])
def test_what_is_no_stack_has_no_frames(text: object) -> None:
    assert frames(text) == []


def test_what_an_address_holds_of_secrets_is_masked() -> None:
    (frame,) = stack_of(f"go@{APP}?token=pit-00000000-0000-4000-8000-000000000000:1:2", Redactor())
    assert frame == Frame(Redacted(frame.url), 1, 2)
    assert "0000-4000" not in frame.url
