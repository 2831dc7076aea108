"""What no play can judge is said at the end, with the option that changes it; a silence is no proof."""

from __future__ import annotations

import pytest

from oauth_window_harness.run.drivers import unjudged
from oauth_window_harness.run.options import RunOptions
from tests import apps
from tests.commands import Command

URL = "http://localhost:3000/"


@pytest.mark.parametrize(
    ("options", "is_said"),
    [
        (RunOptions(app=URL), True),
        (RunOptions(app=URL, failed="#error"), True),
        (RunOptions(app=URL, connected="#done"), False),
        (RunOptions(), False),
        (RunOptions(driver="mock"), False),
    ],
)
def test_without_what_shows_a_connection_it_is_not_judged_whether_the_page_claims_one(
    options: RunOptions, is_said: bool
) -> None:
    assert (unjudged(options) is not None) is is_said


@pytest.mark.browser
def test_it_is_said_below_the_files(command: Command) -> None:
    name = "right-inline-script"
    app = apps.read(name)
    with apps.folder_of(name) as files, apps.serve(name, files) as site:
        named = ("--connect", app.connect) if app.connect else ()
        done = command("run", "--app", site.url, *named, "account-200")
    assert done.returncode == 0, done.stdout + done.stderr
    *before, last = done.stdout.splitlines()
    assert any(line.startswith("report: ") for line in before)
    assert last.startswith("not judged: whether the page says connected after a failure")
    assert "--connected SELECTOR" in last
