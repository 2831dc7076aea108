"""The pytest plugin as a user runs it: pytest in a process of its own, with pytest-playwright's browser."""

from __future__ import annotations

import socket
import sys

import pytest

from oauth_window_harness.pytest.plugin import OPTIONS
from tests import suites
from tests.engines import need_firefox

pytest_plugins = ["pytester"]
pytestmark = pytest.mark.browser

CLICK = 'page.get_by_role("button", name="Connect Facebook").click()'


def test_a_test_catches_the_event_and_the_follow_up(pytester: pytest.Pytester) -> None:
    """One suite, one process: scenarios by marker, pages of its own, dialogs, and async tests between them."""
    suites.write(
        pytester,
        f"""
        import asyncio
        import pytest
        from playwright.sync_api import expect

        @pytest.fixture
        async def thing():
            yield await asyncio.sleep(0, "thing")
            await asyncio.sleep(0)

        def test_connects(page, app, oauth_window):
            page.goto(app)
            with oauth_window.expect_event() as caught:
                {CLICK}
            assert caught.value.account_id == oauth_window.account.id
            assert caught.value.page == "social-media-posting"
            assert caught.value.origin == "https://services.leadconnectorhq.com"
            assert oauth_window.follow_up.status == 200
            assert oauth_window.follow_up.account_id == oauth_window.account.id
            expect(page.locator("#status")).to_have_text("connected")
            assert [event.delivered for event in oauth_window.events] == [True]
            told = [request.endpoint for request in oauth_window.requests if request.method != "OPTIONS"]
            assert told == ["start", "dialog", "consent", "finish", "account"]
            assert [found.code for found in oauth_window.findings()] == ["token-in-browser"]

        async def test_asyncio_after_playwright(thing):
            assert thing == "thing"
            await asyncio.sleep(0)

        @pytest.mark.oauth_window("account-401")
        def test_expired_token(page, app, oauth_window):
            page.goto(app)
            with oauth_window.expect_event():
                {CLICK}
            assert oauth_window.follow_up.status == 401
            expect(page.locator("#status")).to_have_text("refused 401")

        @pytest.mark.oauth_window("facebook-cancel")
        def test_cancel(page, app, oauth_window):
            page.goto(app)
            with oauth_window.expect_end():
                {CLICK}
            expect(page.locator("#status")).to_have_text("closed")
            assert oauth_window.events == ()

        @pytest.mark.oauth_window("window-blocked")
        def test_blocked(page, app, oauth_window):
            page.goto(app)
            with oauth_window.expect_end():
                {CLICK}
            expect(page.locator("#status")).to_have_text("blocked")

        @pytest.mark.oauth_window("forged-other-window")
        def test_forgery(page, app, oauth_window):
            page.goto(app)
            with oauth_window.expect_event() as caught:
                {CLICK}
            assert oauth_window.follow_up.account_id == caught.value.account_id
            assert len(oauth_window.events) > 1
            assert not any(found.code == "source-unchecked" for found in oauth_window.findings())

        def test_goes_through_the_window_itself(page, app, oauth_window):
            page.on("dialog", lambda dialog: dialog.accept("yes"))
            page.goto(app)
            assert page.evaluate("prompt('sure?')") == "yes"
            with oauth_window.expect_event():
                with page.expect_popup() as opened:
                    {CLICK}
                opened.value.get_by_role("button", name="Continue").click()
            assert oauth_window.follow_up.status == 200

        def test_a_dialog_that_nobody_listens_to_is_dismissed(page, app, oauth_window):
            page.goto(app)
            assert page.evaluate("confirm('sure?')") is False

        def test_reads_the_event_too_early(page, app, oauth_window):
            page.goto(app)
            with pytest.raises(Exception, match="click inside the `with` block"):
                with oauth_window.expect_event() as caught:
                    caught.value

        def test_a_tenant_of_its_own_name(page, app, oauth_window):
            page.goto(app.replace("localhost", "acme.localhost"))
            expect(page.locator("#connect")).to_be_visible()

        def test_nothing_else_leaves_the_machine(page, oauth_window):
            answer = page.goto("http://example.com/")
            assert answer.status == 403
            assert "gateway refuses example.com" in answer.text()

        def test_another_test_has_its_own_network(new_context, app, request):
            assert "oauth_window" not in request.fixturenames
            page = new_context().new_page()
            page.goto(app)
            assert page.evaluate("typeof window.open") == "function"
            assert page.evaluate("window.open.toString()") == "function open() {{ [native code] }}"

        async def test_asyncio_at_the_end(thing):
            assert thing == "thing"
        """,
    )

    outcomes = ("--oauth-window-connected", "#status:text-is('connected')", "--oauth-window-failed", "text=refused")
    result = suites.run(pytester, "-W", "error::RuntimeWarning", "-o", "asyncio_mode=auto", *outcomes)

    result.assert_outcomes(passed=13)


