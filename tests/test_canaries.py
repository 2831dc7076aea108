"""Canaries of twelve kinds through every command and option: none is in any byte that is written or shown.

The kinds are known by their shape, by the name that stands beside them, or by where they come from. A picture of what a
page itself shows is no text, and is left out, as SECURITY.md says. What a recording does with them is also in
tests/record.
"""

from __future__ import annotations

import base64
import io
import json
import os
import shlex
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug import Request, Response

from oauth_window_harness.contract.fixture import contracts
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.run.options import OPTIONS
from tests.commands import InProcess
from tests.ports import reserved_port
from tests.servers import server_in_a_thread
from tests.upstreams import ACCOUNT, ANSWERS, LOCATION, PAGES, as_json, service
from tests.worlds import LOCATED_PATH, PROSE_PATH, SERVICE, START, start_query

#: Each kind: how it stands in a text, and what of it may stand nowhere.
CANARIES = {
    "an OAuth bearer": ("Authorization: Bearer q9LmBearer7Zz", "q9LmBearer7Zz"),
    "a Private Integration token": ("pit-0f9e8d7c-6b5a-4c3d-2e1f-0a9b8c7d6e5f", "0f9e8d7c-6b5a"),
    "a JWT": ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnQ2FuYXJ5", "eyJzdWIiOiJjYW5hcnkifQ"),
    "a refresh token": ("refresh_token=q9LmRefresh7Zz", "q9LmRefresh7Zz"),
    "a client secret": ("client_secret: q9LmClient7Zz", "q9LmClient7Zz"),
    "a cookie": ("Set-Cookie: sid=q9LmCookie7Zz; Path=/", "q9LmCookie7Zz"),
    "an authorization code": ("https://a.test/cb?code=AQDq9LmCode7Zz", "AQDq9LmCode7Zz"),
    "a signed state": ("https://a.test/cb?a=b&state=q9LmState7Zz.c2ln", "q9LmState7Zz"),
    "an e-mail address": ("q9lm.jane@bakery.example.org", "q9lm.jane@bakery"),
    "a password in an address": ("https://jane:q9LmPass7Zz@a.test/x", "q9LmPass7Zz"),
    "a field of JSON": ('{"password": "q9LmField7Zz"}', "q9LmField7Zz"),
    "a token in an address": ("https://a.test/?access_token=q9LmQuery7Zz", "q9LmQuery7Zz"),
}  # fmt: skip
ALL = " | ".join(text for text, _ in CANARIES.values())
#: An opaque token, which is known by nothing but where it is sent.
OPAQUE = "q9LmOpaque7Zz"

Row = Callable[[InProcess], list[str]]
ROWS: dict[str, Row] = {}


def row(name: str) -> Callable[[Row], Row]:
    def add(way: Row) -> Row:
        ROWS[name] = way
        return way

    return add


def shown(command: InProcess, *arguments: str, **variables: str) -> str:
    """Run the command, and return what it shows."""
    done = command(*arguments, variables=variables)
    assert "Traceback" not in done.stderr
    return f"{done.stdout}\n{done.stderr}"


def run(command: InProcess, *arguments: str, **variables: str) -> str:
    return shown(command, "run", "--driver", "mock", "account-200", *arguments, **variables)


# --- words of the command line --------------------------------------------------------------------------------------

#: The options that take a text, but for those that start or open what they name. The folder of `--output` is named so
#: by its user, and `--app` is left to the tests of its address.
ASIDE = ("app", "app_command", "driver", "executable", "output")
TEXT_OPTIONS = [name for name, one in OPTIONS.items() if one.metavar and name not in ASIDE]


def option_row(name: str) -> None:
    @row(f"run --{name}")
    def way(command: InProcess) -> list[str]:
        return [run(command, f"--{name.replace('_', '-')}", text) for text, _ in CANARIES.values() if "/" not in text]


for each in TEXT_OPTIONS:
    option_row(each)


@row("the words of every command")
def words(command: InProcess) -> list[str]:
    lines = [
        ["run", "--driver", "mock"], ["explain"], ["scenarios", "show"], ["scenarios", "check"],
        ["serve", "--scenario"], ["verify"], ["verify", "--spec"], ["verify", "--format"], ["verify", "--max-age"],
        ["record", "--location", "l", "--field"], ["record", "--location"], ["record", "--location", "l", "--upstream"],
        ["record", "--location", "l", "--token-env"], ["serve", "--port"],
        ["serve", "--scenario", "nothing", "--allow"], ["serve", "--scenario", "nothing", "--fixtures"], ["doctor"], [],
        ["scenarios"],
    ]  # fmt: skip
    return [shown(command, *line, text) for line in lines for text, _ in CANARIES.values()]


