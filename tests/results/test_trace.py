"""A trace as it is kept: no secret in any of its files, and still one that Playwright's viewer reads."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from oauth_window_harness.redact import MASK, Redactor
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.trace import mask_trace

#: A secret that is known by nothing but where it stands.
OPAQUE = "q9LmOpaque7Zz"
#: One that the run knows.
KNOWN = "known-to-the-run"

PICTURE = b"\xff\xd8\xff\xe0 a picture"


def trace_of(folder: Path, files: dict[str, bytes]) -> Path:
    file = folder / "raw.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file


def masked(folder: Path, files: dict[str, bytes], *secrets: str) -> dict[str, bytes]:
    """Return the files of a trace as it is kept."""
    goal = folder / "kept" / "trace.zip"
    mask_trace(trace_of(folder, files), goal, Redactor(secrets))
    with zipfile.ZipFile(goal) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def line_of(value: dict[str, Any]) -> bytes:
    return f"{json.dumps(value)}\n".encode()


def entry(**request: Any) -> bytes:
    return line_of({"type": "resource-snapshot", "snapshot": {"request": request}})


def pair(name: str, value: str = OPAQUE) -> list[dict[str, str]]:
    return [{"name": name, "value": value}]


@pytest.mark.parametrize(
    "content",
    [
        entry(headers=pair("Authorization")),
        entry(headers=pair("Authorization", f"Bearer {OPAQUE}")),
        entry(headers=pair("Cookie")),
        entry(headers=pair("X-Of-The-App-Alone")),
        entry(cookies=pair("theme")),
        entry(queryString=pair("code")),
        entry(queryString=pair("access_token")),
        entry(url=f"https://a.test/cb?code={OPAQUE}&state=1"),
        entry(postData={"text": json.dumps({"refreshToken": OPAQUE, "password": OPAQUE})}),
        entry(postData={"text": f"page=1&token={OPAQUE}", "params": pair("token")}),
        line_of({"type": "context-options", "options": {"storageState": {"cookies": pair("theme")}}}),
        line_of({"params": {"arg": {"value": {"o": [{"k": "password", "v": {"s": OPAQUE}}]}}}}),
        line_of({"snapshot": {"html": ["INPUT", {"type": "password", "__playwright_value_": OPAQUE}]}}),
        line_of({"snapshot": {"html": ["P", {}, ["INPUT", {"type": "hidden", "name": "a", "value": OPAQUE}]]}}),
        line_of({"snapshot": {"html": ["META", {"name": "csrf-token", "content": OPAQUE}]}}),
        line_of({"text": f"Authorization: Bearer {OPAQUE}"}),
        f"no JSON, of Bearer {OPAQUE}".encode(),
    ],
)
@pytest.mark.parametrize("name", ["trace.trace", "trace.network"])
def test_a_line_of_a_trace_has_no_secret(tmp_path: Path, name: str, content: bytes) -> None:
    (line,) = masked(tmp_path, {name: content}).values()
    assert OPAQUE.encode() not in line
    assert MASK.encode() in line or b"options" in line


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"deep": [{"access_token": OPAQUE}]}),
        f"grant=1&client_secret={OPAQUE}",
        f"<p><input value='{OPAQUE}' type=hidden></p>",
        f'<meta name="csrf-token" content="{OPAQUE}">',
        f"fetch('/x', {{headers: {{Authorization: 'Bearer {OPAQUE}'}}}})",
    ],
)
def test_a_body_has_no_secret(tmp_path: Path, body: str) -> None:
    for encoding in ("utf-8", "latin-1"):
        files = masked(tmp_path, {"resources/1.dat": f"{body} \xe4".encode(encoding) if "<" in body else body.encode()})
        assert OPAQUE.encode() not in files["resources/1.dat"]


def test_what_a_request_has_sent_as_its_credential_is_masked_wherever_else_it_stands(tmp_path: Path) -> None:
    files = {
        "resources/1.json": f'{{"you": "{OPAQUE}"}}'.encode(),
        "trace.trace": line_of({"text": f"I am {OPAQUE} and {KNOWN}"}),
        "trace.network": entry(headers=pair("authorization")),
    }
    for content in masked(tmp_path, files, KNOWN).values():
        assert OPAQUE.encode() not in content
        assert KNOWN.encode() not in content


def test_what_nobody_can_search_is_left_out_and_pictures_are_kept(tmp_path: Path) -> None:
    files = {
        "screencast/page@1.jpeg": PICTURE,
        "resources/1.dat": b"a\x00b",
        "resources/2.dat": b"a" * 2_000_001,
        "trace.stacks": b'{"files": ["/home/jane/x.py"]}',
    }
    kept = masked(tmp_path, files)
    assert kept == {
        "screencast/page@1.jpeg": PICTURE,
        "resources/1.dat": b"<left out>",
        "resources/2.dat": b"<left out>",
    }


def test_what_a_viewer_needs_stays_as_it_is(tmp_path: Path) -> None:
    events: list[dict[str, Any]] = [
        {"version": 10, "type": "context-options", "browserName": "chromium", "options": {"viewport": {"width": 1}}},
        {"type": "screencast-frame", "pageId": "page@30d7b81a", "file": "screencast/page@30d7b81a-1.jpeg"},
        {"type": "before", "callId": "call@1", "params": {"state": "attached", "selector": "[data-testid=connect]"}},
        {"snapshot": {"response": {"content": {"_sha1": "093bb1d6.json"}, "headers": pair("Content-Type", "a/b")}}},
        {"snapshot": {"html": ["HTML", {"lang": "en"}, ["BODY", {}, [2, 63], "\u2028 a text"]]}},
    ]
    (content,) = masked(tmp_path, {"trace.trace": b"".join(map(line_of, events))}).values()
    assert [json.loads(line) for line in content.decode().split("\n") if line] == events


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06"])
def test_a_broken_trace_leaves_nothing_behind(tmp_path: Path, content: bytes) -> None:
    raw, goal = tmp_path / "raw.zip", tmp_path / "kept" / "trace.zip"
    raw.write_bytes(content)
    with pytest.raises(OSError, match="zip"):
        mask_trace(raw, goal, Redactor())
    assert list(goal.parent.iterdir()) == []


def test_what_is_learned_as_a_secret_later_is_masked_in_a_trace_that_is_there(tmp_path: Path) -> None:
    folder, redactor = ArtifactFolder(tmp_path / "report"), Redactor()
    play = folder.folder("account-200", None)
    mask_trace(trace_of(tmp_path, {"trace.trace": line_of({"text": OPAQUE})}), play.trace, redactor)
    redactor.learn(OPAQUE)
    folder.mask(redactor)
    with zipfile.ZipFile(play.trace) as archive:
        assert OPAQUE.encode() not in archive.read("trace.trace")
    assert play.artifacts().trace == "scenarios/account-200/trace.zip"
