"""`oauth-window serve -- COMMAND`: the app reaches the stub, and ends with the server; and files lead others there."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from oauth_window_harness.serve.app_files import as_file
from tests.commands import Command
from tests.paths import APPS
from tests.serve.http_suite import EVENT, batch, ticket_of
from tests.servers import ServeProcess
from tests.worlds import LOCATED_PATH, SERVICE, START

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")

URL = f"{SERVICE}{LOCATED_PATH}"
HEADERS = '{"Authorization": "Bearer x-y-z", "Version": "2021-07-28"}'

#: Asks the service by its production name, as a backend's code has it, and writes the status.
PYTHON = f"""
import os, ssl, urllib.request
asked = urllib.request.Request("{URL}", headers={HEADERS})
with urllib.request.urlopen(asked, context=ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])) as answer:
    print("status", answer.status, flush=True)
raise SystemExit(7)
"""
HTTPS = f"""
require("node:https").get("{URL}", {{ headers: {HEADERS} }},
  (answer) => {{ console.log("status", answer.statusCode); answer.resume(); }});
"""
FETCH = f"""
fetch("{URL}", {{ headers: {HEADERS} }})
  .then((answer) => console.log("status", answer.status), (error) => console.log("failed", error.cause?.code));
"""


def serve(command: Command, *words: str, folder: Path | None = None) -> tuple[int, str]:
    """Serve for as long as an app runs; return the exit code, and what was written."""
    done = subprocess.run(
        command.command_line("serve", "--port", "0", "--gateway-port", "0", "--", *words),
        env=command.environment(),
        cwd=folder or command.folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_an_app_reaches_the_stub_by_the_production_name_and_its_exit_code_is_the_servers(command: Command) -> None:
    code, text = serve(command, sys.executable, "-c", PYTHON)
    assert (code, "status 200" in text, "control: http" in text) == (7, True, True), text


@needs_node
def test_a_backend_on_node_reaches_it_by_https(command: Command) -> None:
    code, text = serve(command, "node", "-e", HTTPS)
    assert (code, "status 200" in text) == (0, True), text


@needs_node
@pytest.mark.skipif(not (APPS / "node_modules" / "undici").is_dir(), reason="needs the packages of fixtures/apps")
def test_nodes_own_fetch_reaches_it_by_the_projects_undici(command: Command) -> None:
    code, text = serve(command, "node", "-e", FETCH, folder=APPS)
    assert (code, "status 200" in text) == (0, True), text


@needs_node
def test_without_undici_the_app_is_told_what_to_install_where_its_node_needs_it(command: Command) -> None:
    _, text = serve(command, "node", "-e", FETCH)
    assert "status 200" in text or "npm install --save-dev undici" in text


def test_an_app_that_cannot_be_started_is_an_error_of_the_environment(command: Command) -> None:
    code, text = serve(command, "no-such-program")
    assert code == 3
    assert "the app cannot be started" in text
    assert "to do: name a program that is installed" in text.replace("\n", " ")


def test_the_app_ends_with_the_server(command: Command) -> None:
    served = ServeProcess(command, "--", sys.executable, "-c", "import time; time.sleep(600)")
    assert served.stop(signal.SIGTERM) == 0
    assert command.processes_left() == []


def test_files_lead_an_app_that_was_started_elsewhere(command: Command) -> None:
    env_file, ca = command.folder / "stub.env", command.folder / "ca.pem"
    served = ServeProcess(command, "--env-file", str(env_file), "--ca", str(ca))
    try:
        script = f"set -a; . {shlex.quote(str(env_file))}; exec {shlex.quote(sys.executable)} -c {shlex.quote(PYTHON)}"
        plain = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        done = subprocess.run(["sh", "-c", script], env=plain, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, done.stdout) == (7, "status 200\n"), done.stderr
        assert served.ready["ca"] == str(ca)
    finally:
        assert served.stop() == 0
    assert ca.read_text().startswith("-----BEGIN CERTIFICATE-----")
    assert not env_file.exists()


def test_the_file_of_the_environment_is_left_where_another_has_written_it_since(command: Command) -> None:
    env_file = command.folder / "stub.env"
    first = ServeProcess(command, "--env-file", str(env_file))
    env_file.write_text("HTTPS_PROXY=http://127.0.0.1:1\n")
    assert first.stop() == 0
    assert env_file.read_text() == "HTTPS_PROXY=http://127.0.0.1:1\n"


def test_a_file_with_settings_of_its_own_is_not_overwritten(command: Command) -> None:
    env_file = command.folder / ".env"
    env_file.write_text("# mine\nDATABASE_URL=postgres://somebody:secret@db/app\n")
    done = command("serve", "--port", "0", "--gateway-port", "0", "--env-file", str(env_file))
    assert done.returncode == 2
    text = done.stderr.replace("\n", " ")
    assert "holds more than the environment" in text
    assert "other lines, DATABASE_URL" in text
    assert "secret" not in text
    assert "DATABASE_URL" in env_file.read_text()


def test_a_file_with_another_certificate_is_not_overwritten(command: Command) -> None:
    ca = command.folder / "mine.pem"
    ca.write_text("my own\n")
    done = command("serve", "--port", "0", "--gateway-port", "0", "--ca", str(ca))
    assert done.returncode == 2
    assert "holds something else" in done.stderr
    assert ca.read_text() == "my own\n"


def test_the_certificate_of_an_earlier_server_is_overwritten(command: Command) -> None:
    ca = command.folder / "ca.pem"
    assert ServeProcess(command, "--ca", str(ca)).stop() == 0
    first = ca.read_text()
    assert ServeProcess(command, "--ca", str(ca)).stop() == 0
    assert ca.read_text() not in ("", first)


def test_what_an_earlier_server_left_is_overwritten(command: Command) -> None:
    env_file = command.folder / "stub.env"
    env_file.write_text("HTTPS_PROXY=http://127.0.0.1:1\n")
    served = ServeProcess(command, "--env-file", str(env_file))
    assert "127.0.0.1:1\n" not in env_file.read_text()
    assert served.stop() == 0
    assert not env_file.exists()


def test_the_file_of_the_environment_may_be_gone_before_the_server(command: Command) -> None:
    env_file = command.folder / "stub.env"
    served = ServeProcess(command, "--env-file", str(env_file))
    env_file.unlink()
    assert served.stop() == 0


def test_a_shell_reads_each_value_of_the_file_as_it_is(tmp_path: Path) -> None:
    values = {"PLAIN": "http://127.0.0.1:1", "HARD": '--require "/a b/it\'s $HOME.cjs"'}
    file = tmp_path / "stub.env"
    file.write_text(as_file(values))
    done = subprocess.run(
        ["sh", "-c", f'. {file}; printf "%s|%s" "$PLAIN" "$HARD"'], capture_output=True, text=True, check=True
    )
    assert done.stdout == "|".join(values.values())


def test_a_follow_up_that_is_missing_quotes_the_apps_own_line(command: Command) -> None:
    fifo = command.folder / "event"
    os.mkfifo(fifo)
    line = "Error: getaddrinfo ENOTFOUND services.leadconnectorhq.com"
    script = f"import time; open({str(fifo)!r}).read(); print({line!r}, flush=True); time.sleep(600)"
    served = ServeProcess(command, "--", sys.executable, "-c", script)
    try:
        with httpx.Client(base_url=served.ready["stub"], timeout=60) as client, fifo.open("w") as event:
            # The app has started, and waits: the patience is for what it writes.
            ticket = ticket_of(client)
            # Hundredths of a millisecond apart: the page did all of it before the app writes its line.
            now = time.time() * 1000
            reports: list[dict[str, Any]] = [
                {"kind": "loaded", "at": now, "url": "http://localhost/", "hasOpener": False},
                {"kind": "listeners", "at": now + 0.01, "count": 1},
                {"kind": "asked", "at": now + 0.02, "url": f"{SERVICE}{START}", "target": "", "features": "",
                 "returned": True, "active": True, "inClick": True},
                {"kind": "received", "at": now + 0.03, "data": EVENT, "origin": SERVICE, "source": "popup"},
                {"kind": "requested", "at": now + 0.04, "method": "POST", "url": "http://localhost/connected",
                 "body": json.dumps(EVENT)},
                {"kind": "present", "at": now + 60_000},
            ]  # fmt: skip
            assert client.post("/__harness/reports", content=batch(ticket, *reports, born=now)).status_code == 204
            event.close()
            found = client.get("/__harness/findings", params={"patience": 3}).json()["findings"][0]
        assert found["code"] == "follow-up-missing"
        assert f"app.log: {line}" in found["evidence"]
    finally:
        served.stop()