def test_a_test_s_own_window_plays_every_kind_of_story(pytester: pytest.Pytester) -> None:
    """With the clicks made by a test, the model app is found as right as in a run."""
    pytester.makeconftest(
        """
        import ssl
        import httpx
        import pytest
        from oauth_window_harness.network.loopback import LoopbackServer
        from oauth_window_harness.reference.app import ReferenceApp

        @pytest.fixture(scope="session")
        def app(oauth_window_suite):
            world = oauth_window_suite.world
            trust = ssl.create_default_context(cadata=world.authority.pem().decode())
            with httpx.Client(proxy=world.server_gateway_url, verify=trust) as http:
                backend = ReferenceApp(http, token="pit-00000000", location="location", user="user")
                with LoopbackServer(backend) as server:
                    yield server.url_for("/")
        """
    )
    pytester.makepyfile(
        """
        import pytest
        from oauth_window_harness.scenario import catalog

        STORIES = [story.name for story in catalog.select(["window", "provider", "isolation"])]

        @pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.oauth_window(name)) for name in STORIES])
        def test_story(page, app, oauth_window, name):
            page.goto(app)
            with oauth_window.expect_end():
                page.get_by_test_id("connect").click()
            assert oauth_window.findings() == []
        """
    )
    outcomes = ("--oauth-window-connected", "[data-testid=connected]", "--oauth-window-failed", "[data-testid=failed]")

    suites.run(pytester, *outcomes).assert_outcomes(passed=14)


def test_a_failure_tells_the_whole_board(pytester: pytest.Pytester) -> None:
    """Each failure names the first broken link, and shows what was expected beside what was seen."""
    suites.write(
        pytester,
        f"""
        import pytest

        def test_ignored(page, app, oauth_window):
            page.goto(app)
            with oauth_window.expect_event() as caught:
                {CLICK}
            assert oauth_window.follow_up.status == 200

        def test_no_window(page, app, oauth_window):
            page.goto(app)
            with oauth_window.expect_event():
                page.locator("#status").evaluate("(element) => (element.textContent = 'x')")
                page.locator("#status").click()

        def test_body_fails(page, app, oauth_window):
            page.goto(app)
            with oauth_window.expect_event():
                {CLICK}
                raise KeyError("the body's own")

        @pytest.mark.oauth_window("event-none")
        def test_no_event(page, app, oauth_window):
            page.goto(app)
            with oauth_window.expect_event():
                {CLICK}

        def test_passes(page, app, oauth_window):
            page.goto(app)

        def test_browser_gone(page, app, oauth_window):
            page.goto(app)
            with oauth_window.expect_event():
                {CLICK}
            page.context.browser.close()
            oauth_window.follow_up
        """,
        spelling="social_media_posting",
    )

    # The control that is named is none: what the test has clicked is clicked again to learn which spelling is heard.
    result = suites.run(pytester, "--oauth-window-patience", "2", "--oauth-window-connect", "#nothing")

    result.assert_outcomes(failed=5, passed=1, errors=1)  # pytest-playwright's own tear-down needs the browser
    ignored = suites.section(result, "test_ignored")
    assert "NotSeenError: no account GET followed the event within 2 s" in ignored
    assert "first broken link: page-hyphen-ignored" in ignored
    board = ignored[ignored.index("OAuth window") :]
    lines = [line.strip() for line in board.splitlines()]
    assert "mend: Accept both spellings" in board
    assert any(line.startswith('✓ {"actionType": "close", "page": "social-media-posting"') for line in lines)
    assert any(line.startswith("✓ GET /social-media-posting/oauth/<platform>/start") for line in lines)
    assert any(line.startswith("✗ GET /social-media-posting/oauth/<location>/<platform>/accounts/") for line in lines)
    assert "302 start-302, to the page: GET https://services.leadconnectorhq.com/" in board
    assert "window-not-opened" in suites.section(result, "test_no_window")
    body = suites.section(result, "test_body_fails")
    assert 'KeyError: "the body\'s own"' in body
    assert "NotSeenError" not in body
    assert "no event reached the page within 2 s" in suites.section(result, "test_no_event")
    assert "first broken link: event-ignored" in suites.section(result, "test_browser_gone")


