"""What the address of the page under test holds of secrets reaches the browser, and no file and no line."""

from __future__ import annotations

import base64
import json
import shlex
import sys
from collections.abc import Iterator

import pytest
from werkzeug import Request, Response

from oauth_window_harness.cli.next_command import replay_command, typed_command
from oauth_window_harness.network.loopback import LoopbackServer
from oauth_window_harness.run.options import RunOptions
from tests.commands import Command

PASSWORD, API, SIGNED, ACCESS = "pass-w0rd-4711", "live-api-4711", "signed-4711-abc", "fragment-4711-xyz"
SECRETS = (PASSWORD, API, SIGNED, ACCESS, base64.b64encode(f"ann:{PASSWORD}".encode()).decode())
PARTS = f"ann:{PASSWORD}@", f"?api_token={API}&x-signature-key={SIGNED}#access_token={ACCESS}"

#: Shows its whole address, logs it, asks its server with it, and opens the window without listening.
PAGE = """<!doctype html><button>Connect Facebook</button><p></p><script>
document.querySelector("button").onclick = () => {
  document.querySelector("p").textContent = `${location.href} ${document.cookie}`;
  console.error(location.href);
  fetch(location.origin + "/log" + location.search, { headers: { "x-hash": location.hash } });
  open("https://services.leadconnectorhq.com/social-media-posting/oauth/facebook/start?locationId=l1&userId=u1");
};
</script>"""


class App:
    """The page, for those who log in.

    Attributes:
        seen: what reached it of user, password, query and fragment.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def __call__(self, request: Request) -> Response:
        """Answer, if the request has a password."""
        if request.authorization is None:
            return Response("log in", 401, {"WWW-Authenticate": 'Basic realm="app"'})
        said = (request.authorization.password, *request.args.values(), request.headers.get("x-hash", ""))
        self.seen |= {value.rpartition("=")[2] for value in said if value}
        return Response(PAGE, content_type="text/html", headers={"Set-Cookie": f"api={API}"})


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def url(app: App) -> Iterator[str]:
    with LoopbackServer(app) as server:
        yield f"http://{PARTS[0]}127.0.0.1:{server.port}/{PARTS[1]}"


def written(command: Command) -> bytes:
    return b"".join(file.read_bytes() for file in command.folder.rglob("*") if file.is_file())


def tells_no_secret(command: Command, *outputs: str) -> None:
    everything = written(command) + "".join(outputs).encode()
    assert [secret for secret in SECRETS if secret.encode() in everything] == []


@pytest.mark.browser
def test_the_browser_gets_the_genuine_address_and_nothing_that_is_written_has_its_secrets(
    command: Command, app: App, url: str
) -> None:
    done = command("run", "account-200", "account-401", "--app", url, "--patience", "0.5", "--play-all")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "listener-missing" in done.stdout
    assert {PASSWORD, API, SIGNED, ACCESS} <= app.seen
    tells_no_secret(command, done.stdout, done.stderr)
    results = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())
    address = results["app"]
    assert address.startswith("http://<redacted>@127.0.0.1:")
    assert address.endswith("/?api_token=<redacted>&x-signature-key=<redacted>#access_token=<redacted>")
    assert address in results["command"]


@pytest.mark.parametrize(
    "further",
    [
        pytest.param((), marks=pytest.mark.browser),
        ("--driver", "mock", "--app-command", f"{shlex.quote(sys.executable)} -c 'raise SystemExit(4)'"),
    ],
)
def test_an_error_that_names_the_address_has_none_either(command: Command, port: int, further: tuple[str, ...]) -> None:
    url = f"http://{PARTS[0]}127.0.0.1:{port}/{PARTS[1]}"
    done = command("run", "account-200", "--app", url, *further)
    assert done.returncode == 3
    assert "<redacted>@127.0.0.1" in done.stderr
    tells_no_secret(command, done.stdout, done.stderr)


@pytest.mark.parametrize(
    "address",
    [
        f"https://{PARTS[0]}app.test/",
        f"https://{API}@app.test/",
        f"https://app.test/?token={API}",
        f"https://app.test/a;session_id={API}",
        f"https://app.test/#/callback?access_token={API}&x=1",
        "https://app.test/?token=short",
        "https://ann:short@app.test/",
    ],
)
def test_the_commands_have_none(address: str) -> None:
    again = replay_command(RunOptions(app=address, deliver=address))
    for command in (*again, typed_command(["run", "--app", address], None), typed_command([f"--app={address}"], None)):
        assert not any(secret in command for secret in (*SECRETS, "short"))
    assert again[3].startswith("https://")
