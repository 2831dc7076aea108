"""Writes the parts of the documentation that show the program: the pictures of a run, the help, pytest's options."""

from __future__ import annotations

import asyncio
import contextlib
import html
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from werkzeug import Request, Response

from oauth_window_harness.__main__ import help_file
from oauth_window_harness.findings.mends import lines_of
from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.pytest.plugin import OPTIONS
from oauth_window_harness.reports.html import HTML, html_report
from oauth_window_harness.reports.terminal import terminal_report
from oauth_window_harness.results.events import RunEnded, RunEvent, RunStarted
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.run.session import run
from oauth_window_harness.scenario import catalog
from pictures import DURATION, View, is_old, pictures

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "fixtures" / "report.svg"

#: The pictures of the report of the same run.
VIEWS = {
    ROOT / "docs" / "report-wide.png": View(1280, 0, "light"),
    ROOT / "docs" / "report-narrow.png": View(390, 900, "dark"),
}

#: The picture of the report of a page with five mistakes: their list, and the first of them as far as it goes.
FIVE_VIEWS = {ROOT / "docs" / "report-five.png": View(1280, 900, "light")}

SHOWN = "http://localhost:3000/settings"
BEGAN = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)

#: The rules by which the SVG would load a font from a server; a picture in a repository loads nothing.
_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


class Shown(NamedTuple):
    """What is played for a picture: the text of a page, scenarios, and how the outcomes show."""

    page: str
    scenarios: Sequence[str]
    connected: str | None = None
    failed: str | None = None


def one_mistake() -> Shown:
    """Return a page that reports failures in the console only, where its user does not look."""
    app = ROOT / "fixtures" / "apps" / "console-only-error-spinner" / "index.html"
    return Shown(app.read_text(encoding="utf-8"), ("account-200", "account-401"))


def five_mistakes() -> Shown:
    """Return the page of docs/agents.md without the three mistakes that hide others behind them."""
    text = (ROOT / "fixtures" / "agent" / "index.html").read_text(encoding="utf-8")
    for code in ("start-path-unknown", "follow-up-path-unknown", "authorization-malformed"):
        lines = lines_of(code)
        assert lines is not None
        assert lines.before in text, code
        text = text.replace(lines.before, lines.after)
    scenarios = ["account-200", "account-401", "event-page-underscore", "event-other-platform"]
    scenarios += ["forged-lookalike-prefix"]
    return Shown(text, scenarios, "text=Connected", "text=could not be linked")


class _Terminal(io.StringIO):
    """A stream that says that it is a terminal; without one, lines are not fitted to the picture's width."""

    def isatty(self) -> bool:
        return True


def main() -> int:
    """Write the parts, or with ``--check`` compare them; return the exit code."""
    check = "--check" in sys.argv[1:]
    written = {**pages(), help_file(): usage()}
    stale = {
        file: text for file, text in written.items() if not file.exists() or file.read_text(encoding="utf-8") != text
    }
    with tempfile.TemporaryDirectory() as folder:
        svg = asyncio.run(picture(Path(folder), one_mistake()))
        drawn = asyncio.run(pictures(Path(folder, HTML), VIEWS))
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        # The page has no file in the repository: the places in its report are in the one that it has here.
        five = five_mistakes()
        Path("settings.html").write_text(five.page, encoding="utf-8")
        asyncio.run(picture(Path("report"), five))
        drawn |= asyncio.run(pictures(Path(folder, "report", HTML), FIVE_VIEWS))
    if _words(svg) != _words(PICTURE.read_text(encoding="utf-8") if PICTURE.exists() else ""):
        stale[PICTURE] = svg
    contents = {file: text.encode() for file, text in stale.items()}
    contents |= {file: picture for file, picture in drawn.items() if is_old(file, picture)}
    for file, content in contents.items():
        print(f"{'differs' if check else 'written'}: {file.relative_to(ROOT)}")
        if not check:
            file.write_bytes(content)
    return 1 if check and contents else 0


def pages() -> dict[Path, str]:
    """Return the pages of the documentation, with the parts that the program writes as they should be.

    A part stands between two comments with its name: ``<!-- help -->`` and ``<!-- /help -->``.
    """
    parts = {"help": f"```text\n{usage()}```\n", "options": options()}
    texts = {file: file.read_text(encoding="utf-8") for file in (ROOT / "docs").rglob("*.md")}
    for name, part in parts.items():
        begin = f"<!-- {name} -->\n"
        (file,) = [file for file, text in texts.items() if begin in text]
        before, _, rest = texts[file].partition(begin)
        texts[file] = f"{before}{begin}{part}{rest[rest.index(f'<!-- /{name} -->') :]}"
    return texts


async def picture(folder: Path, shown: Shown) -> str:
    """Play scenarios on a page that fails some, write index.html, and return what the terminal shows as SVG."""
    console = Console(
        record=True, width=128, file=_Terminal(), force_terminal=True, force_interactive=False, highlight=False
    )
    again = ["oauth-window", "run", "--app", SHOWN]
    again += ["--connected", shown.connected] if shown.connected else []
    again += ["--failed", shown.failed] if shown.failed else []
    title = shlex.join(again)
    listeners = [terminal_report(console, "oauth-window-report"), html_report(ArtifactFolder(folder))]

    def listen(event: RunEvent) -> None:
        # The pictures show an address such as their readers use, not the one of this run; and no day, no version.
        if isinstance(event, RunStarted):
            event = replace(event, app=SHOWN, browser="chromium")
        elif isinstance(event, RunEnded):
            plain = {"app": SHOWN, "browser": None, "started_at": BEGAN, "command": title}
            event = replace(event, results=event.results.model_copy(update=plain))
        for listener in listeners:
            listener(event)

    def answer(_request: Request) -> Response:
        return Response(shown.page, content_type="text/html")

    with LoopbackServer(answer) as server:
        options = RunOptions(
            app=server.url_for("/"), connected=shown.connected, failed=shown.failed, patience=2, output=folder
        )
        await run(catalog.select(shown.scenarios), options, ArtifactFolder(folder), [listen], again)
    return _FONT.sub("", console.export_svg(title=title, unique_id="report")) + "\n"


def usage() -> str:
    """Return what ``oauth-window --help`` prints on a terminal of eighty columns."""
    environment = {**os.environ, "COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"}
    script = "import sys; sys.argv[0] = 'oauth-window'; from oauth_window_harness.cli import main; main()"
    output = subprocess.run(
        [sys.executable, "-c", script, "--help"], env=environment, capture_output=True, text=True, check=True
    ).stdout
    return "\n".join(line.rstrip() for line in output.splitlines()).strip("\n") + "\n"


def options() -> str:
    """Return the table of pytest's own options."""
    named = [(f"{name}{metavar and f' {metavar}'}".replace("|", "\\|"), text) for name, metavar, text in OPTIONS]
    rows = [f"| `--oauth-window-{option}` | {text} |" for option, text in named]
    return "\n".join(["| option of `pytest` | meaning |", "|---|---|", *rows]) + "\n"


def _words(svg: str) -> list[str]:
    """Return the texts of a picture, without the durations in them."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", svg, re.DOTALL)
    plain = [html.unescape(text).replace("\xa0", " ").strip() for text in texts]
    return [re.sub(DURATION, "", text) for text in plain]


if __name__ == "__main__":
    sys.exit(main())