def test_workers_and_playwright_s_own_options(pytester: pytest.Pytester) -> None:
    """Under pytest-xdist, with a trace and a video: test-results holds what pytest-playwright writes, no more."""
    suites.write(
        pytester,
        f"""
        import pytest

        @pytest.mark.parametrize("turn", range(3))
        def test_connects(page, app, oauth_window, turn):
            page.goto(app)
            with oauth_window.expect_event():
                {CLICK}
            assert oauth_window.follow_up.status == 200
        """,
    )

    result = suites.run(pytester, "-n", "2", "--tracing", "on", "--screenshot", "on", "--browser", "chromium")

    result.assert_outcomes(passed=3)
    written = [name for name in suites.files_in(pytester.path) if not name.endswith(".py")]
    assert {name.partition("/")[0] for name in written} == {"test-results"}
    assert {name.rpartition("/")[2] for name in written} == {"trace.zip", "test-finished-1.png"}


def test_playwright_s_browser_option_decides_the_engine(pytester: pytest.Pytester) -> None:
    """Of a test's own window, and of scenario files; and what a suite gives to its browser stays."""
    need_firefox()
    test = """
        def test_connects(page, app, oauth_window, browser_name):
            page.goto(app)
            assert (browser_name, page.evaluate("navigator.userAgent")) == ("firefox", "mine")
            with oauth_window.expect_event() as caught:
                page.get_by_role("button", name="Connect Facebook").click()
            assert caught.value.account_id == oauth_window.account.id
            assert oauth_window.follow_up.status == 200
        """
    suites.write(pytester, test)
    pytester.makeconftest(
        (pytester.path / "conftest.py").read_text()
        + """
@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    preferences = {**browser_type_launch_args["firefox_user_prefs"], "general.useragent.override": "mine"}
    return {**browser_type_launch_args, "firefox_user_prefs": preferences}
"""
    )
    options = ["--oauth-window-scenarios", "account-401", "--oauth-window-app", "reference"]
    patience = ["--oauth-window-patience", "10"]
    result = suites.run(pytester, "-v", "--browser", "firefox", *patience, *options, "--oauth-window-output", "out")
    result.assert_outcomes(passed=2)
    assert "out/scenarios/account-401-firefox/diagram.mmd" in suites.files_in(pytester.path)


