"""Writes the parts of the documentation that show the program: the picture of a run, the help, pytest's options."""

from __future__ import annotations

import asyncio
import html
import io
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from werkzeug import Request, Response

from oauth_window_harness.__main__ import help_file
from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.pytest.plugin import OPTIONS
from oauth_window_harness.reports.terminal import terminal_report
from oauth_window_harness.results.events import RunEvent, RunStarted
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.run.session import run
from oauth_window_harness.scenario import catalog

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "fixtures" / "report.svg"

#: The page in the picture: it reports failures in the console only, where its user does not look.
APP = ROOT / "fixtures" / "apps" / "console-only-error-spinner" / "index.html"
SHOWN = "http://localhost:3000/settings"
SCENARIOS = ("account-200", "account-401")

#: The rules by which the SVG would load a font from a server; a picture in a repository loads nothing.
_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)

#: A duration, which is another in every run.
_DURATION = re.compile(r"\d+ ms|\d+\.\d s|\d+ min \d+ s")


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
    svg = asyncio.run(picture())
    if _words(svg) != _words(PICTURE.read_text(encoding="utf-8") if PICTURE.exists() else ""):
        stale[PICTURE] = svg
    for file, text in stale.items():
        print(f"{'differs' if check else 'written'}: {file.relative_to(ROOT)}")
        if not check:
            file.write_text(text, encoding="utf-8")
    return 1 if check and stale else 0


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


async def picture() -> str:
    """Play two scenarios on a page that fails one, and return what the terminal shows as SVG."""
    console = Console(
        record=True, width=128, file=_Terminal(), force_terminal=True, force_interactive=False, highlight=False
    )
    report = terminal_report(console, "oauth-window-report")

    def listen(event: RunEvent) -> None:
        # The picture shows an address such as its readers use, not the one of this run.
        if isinstance(event, RunStarted):
            event = replace(event, app=SHOWN, browser="chromium")
        report(event)

    def answer(_request: Request) -> Response:
        return Response(APP.read_bytes(), content_type="text/html")

    with LoopbackServer(answer) as server, tempfile.TemporaryDirectory() as folder:
        options = RunOptions(app=server.url_for("/"), patience=2, output=Path(folder))
        again = ["oauth-window", "run", "--app", SHOWN]
        await run(catalog.select(SCENARIOS), options, ArtifactFolder(Path(folder)), [listen], again)
    title = f"oauth-window run --app {SHOWN}"
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
    rows = [f"| `--oauth-window-{name}{metavar and f' {metavar}'}` | {text} |" for name, metavar, text in OPTIONS]
    rows = [row.replace("playwright|mock", "playwright\\|mock") for row in rows]
    return "\n".join(["| option of `pytest` | meaning |", "|---|---|", *rows]) + "\n"


def _words(svg: str) -> list[str]:
    """Return the texts of a picture, without the durations in them."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", svg, re.DOTALL)
    plain = [html.unescape(text).replace("\xa0", " ").strip() for text in texts]
    return [_DURATION.sub("", text) for text in plain]


if __name__ == "__main__":
    sys.exit(main())
