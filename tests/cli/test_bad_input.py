"""What bad input gets: what, where, what was seen, what to do; the right exit code; never a traceback."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator

import pytest
from werkzeug import Request, Response

from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import LONGEST, Command


def told(command: Command, *arguments: str, code: int, **variables: str) -> str:
    """Run, see the exit code and that there is no traceback, and give what stands on standard error."""
    done = command(*arguments, variables=variables)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done.stderr


@pytest.fixture
def app() -> Iterator[LoopbackServer]:
    """An app with two buttons that do nothing, a link that opens a window, and a page that fails."""

    def answer(request: Request) -> Response:
        if request.path == "/broken":
            return Response("the database is away", 500)
        return Response(
            "<button id=one>Connect Facebook</button><button id=two>Help</button>"
            "<p><a id=opens href=/ target=_blank>New</a>",
            content_type="text/html",
        )

    with LoopbackServer(answer) as server:
        yield server


def test_an_unknown_scenario_is_told_with_the_nearest_names(command: Command) -> None:
    errors = told(command, "run", "acount-401", code=2)
    assert "'acount-401'" in errors
    assert "nearest: account-401" in errors


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("title: x\nexpct: {}\n", 2, "did you mean expect? allowed here: title, tags, user"),
        ("title: [1]\nexpect: {outcome: connected, follow_up: true}\n", 1, "valid string"),
        ("title: x\ntitle: y\n", 2, "first on line 1"),
        ("title: x\nuser:\n\t- click\n", 3, "a tab"),
        ("tags: []\ntitle: 2021-13-45\n", 2, "put it in quotes"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", 2, "an alias"),
    ],
    ids=["unknown-key", "wrong-type", "duplicate-key", "tab", "no-such-day", "alias"],
)  # fmt: skip
def test_a_bad_scenario_file_is_told_with_file_and_line(command: Command, text: str, line: int, said: str) -> None:
    file = command.folder / "mine.yaml"
    file.write_text(text)
    for arguments in (["run", str(file)], ["scenarios", "check", str(file)]):
        errors = told(command, *arguments, code=2)
        assert f"{file}:{line}" in errors
        assert said in errors


def test_a_fixture_that_is_not_there_is_told_with_the_nearest_names(command: Command) -> None:
    file = command.folder / "mine.yaml"
    file.write_text("title: x\nanswers: {account: acount-401}\nexpect: {outcome: connected, follow_up: true}\n")
    errors = told(command, "run", str(file), code=2)
    assert "the scenario mine" in errors
    assert "account-401" in errors


def test_a_busy_port_is_told(command: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for option in ("--port", "--gateway-port"):
            other = "--gateway-port" if option == "--port" else "--port"
            errors = told(command, "serve", option, port, other, "0", code=3)
            assert f"127.0.0.1:{port}" in errors
            assert "another port" in errors


@pytest.mark.parametrize(("words", "code"), [(["--"], 2), ([], 3), (["--", "echo", "--"], 3)])
def test_a_server_that_is_to_start_an_app_without_a_command_is_refused(
    command: Command, words: list[str], code: int
) -> None:
    """It would serve, and start nothing, as where a script's variable with the command is empty."""
    with socket.socket() as taken:  # so that what is not refused comes to its end, too
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        errors = told(command, "serve", "--port", str(taken.getsockname()[1]), *words, code=code)
    for part in ("where: serve --", "seen: nothing after --", "-- npm start"):
        assert (part in " ".join(errors.split())) is (code == 2)


def test_a_browser_that_is_not_there_is_told(command: Command) -> None:
    errors = told(command, "run", "account-200", "--executable", "/no/such/browser", code=3)
    assert "/no/such/browser" in errors
    assert "oauth-window doctor" in errors


def test_a_machine_without_a_browser_is_told_what_to_install(command: Command) -> None:
    empty = str(command.folder)
    errors = told(command, "run", "account-200", code=3, PATH=empty, PLAYWRIGHT_BROWSERS_PATH=empty)
    assert "playwright install chromium" in errors


def test_a_browser_that_no_engine_has_is_told_with_the_nearest(command: Command) -> None:
    errors = told(command, "run", "account-200", "--browser", "firfox", code=2)
    assert "--browser" in errors
    assert "did you mean firefox?" in errors
    (command.folder / "oauth-window.toml").write_text('browser = "safari"\n')
    errors = told(command, "run", "account-200", code=2)
    assert "oauth-window.toml:1" in errors
    assert "did you mean webkit?" in errors