@row("doctor, with canaries in the environment")
def doctor(command: InProcess) -> list[str]:
    proxy = "http://jane:q9LmPass7Zz@127.0.0.1:9"
    return [shown(command, "doctor", HTTPS_PROXY=proxy, https_proxy=proxy, PLAYWRIGHT_BROWSERS_PATH="/nowhere")]


@row("run --token and --token-env, opaque")
def tokens(command: InProcess) -> list[str]:
    return [
        run(command, "--token", OPAQUE, "--patience", "0.1"),
        run(command, "--token-env", "MINE", MINE=OPAQUE),
        run(command, "--token", OPAQUE, "--location", OPAQUE),
        run(command, f"--token={OPAQUE}", "account-401", "nothing-of-the-kind"),
    ]


# --- files ----------------------------------------------------------------------------------------------------------


@row("the configuration")
def configuration(command: InProcess) -> list[str]:
    file = command.folder / "oauth-window.toml"
    texts = [f"{name.replace('_', '-')} = {json.dumps(ALL)}\n" for name in OPTIONS if name != "output"]
    texts += [f"token = {json.dumps(OPAQUE)}\n", f"unknown = {json.dumps(ALL)}\n", f"driver = {json.dumps(ALL)} x\n"]
    told = []
    for text in texts:
        file.write_text(text)
        told.append(run(command))
    file.unlink()
    return told


@row("the storage state")
def storage(command: InProcess) -> list[str]:
    file = command.folder.parent / "state.json"
    entry = {"name": "token", "value": OPAQUE}
    cookie = {**entry, "domain": "localhost", "path": "/"}
    told = []
    for state in ({"cookies": [cookie]}, {"cookies": [{"name": OPAQUE, "value": 7}]}, {OPAQUE: ALL}, [ALL], OPAQUE):
        file.write_text(json.dumps(state))
        told.append(shown(command, "run", "account-200", "--driver", "mock", "--storage-state", str(file)))
    file.write_text(ALL)
    told.append(shown(command, "run", "account-200", "--storage-state", str(file), "--jobs", "0"))
    return told


@row("scenario files")
def scenarios(command: InProcess) -> list[str]:
    file = command.folder.parent / "a-story.yaml"
    expect = "expect: {outcome: connected, follow_up: true}\n"
    told = []
    for text in (
        f"title: {json.dumps(ALL)}\n{expect}", f"title: A\n{json.dumps(ALL)}: 1\n{expect}",
        f"title: A\nexpect: {{outcome: {json.dumps(ALL)}}}\n", f"title: A\n{expect}user: [{json.dumps(ALL)}]\n",
        f"title: {ALL}\n", f"answers: {{account: {json.dumps(ALL)}}}\ntitle: A\n{expect}",
    ):  # fmt: skip
        file.write_text(text)
        told += [shown(command, "scenarios", "check", str(file)), shown(command, "run", "--driver", "mock", str(file))]
    return told


@row("fixtures: the event and the answers")
def fixtures(command: InProcess) -> list[str]:
    folder = command.folder.parent / "fixtures"
    folder.mkdir()
    event = contracts().event("event")
    data = {**event.data, "note": ALL, "refreshToken": "q9LmRefresh7Zz", "deep": [{"password": "q9LmField7Zz"}]}
    (folder / "event.json").write_text(event.model_copy(update={"data": data}).model_dump_json())
    told = [run(command, "--fixtures", str(folder), "event-json-string")]
    (folder / "account-200.json").write_text(json.dumps({"kind": ALL, ALL: 1}))
    return [*told, run(command, "--fixtures", str(folder)), shown(command, "verify", str(folder))]


@row("earlier results and baselines")
def earlier(command: InProcess) -> list[str]:
    report = command.folder / "oauth-window-report"
    report.mkdir()
    results, baseline = report / "results.json", command.folder.parent / "baseline.json"
    told = []
    for content in (json.dumps({"summary": ALL}), json.dumps({ALL: 1}), json.dumps({"known": [{ALL: ALL}]}), ALL):
        results.write_text(content)
        baseline.write_text(content)
        told += [shown(command, "report", "merge", str(report), "--output", "merged")]
        told += [run(command, "--last-failed"), run(command, "--baseline", str(baseline), "--output", "other")]
    results.unlink()
    return told


# --- what an app says -----------------------------------------------------------------------------------------------

