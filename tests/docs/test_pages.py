"""The pages say what is so: their tables hold every option, their help is the real one, their links lead somewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from oauth_window_harness.findings.causes import CAUSES
from oauth_window_harness.pytest.plugin import OPTIONS
from oauth_window_harness.scenario import catalog
from tests.options import COMMANDS, options
from tests.pages import LINKED, PAGES, README, anchors, blocks, headings, links, table, tokens
from tests.paths import ROOT

INDEX = PAGES["docs/README.md"]


def test_the_readme_is_a_front_page() -> None:
    """It is short, and whatever else there is to read is a page that it leads to."""
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 200
    assert "Quick start" in headings(README)
    assert set(PAGES) - {"README.md"} <= set(links(tokens(README)))


def test_the_index_names_every_page() -> None:
    assert {f"docs/{goal}" for goal in links(tokens(INDEX))} >= set(PAGES) - {"README.md", "docs/README.md"}


def test_the_quick_start_is_two_commands_each_in_a_block_of_its_own() -> None:
    quick = [block for block in blocks("README.md") if block.heading == "Quick start"]
    assert [(block.language, block.text) for block in quick] == [("sh", "./ci/demo\n"), ("sh", "./ci/test\n")]
    assert all(os.access(ROOT / block.text.strip(), os.X_OK) for block in quick)


@pytest.mark.parametrize("name", [name for name, command in COMMANDS.items() if options(command)])
def test_every_option_is_documented(name: str) -> None:
    """A command's table holds its options and no others; a command without one has them in the text."""
    text = "\n".join(file.read_text(encoding="utf-8") for file in PAGES.values()).replace("\\|", "|")
    wanted = options(COMMANDS[name])
    missing = [option for option in wanted if not re.search(rf"`[^`\n]*{re.escape(option)}(?![\w-])[^`\n]*`", text)]
    assert missing == []
    documented = [option for row in table(f"option of `{name}`") for option in re.findall(r"`(--[^`]+)`", row[0])]
    if documented:
        assert sorted(documented) == sorted(wanted)


@pytest.mark.parametrize("name", ["run", "serve", "record", "verify"])
def test_a_command_with_many_options_has_a_table_of_them_on_a_page_of_its_name(name: str) -> None:
    assert table(f"option of `{name}`")
    assert f"| option of `{name}` |" in PAGES[f"docs/{name}.md"].read_text(encoding="utf-8")


def test_every_option_of_pytest_is_documented() -> None:
    documented = [row[0] for row in table("option of `pytest`")]
    assert documented == [f"`{f'--oauth-window-{name} {value}'.rstrip()}`" for name, value, _help in OPTIONS]


def test_the_findings_are_those_that_there_are() -> None:
    documented = {row[0].strip("`"): (row[1], row[2]) for row in table("code")}
    assert list(documented) == list(CAUSES)
    assert documented == {code: (cause.severity, cause.message) for code, cause in CAUSES.items()}


def test_the_scenarios_are_those_that_there_are() -> None:
    documented = {row[0].strip("`"): set(re.findall(r"`([^`]+)`", row[1])) for row in table("group")}
    groups: dict[str, set[str]] = {}
    for scenario in catalog.bundled_scenarios().values():
        groups.setdefault(scenario.tags[0], set()).add(scenario.name)
    assert documented == groups


@pytest.mark.parametrize("page", LINKED)
def test_links_lead_somewhere(page: str) -> None:
    """A file that a link names exists, and so does the heading."""
    missing = [goal for goal in links(tokens(LINKED[page])) if not _leads_somewhere(LINKED[page], goal)]
    assert missing == []


def _leads_somewhere(page: Path, goal: str) -> bool:
    if goal.startswith("https://"):
        return True
    path, _, anchor = goal.partition("#")
    file = (page.parent / path).resolve() if path else page
    return file.is_relative_to(ROOT) and file.exists() and (not anchor or anchor in anchors(file))


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_an_inner_module(page: str) -> None:
    """Users import public names from the package itself."""
    text = PAGES[page].read_text(encoding="utf-8")
    assert re.findall(r"(?:oauth_window_harness|harness)\.[a-z_]+\b|(?:from|import) harness\b", text) == []


@pytest.mark.browser
@pytest.mark.process
def test_picture_and_help_are_what_the_program_shows() -> None:
    """`ci/pages` writes them anew."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "ci" / "pages.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"run ci/pages\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("name", ["report-wide.png", "report-five.png", "report-narrow.png"])
def test_the_pictures_of_the_report_are_small(name: str) -> None:
    assert (ROOT / "docs" / name).stat().st_size < 150_000


def test_the_picture_asks_no_server_and_runs_no_script() -> None:
    drawn = (ROOT / "fixtures" / "report.svg").read_text(encoding="utf-8")
    assert not re.search(r"<script|<foreignObject|@import|@font-face|href|url\((?!#)", drawn)