@pytest.mark.parametrize("browser", ["firefox", "webkit", "all"])
def test_an_engine_that_is_not_here_is_told_with_what_to_install(command: Command, browser: str) -> None:
    empty = str(command.folder)
    variables = {"PATH": empty, "PLAYWRIGHT_BROWSERS_PATH": empty}
    errors = told(command, "run", "account-200", "--browser", browser, code=3, **variables)
    assert f"playwright install {'firefox' if browser == 'all' else browser}" in errors


def test_a_program_of_another_engine_is_told_before_it_starts(command: Command) -> None:
    program = command.folder / "firefox-esr"
    program.touch(mode=0o755)
    errors = told(command, "run", "account-200", "--executable", str(program), code=2)
    assert "name --browser firefox" in errors


def test_a_program_that_is_no_browser_is_told(command: Command) -> None:
    errors = told(command, "run", "account-200", code=3, OAUTH_WINDOW_BROWSER="/bin/true")
    assert "does not start" in errors
    assert "/bin/true" in errors


def test_a_report_folder_that_cannot_be_written_is_told(command: Command) -> None:
    (command.folder / "taken").write_text("a file")
    errors = told(command, "run", "account-200", "--output", "taken", code=3)
    assert "taken" in errors
    assert "--output" in errors


@pytest.mark.browser
def test_an_app_that_is_not_there_is_told(command: Command) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        errors = told(command, "run", "account-200", "--app", url, code=3)
    assert url in errors
    assert "start the app" in errors
    results = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())
    assert url in results["error"]["where"]


@pytest.mark.browser
def test_an_app_that_answers_500_is_told_with_what_it_says(command: Command, app: LoopbackServer) -> None:
    errors = told(command, "run", "account-200", "--app", app.url_for("/broken"), code=3)
    assert "500: the database is away" in errors


@pytest.mark.parametrize(
    ("selector", "said"),
    [
        ("#three", """'#one': <button id="one">Connect Facebook</button>; '#two': <button id="two">Help</button>"""),
        ("button", "2 that match"),
        (">>>[", "cannot be used"),
    ],
    ids=["nothing", "several", "no-selector"],
)
@pytest.mark.browser
def test_a_selector_that_names_not_one_control_is_told(
    command: Command, app: LoopbackServer, selector: str, said: str
) -> None:
    errors = told(
        command, "run", "account-200", "--app", app.url_for("/"), "--connect", selector, "--patience", "1", code=2
    )
    assert said in errors


@pytest.mark.parametrize(
    ("selector", "said"),
    [("#three", "cannot be taken"), ("p[", "cannot be used"), ("#opens", "opens the window already")],
    ids=["nothing", "no-selector", "opens"],
)
@pytest.mark.browser
def test_a_step_before_that_cannot_be_taken_is_told(
    command: Command, app: LoopbackServer, selector: str, said: str
) -> None:
    errors = told(
        command, "run", "account-200", "--app", app.url_for("/"), "--before", selector, "--patience", "1", code=2
    )
    assert said in errors
    assert f"--before {selector!r}" in errors


FRAME = "<iframe src=https://widget.example.test/connect></iframe>"


@pytest.mark.parametrize(
    ("content", "options"),
    [
        (FRAME, []),
        (FRAME, ["--connect", "#connect"]),
        (FRAME, ["--before", "#open"]),
        ("<iframe src=/moved></iframe>", []),
        ("<main></main><script src=https://widget.example.test/draw.js></script>", []),
    ],
    ids=["frame", "frame-connect", "frame-before", "redirect", "script"],
)
@pytest.mark.browser
def test_a_control_that_a_refused_host_would_have_brought_is_told_with_the_host(
    command: Command, content: str, options: list[str]
) -> None:
    def answer(request: Request) -> Response:
        if request.path == "/moved":
            return Response("", 302, {"Location": "https://widget.example.test/connect"})
        return Response(f"<h1>Settings</h1>{content}", content_type="text/html")

    with LoopbackServer(answer) as server:
        errors = told(command, "run", "account-200", "--app", server.url_for("/"), "--patience", "1", *options, code=2)

    assert "the gateway refused widget.example.test:443" in errors
    assert "--allow widget.example.test;" in errors


