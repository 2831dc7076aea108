"""How long index.html of a thousand plays takes to be written and to be opened, and how large it is.

The plays are those of one run of all scenarios without a browser, each so many times that they are a thousand. It is
opened in a browser until it is loaded, with its script run. Also runs alone.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from playwright.async_api import async_playwright

from oauth_window_harness.drivers.playwright.launch import launch
from oauth_window_harness.reports.html import HTML, html_report
from oauth_window_harness.results.causes import causes_of
from oauth_window_harness.results.diagram_text import read_steps
from oauth_window_harness.results.events import RunEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import Results, summarize
from oauth_window_harness.results.results_file import read_results

PLAYS = 1000


def main(rounds: int = 3) -> None:
    """Print the rows of the table."""
    with tempfile.TemporaryDirectory(prefix="oauth-window-report-") as scratch:
        source, target = Path(scratch, "run"), Path(scratch, "thousand")
        command = ["oauth-window", "run", "--driver", "mock", "--output", str(source)]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env={**os.environ, "TERM": "dumb"})
        results = read_results(source, "run it again")
        written = [write(source, target, results) for _ in range(rounds)]
        opened = [asyncio.run(open_page(target / HTML)) for _ in range(rounds)]
        size = (target / HTML).stat().st_size / 1e6
    print(f"| index.html of {PLAYS} plays: written in | {statistics.median(written):.1f} s | ≤ 5 s |")
    print(f"| its size | {size:.1f} MB | ≤ 20 MB |")
    print(f"| opened, until it is loaded | {statistics.median(opened):.1f} s | none |", flush=True)


def write(source: Path, target: Path, results: Results) -> float:
    """Write the report of a thousand plays, and return how long that took, in seconds."""
    plays, diagrams = [], {}
    for number, result in enumerate(islice(cycle(results.scenarios), PLAYS)):
        plays.append(result.model_copy(update={"repeat": number // len(results.scenarios) + 1}))
        diagrams[plays[-1].key] = read_steps(source / (result.artifacts.diagram or ""))
    again = ["oauth-window", "run"]
    thousand = results.model_copy(
        update={
            "scenarios": tuple(plays),
            "summary": summarize(tuple(plays)),
            "causes": causes_of(plays, again),
        }
    )
    began = time.perf_counter()
    html_report(ArtifactFolder(target), diagrams)(RunEnded(thousand, again))
    return time.perf_counter() - began


async def open_page(file: Path) -> float:
    """Return how long a browser takes to open a page, in seconds."""
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        page = await browser.new_page()
        began = time.perf_counter()
        await page.goto(file.as_uri())
        await page.evaluate("new Promise(requestAnimationFrame)")
        taken = time.perf_counter() - began
        await browser.close()
    return taken


if __name__ == "__main__":
    main()
