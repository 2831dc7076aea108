"""`--endpoint`: plays in browsers elsewhere, what is said where one cannot be used, and what follows where one dies."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from werkzeug import Request, Response

from oauth_window_harness.drivers.engines import ENGINES
from oauth_window_harness.network.loopback import LoopbackServer
from tests.commands import Command, InProcess
from tests.endpoints import Elsewhere, chromium, devtools_browser, firefox, playwright_server
from tests.engines import need_firefox

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server() -> Iterator[Elsewhere]:
    with playwright_server() as elsewhere:
        yield elsewhere


@pytest.fixture(scope="module")
def devtools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    with devtools_browser(tmp_path_factory.mktemp("profile")) as elsewhere:
        yield elsewhere


@pytest.fixture(autouse=True)
def _without_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    chromium()  # which the variables may name
    for engine in ENGINES.values():
        monkeypatch.delenv(engine.variable, raising=False)


def results_of(folder: Path) -> dict[str, Any]:
    results: dict[str, Any] = json.loads((folder / "oauth-window-report" / "results.json").read_text())
    return results


def error_of(text: str) -> dict[str, str]:
    """Return the parts of the error that was printed."""
    lines = [line.partition(":") for line in text.splitlines()]
    return {name: rest.strip() for name, _, rest in lines if name in ("error", "where", "seen", "to do")}


def test_a_playwright_server_s_browser_plays_as_one_that_is_launched_here(
    in_process: InProcess, server: Elsewhere
) -> None:
    done = in_process(
        "run", "--endpoint", server.address, "--executable", chromium(), "account-200", "window-blocked", "account-401"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout
    (endpoint,) = results_of(in_process.folder)["endpoints"]
    assert endpoint["address"] == server.address.rstrip("/")
    assert (endpoint["plays"] >= 3, endpoint["ended"], endpoint["lost"]) == (True, 0, None)


def test_a_firefox_of_a_playwright_server_plays_as_one_that_is_launched_here(
    in_process: InProcess, server: Elsewhere
) -> None:
    need_firefox()
    names = ("account-200", "window-blocked", "account-401")
    way = ("--browser", "firefox", "--endpoint", server.address, "--executable", firefox())
    done = in_process("run", *way, *names)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout
    assert "firefox" in done.stdout


def test_a_browser_with_a_devtools_address_plays_and_is_left_running(
    in_process: InProcess, devtools: Elsewhere
) -> None:
    for _ in range(2):
        done = in_process("run", "--endpoint", devtools.address, "account-200", "event-noise")
        assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
    assert devtools.process.poll() is None


def test_endpoints_may_stand_in_the_project_s_file_and_a_variable_that_has_no_effect_is_named(
    in_process: InProcess, devtools: Elsewhere
) -> None:
    (in_process.folder / "oauth-window.toml").write_text(f'endpoint = ["{devtools.address}"]\n')
    done = in_process("run", "account-200", variables={"OAUTH_WINDOW_BROWSER": "/nowhere/chromium"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "OAUTH_WINDOW_BROWSER has no effect" in done.stdout
    assert len(results_of(in_process.folder)["endpoints"]) == 1


def test_plays_are_spread_over_several_endpoints(in_process: InProcess, server: Elsewhere) -> None:
    done = in_process(
        "run", "--endpoint", server.address, "--endpoint", server.address, "--executable", chromium(), "--jobs", "2",
        "contract",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    plays = [endpoint["plays"] for endpoint in results_of(in_process.folder)["endpoints"]]
    assert len(plays) == 2
    assert min(plays) > 0
    assert "played at " in done.stdout


def test_an_endpoint_that_is_killed_is_taken_out_and_its_plays_are_played_at_the_other(command: Command) -> None:
    with playwright_server() as first, playwright_server() as second:
        running = command.start(
            "run", "--endpoint", first.address, "--endpoint", second.address, "--executable", chromium(),
            "--jobs", "4", "contract", "event",
        )  # fmt: skip
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith("[10/"):
                break
        second.end()
        output, errors = running.communicate(timeout=150)

    assert "Traceback" not in errors
    results = results_of(command.folder)
    assert {result["verdict"] for result in results["scenarios"]} == {"passed"}, output
    assert running.returncode == 0
    stays, lost = results["endpoints"]
    assert (stays["lost"], stays["ended"]) == (None, 0)
    assert "ECONNREFUSED" in lost["lost"]
    line = f"{second.address.rstrip('/')} was taken out"
    assert line in output
    assert line in (command.folder / "oauth-window-report" / "index.html").read_text()


def test_when_the_last_endpoint_has_gone_the_run_ends_and_says_what_was_not_judged(command: Command) -> None:
    with playwright_server() as only:
        running = command.start(
            "run", "--endpoint", only.address, "--executable", chromium(), "--jobs", "2", "contract", "event"
        )
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith("[10/"):
                break
        only.end()
        output, errors = running.communicate(timeout=150)

    assert "Traceback" not in errors
    assert running.returncode == 3
    assert error_of(errors)["error"] == "no endpoint is left to play at"
    results = results_of(command.folder)
    assert results["error"]["what"] == "no endpoint is left to play at"
    broken = [result for result in results["scenarios"] if result["verdict"] == "broken"]
    assert len(broken) == results["summary"]["broken"] > 0
    assert {result["reason"] for result in broken} <= {"no endpoint is left to play at"}, output
    assert len(results["scenarios"]) > 10


@contextmanager
def web_server() -> Iterator[str]:
    """Serve a page on each address, and yield ``host:port``."""

    def answer(_: Request) -> Response:
        return Response("<h1>Welcome</h1>", content_type="text/html")

    with LoopbackServer(answer) as running:
        yield f"127.0.0.1:{running.port}"


@contextmanager
def server_of_another_version() -> Iterator[str]:
    """Answer one client as a Playwright server does that is of another version, and yield ``host:port``."""
    said = "╔╗\n║ Playwright version mismatch:\n║   - server version: v1.12\n║   - client version: v1.64\n╚╝"
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(f"HTTP/1.1 428 Precondition Required\r\n\r\n{said}".encode())

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


@pytest.mark.parametrize("scheme", ["http", "ws"])
def test_an_endpoint_where_nothing_listens_ends_the_run_with_the_address(in_process: InProcess, scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"{scheme}://127.0.0.1:{listening.getsockname()[1]}"
    done = in_process("run", "--endpoint", address, "account-200")
    error = error_of(done.stderr)
    assert done.returncode == 3
    assert error["error"] == "no browser answers at the endpoint"
    assert error["where"] == f"--endpoint {address}"
    assert "ECONNREFUSED" in error["seen"]
    assert "run-server" in error["to do"]


@pytest.mark.parametrize("scheme", ["http", "ws"])
def test_a_plain_web_server_is_no_endpoint(in_process: InProcess, scheme: str) -> None:
    with web_server() as address:
        done = in_process("run", "--endpoint", f"{scheme}://{address}", "account-200")
    assert done.returncode == 3
    error = error_of(done.stderr)
    assert error["error"] == "the endpoint does not speak the protocol"
    assert error["where"] == f"--endpoint {scheme}://{address}"
    assert (
        error["seen"]
        == {
            "http": "an answer, and not that of a browser's DevTools",
            "ws": "it answers 200 OK",
        }[scheme]
    )


def test_each_kind_of_endpoint_named_as_the_other_is_told_apart(
    in_process: InProcess, server: Elsewhere, devtools: Elsewhere
) -> None:
    for address, other in (
        (devtools.address.replace("http", "ws"), "http://"),
        (server.address.replace("ws", "http"), "ws://"),
    ):
        done = in_process("run", "--endpoint", address, "account-200")
        assert done.returncode == 3
        error = error_of(done.stderr)
        assert error["error"] == "the endpoint does not speak the protocol"
        assert other in error["to do"]


def test_a_server_of_another_version_is_told_with_both_versions(in_process: InProcess) -> None:
    with server_of_another_version() as address:
        done = in_process("run", "--endpoint", f"ws://{address}/", "account-200")
    assert done.returncode == 3
    error = error_of(done.stderr)
    assert error["error"] == "the Playwright server is of another version"
    assert error["seen"].startswith("1.12 there, ")


def test_a_server_without_the_program_that_is_named_is_told(in_process: InProcess, server: Elsewhere) -> None:
    done = in_process("run", "--endpoint", server.address, "--executable", "/nowhere/chromium", "account-200")
    assert done.returncode == 3
    assert error_of(done.stderr)["error"] == "the Playwright server has no such browser"


def test_a_server_that_gives_another_engine_than_is_asked_for_is_told(in_process: InProcess, tmp_path: Path) -> None:
    """A server with one browser gives it to everybody, whatever they ask for."""
    config = tmp_path / "server.json"
    config.write_text(json.dumps({"executablePath": chromium(), "host": "127.0.0.1", "port": 0}))
    with playwright_server(command=("launch-server", "--browser", "chromium", "--config", str(config))) as elsewhere:
        done = in_process("run", "--endpoint", elsewhere.address, "--browser", "firefox", "account-200")
        assert done.returncode == 2
        error = error_of(done.stderr)
        assert error["error"] == "the browser at the endpoint is another one"
        assert error["seen"] == "Chromium, which is to be driven as Firefox"
        assert in_process("run", "--endpoint", elsewhere.address, "account-200").returncode == 0


def test_a_browser_that_does_not_reach_the_gateway_ends_the_run_before_the_first_play(
    in_process: InProcess, tmp_path: Path
) -> None:
    """A browser on another machine would look for the gateway on its own loopback; this one has none."""
    with devtools_browser(tmp_path / "profile", "--host-resolver-rules=MAP 127.0.0.1 ~NOTFOUND") as elsewhere:
        done = in_process("run", "--endpoint", elsewhere.address, "account-200")
    assert done.returncode == 3
    error = error_of(done.stderr)
    assert error["error"].startswith("the browser at the endpoint does not reach the gateway")
    assert "ERR_PROXY_CONNECTION_FAILED" in error["seen"]
    assert "run-server" in error["to do"]
    assert results_of(in_process.folder)["scenarios"] == []


_CLIENT = """
import sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    playwright.chromium.connect_over_cdp(sys.argv[1]).new_context()
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_a_browser_that_somebody_else_drives_is_not_driven_beside_them(
    in_process: InProcess, devtools: Elsewhere
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _CLIENT, devtools.address], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as client:
        assert client.stdout is not None
        assert client.stdout.readline() == b"ready\n"
        done = in_process("run", "--endpoint", devtools.address, "account-200")
        client.communicate()
    assert done.returncode == 3
    assert error_of(done.stderr)["error"] == "somebody else drives the browser at the endpoint"