#: An app whose backend follows up with an opaque token that it has logged before, and answers canaries.
APP = """
import http.server, json, os, sys, urllib.request
ALL, OPAQUE = sys.argv[2:]
print(ALL, flush=True)
print("Error: cannot use", OPAQUE, flush=True)
class App(http.server.BaseHTTPRequestHandler):
    def do_GET(self): self.answer(200)
    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        print("TypeError: event with", OPAQUE, ALL, flush=True)
        address = (os.environ["LEADCONNECTOR_BASE_URL"] + "/social-media-posting/oauth/%s/facebook/accounts/%s"
                   % ("ve9EPM428h8vShlRW1KT", event.get("accountId")))
        headers = {"Authorization": "Bearer " + OPAQUE, "Version": "2021-07-28", "Cookie": "sid=q9LmCookie7Zz"}
        try:
            with urllib.request.urlopen(urllib.request.Request(address + "?key=" + OPAQUE, headers=headers)) as answer:
                self.answer(answer.status)
        except OSError as error:
            print("Error:", error, OPAQUE, flush=True)
            self.answer(500)
    def answer(self, status):
        self.send_response(status)
        self.send_header("Set-Cookie", "sid=q9LmCookie7Zz")
        self.send_header("X-Canaries", ALL)
        self.end_headers()
        self.wfile.write((ALL + OPAQUE).encode())
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), App).serve_forever()
"""


@row("app.log, the app's headers and bodies")
def app(command: InProcess) -> list[str]:
    script = command.folder.parent / "app.py"
    script.write_text(APP)
    with reserved_port() as port:
        line = shlex.join([sys.executable, str(script), str(port), ALL, OPAQUE])
        url = f"http://{LOOPBACK}:{port}/"
        told = run(
            command, "account-401", "account-500", "--app", url, "--deliver", url, "--app-command", line,
            "--token", OPAQUE, PATH=os.environ["PATH"],
        )  # fmt: skip
    assert (command.folder / "oauth-window-report" / "app.log").exists()
    return [told]


@row("serve: what its journal keeps of requests")
def serve(_command: InProcess) -> list[str]:
    with server_in_a_thread() as server:
        ask = server.client.request
        texts = [text for text, _ in CANARIES.values()]
        ask("GET", START, params=start_query(key=OPAQUE, note=ALL), headers={"Referer": f"http://a.test/?{quote(ALL)}"})
        for text in texts:
            ask("GET", f"{PROSE_PATH}/{quote(text, safe='')}", headers={"Cookie": text, "User-Agent": text})
            ask("POST", PROSE_PATH, content=text, headers={"Prefer": text, "Version": text, "Accept": text})
            ask("GET", PROSE_PATH, headers={"Authorization": text, "token-id": text, "Origin": text})
        ask("GET", LOCATED_PATH, headers={"Authorization": f"Bearer {OPAQUE}", "Version": "2021-07-28"})
        return [server.client.get("/__harness/requests").text]


# --- what a service says --------------------------------------------------------------------------------------------


def says_all(_request: Request, status: int) -> Response:
    body: dict[str, Any] = {**ANSWERS[status], "message": ALL}
    if status == 200:
        body["results"] = {"pages": [{**PAGES[0], "name": ALL, "avatar": "https://a.test/?" + quote(ALL)}]}
    return as_json(body, status, {"X-Canaries": ALL, "Set-Cookie": "sid=q9LmCookie7Zz"})


def live(origin: str) -> list[str]:
    return ["--location", LOCATION, "--account-id", ACCOUNT, "--token-env", "TOKEN", "--upstream", origin]


@row("record")
def record(command: InProcess) -> list[str]:
    with service(says_all) as origin:
        told = [shown(command, "record", *live(origin), TOKEN=OPAQUE)]
    with service(
        lambda _request, status: as_json({**ANSWERS[status], "plan": ALL, "meta": {ALL: ALL}}, status)
    ) as origin:
        told.append(shown(command, "record", *live(origin), TOKEN=OPAQUE))
        told.append(
            shown(command, "record", *live(origin), "--field", "plan=keep", "--field", "meta=pseudonym", TOKEN=OPAQUE)
        )
    return told


@row("verify")
def verify(command: InProcess) -> list[str]:
    spec = command.folder.parent / "openapi.json"
    spec.write_text(json.dumps({"openapi": "3.0.0", "paths": {ALL: {"get": {"responses": {"200": ALL}}}}}))
    told = [shown(command, "verify", "--spec", str(spec), "--format", kind) for kind in ("text", "json", "sarif")]
    with service(says_all) as origin:
        formats = ("text", "json", "sarif")
        told += [shown(command, "verify", *live(origin), "--format", kind, TOKEN=OPAQUE) for kind in formats]
    return told


