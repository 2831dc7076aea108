"""pytest-playwright's fixture `connect_options`: windows and scenario files are played in a browser elsewhere."""

from __future__ import annotations

import inspect
import json

import pytest
from playwright.sync_api import BrowserType

from tests import suites
from tests.endpoints import chromium, playwright_server

pytest_plugins = ["pytester"]

pytestmark = pytest.mark.browser

#: The name of the address has changed between versions of Playwright.
_ADDRESS = list(inspect.signature(BrowserType.connect).parameters)[1]

_TEST = """
    def test_connects(page, oauth_window, app):
        page.goto(app)
        with oauth_window.expect_event() as caught:
            page.get_by_role("button", name="Connect Facebook").click()
        assert caught.value.account_id == oauth_window.account.id
        assert oauth_window.follow_up.status == 200
"""


def write(pytester: pytest.Pytester, **options: object) -> None:
    suites.write(pytester, _TEST)
    conftest = pytester.path / "conftest.py"
    fixture = f"\n\n@pytest.fixture(scope='session')\ndef connect_options():\n    return {options!r}\n"
    conftest.write_text(conftest.read_text() + fixture)


def test_a_suite_plays_its_windows_and_scenario_files_in_a_browser_elsewhere(pytester: pytest.Pytester) -> None:
    launch = json.dumps({"executablePath": chromium()})
    with playwright_server() as server:
        write(pytester, **{_ADDRESS: f"{server.address}?launch-options={launch}", "expose_network": "<loopback>"})
        options = ["--oauth-window-scenarios", "account-401", "--oauth-window-app", "reference"]
        result = suites.run(pytester, "-v", *options)
    result.assert_outcomes(passed=2)


def test_a_connection_without_the_way_to_here_is_told(pytester: pytest.Pytester) -> None:
    write(pytester, **{_ADDRESS: "ws://127.0.0.1:9/"})
    result = suites.run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(['*to do: add "expose_network": "<loopback>"*'])