def test_a_key_in_an_address_stands_in_no_report(in_process: InProcess) -> None:
    with web_server() as address:
        done = in_process("run", "--endpoint", f"ws://me:hunter2@{address}/?token=sesame-street", "account-200")
    written = "".join(
        file.read_text() for file in in_process.folder.rglob("*") if file.suffix in (".json", ".html", ".xml")
    )
    for secret in ("hunter2", "sesame-street"):
        assert secret not in done.stdout + done.stderr + written


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (["--endpoint", "ftp://here"], "--endpoint"),
        (["--endpoint", "ws://"], "--endpoint"),
        (["--endpoint", "http://here:99999"], "--endpoint"),
        (["--endpoint", "here:9222"], "--endpoint"),
        (
            ["--endpoint", "http://here:9222", "--browser", "firefox"],
            "--endpoint http://here:9222 and --browser firefox",
        ),
        (["--endpoint", "http://localhost:9222", "--endpoint", "http://127.0.0.1:9222/"], "--endpoint"),
        (["--endpoint", "http://here:9222", "--headed"], "--headed and --endpoint http://here:9222"),
        (["--endpoint", "http://here:9222", "--executable", "x"], "--executable and --endpoint http://here:9222"),
        (["--endpoint", "ws://here:9222", "--browser", "all"], "--endpoint and --browser all"),
        (["--endpoint", "ws://here:9222", "--driver", "mock"], "--endpoint"),
    ],
)
def test_what_cannot_be_used_with_an_endpoint_is_refused(
    in_process: InProcess, arguments: list[str], where: str
) -> None:
    done = in_process("run", *arguments, "account-200")
    assert done.returncode == 2
    assert error_of(done.stderr)["where"] == where