def test_scenario_files_are_tests(pytester: pytest.Pytester) -> None:
    """They are played on the page that the suite's own fixture names, and told as failures with the board."""
    suites.write(pytester, "def test_mine(): pass", spelling="social-media-posting")
    pytester.makeconftest(
        (pytester.path / "conftest.py").read_text()
        + "\n@pytest.fixture(scope='session')\ndef oauth_window_app(app):\n    return app\n"
    )
    folder = pytester.mkdir("stories")
    told = "title: The page connects\nfinish: {posts: [%s]}\nexpect: {outcome: connected, follow_up: true}\n"
    (folder / "as-in-the-sample.yaml").write_text(told % "event-page-underscore")
    (folder / "as-documented.yaml").write_text(told % "event")

    result = suites.run(pytester, "--oauth-window-scenarios", "stories", "--oauth-window-patience", "2")

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "test_suite.py::test_mine PASSED*",
            "oauth-window::test_scenario?as-documented? PASSED*",
            "oauth-window::test_scenario?as-in-the-sample? FAILED*",
            "*first broken link: page-underscore-ignored*",
        ]
    )
    assert [name for name in suites.files_in(pytester.path) if "oauth-window" in name] == []


def test_a_suite_without_a_browser_tests_the_backend(pytester: pytest.Pytester) -> None:
    """With ``-p no:playwright``: what a backend sends is seen, and its failure has the board as well."""
    pytester.makepyfile(
        """
        import pytest, requests

        SERVICE = "https://services.leadconnectorhq.com/social-media-posting/oauth"

        @pytest.fixture(autouse=True)
        def backend(oauth_window_environment, monkeypatch):
            for name, value in oauth_window_environment.items():
                monkeypatch.setenv(name, value)

        def ask(account, **headers):
            requests.get(f"{SERVICE}/facebook/accounts/{account}", headers={"Authorization": "Bearer abc", **headers})

        @pytest.mark.oauth_window("account-422")
        def test_backend(oauth_window):
            ask(oauth_window.account.id, Version="2021-07-28")
            assert oauth_window.follow_up.status == 422
            assert oauth_window.follow_up.sent_by == "server"

        def test_version_missing(oauth_window):
            ask(oauth_window.account.id)
            assert oauth_window.follow_up.problems == ()

        def test_nothing(oauth_window):
            oauth_window.follow_up
        """
    )

    result = suites.run(pytester, "-p", "no:playwright", "--oauth-window-patience", "0.1")

    result.assert_outcomes(passed=1, failed=2)
    assert "first broken link: version-missing" in suites.section(result, "test_version_missing")
    assert "no account GET followed the event within 0.1 s" in suites.section(result, "test_nothing")


def test_a_suite_of_scenarios_alone_runs_on_the_model_app(pytester: pytest.Pytester) -> None:
    result = suites.run(
        pytester, "--oauth-window-scenarios", "account-401", "--oauth-window-app", "reference",
        "--oauth-window-output", "out", "-p", "no:playwright",
    )  # fmt: skip

    result.assert_outcomes(passed=1)
    assert "out/scenarios/account-401/diagram.mmd" in suites.files_in(pytester.path)


def test_a_suite_clears_what_an_earlier_one_left(pytester: pytest.Pytester) -> None:
    for scenario in ("account-200", "account-401"):
        options = ("-p", "no:playwright", "--oauth-window-driver", "mock", "--oauth-window-app", "reference")
        result = suites.run(pytester, *options, "--oauth-window-scenarios", scenario, "--oauth-window-output", "out")
        result.assert_outcomes(passed=1)
    assert suites.files_in(pytester.path) == [
        "out/.oauth-window-report",
        "out/scenarios/account-401/diagram.mmd",
    ]

    (pytester.path / "out" / "notes.txt").write_text("mine")
    result = suites.run(pytester, *options, "--oauth-window-scenarios", scenario, "--oauth-window-output", "out")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the report folder holds files that are not of a report", "seen:  notes.txt"])
    assert "out/scenarios/account-401/diagram.mmd" in suites.files_in(pytester.path)