@row("a server that answers nothing but canaries")
def odd_upstream(command: InProcess) -> list[str]:
    def answer(_request: Request) -> Response:
        return Response(ALL, 302, {"Location": "https://jane:q9LmPass7Zz@a.test/?access_token=q9LmQuery7Zz"})

    with LoopbackServer(answer) as server:
        origin = f"http://{LOOPBACK}:{server.port}"
        return [shown(command, name, *live(origin), TOKEN=OPAQUE) for name in ("record", "verify")]


# --- what a trace keeps of a page -------------------------------------------------------------------------------------

IN_A_BROWSER = "run in a browser, whose trace is kept"

#: A page that says and sends all of them, and opens a window whose event it ignores.
PAGE = f"""
<meta name=csrf-token content={OPAQUE}><p role=status></p><form><input type=password value={OPAQUE}></form>
<button>Connect Facebook</button><script>
const all = {json.dumps(ALL)}, opaque = {json.dumps(OPAQUE)};
document.cookie = "theme=" + opaque;
document.querySelector("p").textContent = all;
console.log(all);
const headers = {{ Authorization: opaque, "X-Of-The-App-Alone": opaque }};
fetch("/json", {{ method: "POST", headers, body: JSON.stringify({{ all, password: opaque }}) }});
fetch("/form", {{ method: "POST", body: new URLSearchParams({{ all, token: opaque, code: "AQDq9LmCode7Zz" }}) }});
fetch("/address?access_token=q9LmQuery7Zz&code=AQDq9LmCode7Zz");
document.querySelector("button").onclick = () => {{
  window.open({json.dumps(SERVICE + START + "?")} + new URLSearchParams({start_query()}));
}};
</script>
"""


def page_with_canaries(request: Request) -> Response:
    cookie = {"Set-Cookie": "sid=q9LmCookie7Zz", "X-Canaries": ALL}
    if request.path == "/":
        return Response(PAGE, content_type="text/html", headers=cookie)
    body = {"said": ALL, "access_token": OPAQUE, "again": request.get_data(as_text=True)}
    return Response(json.dumps(body), content_type="application/json", headers=cookie)


@row(IN_A_BROWSER)
def traced(command: InProcess) -> list[str]:
    with LoopbackServer(page_with_canaries) as server:
        app = ["--app", f"http://{LOOPBACK}:{server.port}/", "--patience", "2", "--artifacts"]
        told = [shown(command, "run", "account-200", *app, kept, "--output", kept) for kept in ("failed", "all")]
    for kept in ("failed", "all"):
        with zipfile.ZipFile(command.folder / kept / "scenarios/account-200/trace.zip") as trace:
            assert b"oauth/facebook/start" in trace.read("trace.network")
            assert b"/address?access_token=<redacted>" in trace.read("trace.network")
    return told


# --- the search -----------------------------------------------------------------------------------------------------


def spellings(secret: str) -> set[str]:
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    return {secret, quote(secret, safe=""), secret.encode().hex(), secret[::-1], encoded[:-1]}


SECRETS = {kind: spellings(secret) for kind, (_, secret) in CANARIES.items()} | {"an opaque token": spellings(OPAQUE)}


def written(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what is in each file below a folder, in zips too, but for pictures."""
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix != ".png":
            yield from contents(str(file.relative_to(folder)), file.read_bytes())


def contents(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from contents(f"{name}!{member}", archive.read(member))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.browser] if name == IN_A_BROWSER else []) for name in ROWS]
)
def test_no_canary_is_in_anything_that_is_written_or_shown(name: str, tmp_path: Path, in_process: InProcess) -> None:
    in_process.folder = tmp_path / "here"
    in_process.folder.mkdir()

    told = ROWS[name](in_process)

    assert told
    places = [*written(in_process.folder), *((f"shown {place}", text.encode()) for place, text in enumerate(told))]
    found = [
        f"{kind} in {place}: {text[max(0, text.find(one.encode()) - 60) :][:160]!r}"
        for place, text in places
        for kind, secrets in SECRETS.items()
        for one in secrets
        if one.encode() in text
    ]
    assert found == []


def test_the_search_finds_what_stands_in_a_zip_in_a_zip() -> None:
    def zipped(name: str, content: bytes) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(name, content)
        return buffer.getvalue()

    inner = zipped("trace.network", OPAQUE.encode())
    assert any(OPAQUE.encode() in content for _, content in contents("a.zip", zipped("b.zip", inner)))
