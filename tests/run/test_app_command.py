"""``--app-command``: the app is started, awaited, led to the stub, and ended with its children."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
from pathlib import Path

import pytest

from oauth_window_harness.errors import OutputError
from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.redact import Redactor
from oauth_window_harness.run.app_process import app_process
from tests.commands import LONGEST, Command

#: Serves one page on the port it is given, beside a child that outlives it unless somebody ends it.
APP = """
import http.server, os, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"])
print("my token is", os.environ.get("MY_TOKEN"), flush=True)
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        names = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS",
                 "NODE_USE_ENV_PROXY", "LEADCONNECTOR_BASE_URL", "KEPT")
        told = "".join(f"<li>{name}={os.environ.get(name)}" for name in names)
        self.send_response(200); self.send_header("content-type", "text/html"); self.end_headers()
        self.wfile.write(f"<button>Connect Facebook</button><ul>{told}</ul>".encode())
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""


def started(command: Command, script: str, port: int) -> list[str]:
    file = command.folder / "app.py"
    file.write_text(script)
    line = shlex.join([sys.executable, str(file), str(port)])
    return ["run", "account-200", "--app", f"http://127.0.0.1:{port}/", "--app-command", line, "--patience", "0.5"]


#: Tells how it goes before it answers.
TALKING = """
import http.server, sys
print("I listen", flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def test_its_log_is_kept_in_a_folder_that_is_not_there_yet(tmp_path: Path, port: int) -> None:
    log = tmp_path / "not" / "yet" / "app.log"
    line = shlex.join([sys.executable, "-c", TALKING, str(port)])
    with app_process(line, f"http://127.0.0.1:{port}/", {}, Redactor(), log) as app:
        assert app.failure() is None
    assert log.read_text().startswith("I listen\n")


def test_a_log_that_cannot_be_written_is_told_and_nothing_is_started(tmp_path: Path, port: int) -> None:
    (tmp_path / "taken").write_text("a file")
    line = shlex.join([sys.executable, "-c", f"open({str(tmp_path / 'started')!r}, 'w')"])
    process = app_process(line, f"http://127.0.0.1:{port}/", {}, Redactor(), tmp_path / "taken" / "app.log")
    with pytest.raises(OutputError, match="output cannot be written"), process:
        pass
    assert not (tmp_path / "started").exists()


@pytest.mark.browser
def test_the_app_runs_while_the_scenarios_do_and_its_children_end_with_it(command: Command, port: int) -> None:
    token = "pit-11112222-aaaa-bbbb-cccc-333344445555"
    arguments = [*started(command, APP, port), "--token-env", "MY_TOKEN"]
    done = command(*arguments, variables={"MY_TOKEN": token})

    assert "window-not-opened" in done.stdout  # it was the app's page that was played
    report = command.folder / "oauth-window-report"
    assert (report / "app.log").read_text() == "my token is <redacted>\n"
    assert command.processes_left() == []
    assert "--app-command" in done.stdout  # the command that runs it again is whole


#: Says that it has started, and never answers: it does not listen, or it takes every connection and is silent.
SILENT = """
import os, socket, subprocess, sys, threading
subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"])
listening = socket.socket()
listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
if sys.argv[2] == "listens":
    listening.bind(("127.0.0.1", int(sys.argv[1])))
    listening.listen()
    print("listening", file=open("started", "w"), flush=True)
    connections = [listening.accept()]
else:
    print("silent", file=open("started", "w"), flush=True)
threading.Event().wait()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("how", ["listens", "does not listen"])
def test_an_interruption_while_the_app_is_awaited_ends_the_run_at_once(
    command: Command, port: int, number: signal.Signals, how: str
) -> None:
    """Not after the minute that an app may take, nor after the seconds that one request may."""
    file = command.folder / "app.py"
    file.write_text(SILENT)
    os.mkfifo(command.folder / "started")
    line = shlex.join([sys.executable, str(file), str(port), how])
    url = f"http://127.0.0.1:{port}/"
    running = command.start("run", "account-200", "--driver", "mock", "--app", url, "--app-command", line)
    (command.folder / "started").read_text()
    os.killpg(running.pid, number)
    _, errors = running.communicate(timeout=LONGEST)
    assert (running.returncode, errors) == (130, "")
    assert command.processes_left() == []


#: Starts its server in a session of its own, where no signal to the group reaches it, and ends itself last.
WRAPPER = """
import pathlib, signal, subprocess, sys
pathlib.Path("server.py").write_text({app!r})
server = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); exec(open('server.py').read())"
subprocess.Popen([sys.executable, "-c", server, *sys.argv[1:]], start_new_session=True).wait()
"""


@pytest.mark.browser
def test_a_server_that_left_its_wrappers_session_ends_too_and_its_output_is_not_waited_for(
    command: Command, port: int
) -> None:
    done = command(*started(command, WRAPPER.format(app=APP), port), variables={"MY_TOKEN": "anything"})
    assert "window-not-opened" in done.stdout
    assert command.processes_left() == []


@pytest.mark.browser
def test_its_environment_leads_it_to_the_stub_on_top_of_the_callers(command: Command, port: int) -> None:
    watching = APP.replace("<button>Connect Facebook</button>", "<button>Connect Facebook</button>")
    dump = 'open("environment.json", "w").write(__import__("json").dumps(dict(os.environ)))\nclass Page'
    command(*started(command, watching.replace("class Page", dump), port), variables={"KEPT": "yes"})
    seen = json.loads((command.folder / "environment.json").read_text())

    assert seen["KEPT"] == "yes"
    assert seen["HTTPS_PROXY"] == seen["https_proxy"]
    assert seen["HTTPS_PROXY"].startswith("http://127.0.0.1:")
    assert seen["LEADCONNECTOR_BASE_URL"].startswith("http://127.0.0.1:")
    assert seen["NODE_USE_ENV_PROXY"] == "1"
    assert {"localhost", "127.0.0.1", "::1"} <= set(seen["NO_PROXY"].split(","))
    (authority,) = {seen[name] for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")}
    assert not Path(authority).exists()  # it was there for the run


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("print('no database'); raise SystemExit(4)", "exit code 4; no database"),
        ("", "exit code 0; it wrote nothing"),
    ],
)
def test_an_app_that_ends_before_it_answers_is_told_with_what_it_wrote(
    command: Command, port: int, script: str, said: str
) -> None:
    done = command(*started(command, script, port))
    assert done.returncode == 3
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("no-such-program-anywhere", 3, "No such file"),
        ("'unfinished", 2, "No closing quotation"),
        ("", 2, "the command is empty"),
    ],
)
def test_a_command_that_cannot_be_started_is_told(command: Command, port: int, line: str, code: int, said: str) -> None:
    done = command("run", "account-200", "--app", f"http://127.0.0.1:{port}/", "--app-command", line)
    assert done.returncode == code
    assert said in done.stderr
    assert "--app-command" in done.stderr


def test_a_command_without_an_address_is_wrong_use(command: Command) -> None:
    done = command("run", "account-200", "--app-command", "true")
    assert done.returncode == 2
    assert "--app-command without --app" in done.stderr


def test_an_address_that_answers_already_is_told(command: Command) -> None:
    with LoopbackServer(lambda _request: __import__("werkzeug").Response("an old one")) as old:
        url = f"http://127.0.0.1:{old.port}/"
        done = command("run", "account-200", "--app", url, "--app-command", "true")
    assert done.returncode == 3
    assert "something answers already" in done.stderr