def test_scenarios_are_played_without_a_browser(pytester: pytest.Pytester) -> None:
    """By the mock driver, in a suite that has no pytest-playwright; a page is none of its business."""
    mock = ("--oauth-window-driver", "mock", "--oauth-window-app", "reference", "--oauth-window-scenarios", "contract")

    suites.run(pytester, "-p", "no:playwright", *mock).assert_outcomes(passed=13)

    pytester.makepyfile("def test_it(page, oauth_window): ...")
    result = suites.run(pytester, "--oauth-window-driver", "mock")
    result.stdout.fnmatch_lines(["error: a suite without a browser has no page"])


def test_wrong_use_is_told_in_four_parts(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.oauth_window("account-402")
        def test_unknown(oauth_window): ...

        @pytest.mark.oauth_window("contract")
        def test_several(oauth_window): ...

        @pytest.mark.oauth_window(name="x")
        def test_marker(oauth_window): ...

        @pytest.mark.oauth_window("account-200", patience=0)
        def test_patience(oauth_window): ...

        async def test_async(oauth_window): ...

        def test_right(oauth_window): ...
        """
    )

    result = suites.run(pytester, "-o", "asyncio_mode=auto")

    result.assert_outcomes(errors=5, passed=1)  # what one test names wrongly is no other test's affair
    result.stdout.fnmatch_lines(["*no scenario, tag or file named 'account-402'", "to do: nearest:*"])
    told = result.stdout.str()
    assert "a test plays one scenario" in told
    assert "13 of that name" in told
    assert told.count("the marker takes one scenario and a patience") >= 2
    assert "seen:  'account-200', patience=0" in told
    assert "an async test cannot use this fixture" in told
    assert "another exception" not in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--oauth-window-token-env NOT_SET", "the variable that should hold the token is empty"),
        ("--oauth-window-app-command x", "--app-command without --app"),
        ("-n1 --oauth-window-app-command x --oauth-window-app http://localhost:1/", "one process of tests"),
        ("--oauth-window-scenarios account-200", "no page under test for the scenarios"),
    ],
    ids=["token", "app", "worker", "scenarios"],
)
def test_options_that_cannot_be_used_are_told_in_four_parts(pytester: pytest.Pytester, options: str, told: str) -> None:
    pytester.makepyfile("def test_it(oauth_window): ...")

    result = suites.run(pytester, *options.split())

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"*{told}*", "*to do:*"])


def test_a_host_that_cannot_be_meant_is_told_before_anything_starts(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(oauth_window): ...")

    result = suites.run(pytester, "--oauth-window-allow", "https://cdn.example.com/lib")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--oauth-window-allow takes a host*'https://cdn.example.com/lib'*HOST?:PORT?*"])


def test_a_test_without_a_page_is_told_to_ask_for_one(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(oauth_window):\n    with oauth_window.expect_event(): ...")

    suites.run(pytester).stdout.fnmatch_lines(["*no page that could open a window*ask for pytest-playwright's `page`*"])


def test_a_selector_that_cannot_be_used_is_told(pytester: pytest.Pytester) -> None:
    suites.write(
        pytester,
        """
        def test_it(page, app, oauth_window):
            page.goto(app)
            with oauth_window.expect_event(): ...
        """,
    )

    result = suites.run(pytester, "--oauth-window-connected", "div[")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the selector cannot be used; where: --oauth-window-connected 'div[[]'*"])


def test_a_bad_scenario_file_is_told_before_anything_runs(pytester: pytest.Pytester) -> None:
    (pytester.path / "bad.yaml").write_text("title: A story\nusr: [click]\n")
    pytester.makepyfile("def test_it(): ...")

    result = suites.run(pytester, "--oauth-window-scenarios", "bad.yaml")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --oauth-window-scenarios: *an unknown key*bad.yaml:2*did you mean user?*"])


def test_the_app_is_started_before_the_tests_and_ended_after_them(pytester: pytest.Pytester, port: int) -> None:
    """Its backend reaches the stub with the production address in its code."""
    pytester.makepyfile(
        app=f"""
        import http.server, requests

        URL = "https://services.leadconnectorhq.com/social-media-posting/oauth/facebook/accounts/658a9b6833b91e0ecb8f3958"

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                headers = {{"Authorization": "Bearer abc", "Version": "2021-07-28"}}
                status = requests.get(URL, headers=headers).status_code if self.path == "/ask" else 204
                self.send_response(status)
                self.end_headers()

        http.server.HTTPServer(("127.0.0.1", {port}), Handler).serve_forever()
        """,
        test_app=f"""
        import pytest, requests

        @pytest.mark.oauth_window("account-400")
        def test_backend(oauth_window):
            assert requests.get("http://127.0.0.1:{port}/ask").status_code == 400
            assert oauth_window.follow_up.sent_by == "server"
        """,
    )
    app = (f"--oauth-window-app=http://127.0.0.1:{port}/", f"--oauth-window-app-command={sys.executable} app.py")

    log = ("--oauth-window-output", "not/yet")
    suites.run(pytester, "-p", "no:playwright", *app, *log).assert_outcomes(passed=1)

    assert "not/yet/app.log" in suites.files_in(pytester.path)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_every_option_has_the_prefix_and_is_in_the_help(pytester: pytest.Pytester) -> None:
    result = suites.run(pytester, "--help")

    own = result.stdout.str().partition("HighLevel's OAuth window:")[2].partition("\n\n")[0]
    told = [line.split()[0] for line in own.splitlines() if line.startswith("  --")]
    assert told == [f"--oauth-window-{name}" + (f"={metavar}" if metavar else "") for name, metavar, _ in OPTIONS]
    assert "oauth_window(name, *, patience=SECONDS)" in suites.run(pytester, "--markers").stdout.str()


def test_it_costs_nothing_where_nothing_asks_for_it(pytester: pytest.Pytester) -> None:
    """What pytest loads for a suite of another kind: no library of the harness' own."""
    pytester.makepyfile(
        """
        import sys

        def test_nothing_is_loaded():
            heavy = {"playwright", "pydantic", "httpx", "yaml", "trustme", "jinja2", "rich", "typer"}
            assert not heavy & set(sys.modules)
            assert "oauth_window_harness.stub.world" not in sys.modules
        """
    )

    suites.run(pytester, "-p", "no:playwright", "-p", "no:anyio").assert_outcomes(passed=1)


def test_the_options_of_the_project_s_file_are_read(pytester: pytest.Pytester) -> None:
    """What is typed wins, and a fault is told with its line."""
    pytester.makefile(
        ".toml", **{"oauth-window": "app = 'reference'\ndriver = 'mock'\nlocation = 'file'\nuser = 'u'\n"}
    )
    pytester.makepyfile(
        """
        def test_options(oauth_window_suite, oauth_window_app, request):
            options = oauth_window_suite.options
            typed = request.config.getoption("--oauth-window-location")
            assert (oauth_window_app, options.driver) == ("reference", "mock")
            assert (options.location, options.user) == (typed or "file", "u")
        """
    )
    suites.run(pytester, "-p", "no:playwright", "--oauth-window-scenarios", "account-200").assert_outcomes(passed=2)
    suites.run(pytester, "-p", "no:playwright", "--oauth-window-location", "typed").assert_outcomes(passed=1)

    pytester.makefile(".toml", **{"oauth-window": "user = 'u'\npatience = 0\n"})
    result = suites.run(pytester, "-p", "no:playwright")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *oauth-window.toml:2*patience takes a number from 0.1 to 600"])


def test_an_unknown_key_of_the_project_s_file_is_told_once(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", **{"oauth-window": "usr = 'u'\n"})
    pytester.makepyfile(
        """
        def test_one(oauth_window_mock): ...
        def test_another(oauth_window_mock): ...
        """
    )

    result = suites.run(pytester, "-p", "no:playwright")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert str(result.stderr).count("oauth-window.toml:1") == 1
    result.stderr.fnmatch_lines(["ERROR: *usr*"])