@pytest.mark.parametrize("options", [[], ["--connect", "#connect"], ["--before", "#open"]])
@pytest.mark.browser
def test_a_frame_that_is_never_there_is_told_with_its_address(command: Command, options: list[str]) -> None:
    ended = threading.Event()

    def answer(request: Request) -> Response:
        if request.path == "/frame":
            ended.wait(LONGEST)
        return Response("<h1>Settings</h1><iframe src=/frame></iframe>", content_type="text/html")

    with LoopbackServer(answer) as server:
        errors = told(command, "run", "account-200", "--app", server.url_for("/"), "--patience", "1", *options, code=2)
        ended.set()

    assert f"a frame of the page: {server.url_for('/frame')} had not come after " in errors
    assert "visible controls: none at all" in errors


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("session=s3cr3t-of-a-user", "no JSON"),
        ('["s3cr3t-of-a-user"]', "no storage state"),
        ('{"session": "s3cr3t-of-a-user"}', "neither cookies nor origins"),
        ('{"cookies": [{"name": "session", "value": "s3cr3t-of-a-user"}]}', "cookies.0.domain"),
    ],
)
def test_a_storage_state_that_is_none_is_told(command: Command, content: str | None, said: str) -> None:
    file = command.folder / "state.json"
    if content is not None:
        file.write_text(content)
    errors = told(command, "run", "account-200", "--app", "http://127.0.0.1:9/", "--storage-state", str(file), code=2)
    assert said in errors
    assert f"--storage-state {file}" in errors
    assert "s3cr3t" not in errors


NOWHERE = ("--app", "http://127.0.0.1:9/")


@pytest.mark.parametrize(
    "options",
    [
        ("--jobs", "0"),
        ("--driver", "mock", "--headed"),
        ("--driver", "mock", "--app", "localhost"),
        ("--driver", "mock", "--app-command", "true"),
        ("--app-command", "'unfinished", *NOWHERE),
        ("--baseline", "gone.json"),
        ("--fixtures", "gone"),
        ("--storage-state", "gone.json", *NOWHERE),
        ("--no-such-option",),
        ("no-such-scenario",),
    ],
)
def test_a_wrong_option_leaves_an_earlier_report_as_it_is(command: Command, options: tuple[str, ...]) -> None:
    earlier = report_of(command, "run", "account-200", "--driver", "mock")
    errors = told(command, "run", "account-400", *options, code=2)
    assert errors
    assert report_of(command) == earlier


def report_of(command: Command, *arguments: str) -> dict[str, bytes]:
    """Run, if anything is to be run, and return the files of the report."""
    if arguments:
        command(*arguments)
    folder = command.folder / "oauth-window-report"
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("option", ["--connect", "--before", "--connected"])
@pytest.mark.browser
def test_a_selector_that_fits_nothing_leaves_an_earlier_report_as_it_is(
    command: Command, app: LoopbackServer, option: str
) -> None:
    earlier = report_of(command, "run", "account-200", "--driver", "mock")
    options = ("--app", app.url_for("/"), option, "p[", "--patience", "1")
    done = command("run", "account-200", *options)
    assert done.returncode == 2
    assert "the report of an earlier run stays in oauth-window-report" in done.stdout
    assert report_of(command) == earlier
    assert command("run", "account-200", "--app", app.url_for("/broken")).returncode == 3
    assert b"the database is away" in report_of(command)["results.json"]  # the environment has one of its own


@pytest.mark.parametrize("option", ["--connected", "--failed"])
@pytest.mark.browser
def test_an_outcome_that_cannot_be_looked_for_is_told(command: Command, app: LoopbackServer, option: str) -> None:
    errors = told(command, "run", "account-200", "--app", app.url_for("/"), "--connect", "#one", option, "p[", code=2)
    assert f"{option} 'p['" in errors


def test_an_address_that_is_none_is_told(command: Command) -> None:
    assert "--app" in told(command, "run", "account-200", "--app", "localhost", code=2)


@pytest.mark.browser
def test_an_app_that_opens_no_window_fails_by_name(command: Command, app: LoopbackServer) -> None:
    done = command("run", "account-200", "--app", app.url_for("/"), "--connect", "#one", "--patience", "1")

    assert done.returncode == 1
    (result,) = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())["scenarios"]
    assert result["verdict"] == "failed"
    assert result["findings"][0]["code"] == "window-not-opened"
    assert result["artifacts"]["screenshots"] == ["scenarios/account-200/page.png"]
    assert "✗ window-not-opened" in done.stdout
    assert "again: oauth-window run --app" in done.stdout
