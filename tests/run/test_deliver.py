"""``--driver mock`` on somebody else's app: the backend's half is judged, the page's half is skipped, and why."""

from __future__ import annotations

import asyncio
import json
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.drivers.mock.delivery_body import DeliveryBody
from oauth_window_harness.errors import BadFileError, UsageError
from oauth_window_harness.journal.events import EventDelivered
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.network.loopback import LOOPBACK
from oauth_window_harness.reference import LOCATION
from oauth_window_harness.results.events import RunEvent, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import ScenarioResult
from oauth_window_harness.run import drivers
from oauth_window_harness.run.app_process import app_process
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.run.runner import Runner
from oauth_window_harness.scenario import catalog
from oauth_window_harness.stub.world import World
from tests.apps import MODULES
from tests.cases import CASES
from tests.commands import LONGEST, Command
from tests.paths import ROOT
from tests.ports import reserved_port

BACKEND = ROOT / "tests" / "fixtures" / "backend.py"
BUNDLED = list(catalog.bundled_scenarios().values())


@dataclass
class House:
    """A world, and the backend under test in a process of its own."""

    world: World
    url: str
    folder: Path
    journals: list[Journal] = field(default_factory=list)

    def play(self, path: str, *names: str, patience: float = 5.0, body: Path | None = None) -> list[ScenarioResult]:
        """Play scenarios with one of the backend's addresses."""
        url = self.url + path
        options = RunOptions(driver="mock", deliver=url, deliver_body=body)

        async def story() -> list[ScenarioResult]:
            async with drivers.driver_for(self.world, options) as driver:
                target = Target(self.url, "", "a 2xx answer", "any other answer", patience)
                runner = Runner(self.world, driver, [target], ArtifactFolder(self.folder), self.url, [self.keep])
                return list((await runner.run(catalog.select(names))).scenarios)

        return asyncio.run(story())

    def keep(self, event: RunEvent) -> None:
        """Keep the journal of each play."""
        if isinstance(event, ScenarioEnded):
            self.journals.append(event.journal)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("deliver")
    with reserved_port() as port:
        url = f"http://{LOOPBACK}:{port}/"
        options = RunOptions(driver="mock", deliver=url)
        with drivers.world_for(BUNDLED, options) as world:
            world.authority.write(folder / "ca.pem")
            world.let_pass(f"{LOOPBACK}:{port}")
            environment = world.environment(folder / "ca.pem")
            with running(port, url, environment, world, folder):
                yield House(world, url, folder / "report")


def running(
    port: int, url: str, environment: dict[str, str], world: World, folder: Path
) -> AbstractContextManager[object]:
    command = f"{sys.executable} {BACKEND} {port}"
    return app_process(command, url, environment, world.redactor, folder / "app.log")


def codes(results: Sequence[ScenarioResult]) -> dict[str, list[str]]:
    return {result.name: [found.code for found in result.findings] for result in results}


def test_a_right_backend_is_accused_of_nothing(house: House) -> None:
    names = ["account-200", "account-401", "account-422", "account-reset", "account-not-json", "event-page-underscore"]
    results = house.play("right", *names, "event-without-account-id", "facebook-login-first", "event-slow")
    assert [(result.name, result.verdict) for result in results if result.verdict != "passed"] == []
    assert house.journals[-1].of(EventDelivered)[0].status == 200


@pytest.mark.parametrize(
    ("path", "name", "code"),
    [
        ("no-version", "account-401", "version-missing"),
        ("other-path", "account-401", "follow-up-path-unknown"),
        ("location-from-body", "account-200", "follow-up-location-mismatch"),
        ("again-and-again", "account-401", "retry-storm"),
        ("always-well", "account-401", "failure-shown-as-success"),
        ("unchecked", "event-without-account-id", "account-id-missing-accepted"),
        ("never-asks", "account-200", "follow-up-missing"),
        ("nowhere", "account-200", "follow-up-missing"),
        ("breaks", "account-200", "connected-not-shown"),
        ("silent", "account-200", "silent-hang"),
    ],
)
def test_a_backends_mistake_is_its_first_finding(house: House, path: str, name: str, code: str) -> None:
    (result,) = house.play(path, name, patience=0.7)
    assert result.verdict == "failed"
    assert codes([result])[name][:1] == [code]


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("body.json", '{"locationId": "{locationId}", "accountId": "{accountId}", "more": ["{reconnectAccounts}"]}'),
        ("body.txt", "locationId={locationId}&accountId={accountId}"),
    ],
)
def test_the_body_that_the_backend_expects_is_sent(house: House, tmp_path: Path, name: str, body: str) -> None:
    (tmp_path / name).write_text(body)
    (result,) = house.play("location-from-body", "account-200", body=tmp_path / name)
    assert (result.verdict, result.findings) == ("passed", ())
    (asked,) = (request.url for request in result.requests if request.endpoint == "account")
    assert f"/oauth/{LOCATION}/facebook/accounts/" in asked


def test_a_field_that_the_event_lacks_is_left_out_of_the_body() -> None:
    body = DeliveryBody({"id": "{accountId}", "of": "{platform}: {placement}", "n": 1}, "")
    assert body.filled({"platform": "facebook"}) == {"of": "facebook: undefined", "n": 1}


def test_a_body_with_an_unknown_field_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "body.json").write_text('{\n "id": "{acountId}"\n}')
    with pytest.raises(BadFileError, match="names a field that no event has") as caught:
        DeliveryBody.read(tmp_path / "body.json")
    assert caught.value.where == f"{tmp_path / 'body.json'}:2"


def test_the_evidence_says_where_the_event_went(house: House) -> None:
    (result,) = house.play("breaks", "account-200", patience=0.5)
    told = f"the event was posted to {house.url}breaks, which answered 500"
    assert told in result.findings[0].evidence


def test_a_backend_that_goes_on_by_itself_is_judged_by_its_follow_up_alone(house: House) -> None:
    results = house.play("later", "account-200", "account-401")
    assert [result.verdict for result in results] == ["passed", "passed"]
    assert [request.status for result in results for request in result.requests if request.endpoint == "account"] == [
        200,
        401,
    ]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("account-200-no-pages", "empty list"),
        ("start-401", "posts no event"),
        ("event-none", "posts no event"),
        ("facebook-cancel", "posts no event"),
        ("facebook-error-page", "posts no event"),
        ("event-duplicate", "which of several messages"),
        ("event-json-string", "which of several messages"),
        ("event-noise", "forgery"),
        ("forged-foreign-origin", "forgery"),
        ("window-blocked", "blocked"),
        ("window-double-click", "one window or several"),
        ("coop-finish-same-origin", "opener is cut"),
    ],
)
def test_what_the_page_decides_is_skipped_with_the_reason(house: House, name: str, reason: str) -> None:
    (result,) = house.play("right", name)
    assert result.verdict == "skipped"
    assert result.reason is not None
    assert reason in result.reason


def test_the_command_delivers_and_ends_what_it_started(command: Command, port: int) -> None:
    url = f"http://{LOOPBACK}:{port}/"
    options = ["--app", url, "--app-command", f"{sys.executable} {BACKEND} {port}", "--deliver", f"{url}right"]
    done = command("run", "--driver", "mock", *options, "contract", variables={"PORT": str(port)})

    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())
    assert (results["driver"], results["app"]) == ("mock", url)
    assert results["summary"] == {"passed": 9, "warned": 0, "failed": 0, "skipped": 4, "broken": 0}


def test_a_backend_that_needs_the_location_in_the_body_is_told_it(command: Command, port: int) -> None:
    if shutil.which("node") is None or not MODULES.exists():
        pytest.skip("needs Node.js and the packages of fixtures/apps/package.json; ci/test sets them up")
    url = f"http://{LOOPBACK}:{port}/"
    serve = ["node", str(CASES / "serve.mjs"), str(CASES / "deliver-location"), str(port)]
    (command.folder / "body.json").write_text(
        '{"locationId": "{locationId}", "platform": "{platform}", "accountId": "{accountId}"}'
    )
    run = ("run", "--driver", "mock", "--app", url, "--app-command", shlex.join(serve), "account-200", "account-401")
    deliver = ("--deliver", f"{url}api/oauth/accounts")
    variables = {"CASES_DEPS": str(MODULES.parent)}
    told = command(*run, *deliver, "--deliver-body", "body.json", variables=variables)
    assert told.returncode == 0, told.stdout + told.stderr

    untold = command(*run, *deliver, variables=variables)
    assert untold.returncode == 1, untold.stdout + untold.stderr


def test_the_app_may_be_left_out(house: House, command: Command) -> None:
    done = command("run", "--driver", "mock", "--deliver", f"{house.url}never-asks", "--patience", "0.3", "account-200")
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"1 scenario on {house.url}never-asks, mock" in done.stdout
    assert f"--driver mock --deliver {house.url}never-asks" in done.stdout  # the command that runs it again


def test_without_a_backend_to_ask_a_foreign_page_is_skipped_whole(command: Command) -> None:
    done = command("run", "--driver", "mock", "--app", "http://127.0.0.1:9/", "account-200", "forged-null-origin")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("- account-200, forged-null-origin  skipped: the page's own script decides this") == 1
    results = json.loads((command.folder / "oauth-window-report" / "results.json").read_text())
    assert results["summary"]["skipped"] == 2


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--deliver", "http://127.0.0.1:9/x"], 2, "--deliver is of no use with --driver playwright"),
        (["--driver", "lynx"], 2, "lynx"),
        (["--driver", "mock", "--deliver", "http://127.0.0.1:9/x"], 3, "does not answer"),
    ],
)
def test_bad_input_is_told_in_plain_words(command: Command, options: list[str], code: int, told: str) -> None:
    done = command("run", *options, "account-200")
    assert done.returncode == code, done.stdout + done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (RunOptions(deliver="http://127.0.0.1:9/"), "--deliver is of no use with --driver playwright"),
        (RunOptions(driver="mock", headed=True), "--headed is of no use with --driver mock"),
        (RunOptions(driver="mock", executable="/bin/true"), "--executable is of no use with --driver mock"),
        (RunOptions(driver="mock", deliver_body=Path("x")), "--deliver-body is of no use with --driver mock"),
    ],
)
def test_options_that_the_driver_has_no_use_for_are_refused(options: RunOptions, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        drivers.check(options)
    drivers.check(RunOptions())
    drivers.check(RunOptions(driver="mock", deliver="http://127.0.0.1:9/"))


@pytest.mark.parametrize("ends", [signal.SIGINT, signal.SIGTERM])
def test_a_run_of_many_plays_is_interrupted_at_once(command: Command, ends: signal.Signals) -> None:
    running = command.start("run", "--driver", "mock", "account-200", "--repeat", "10000")
    assert running.stdout is not None
    while "✓ account-200" not in running.stdout.readline():
        assert running.poll() is None
    running.send_signal(ends)
    told, errors = running.communicate(timeout=LONGEST)
    assert running.returncode == 130, errors
    assert "interrupted; these are the results so far" in told


def test_the_mock_needs_no_browser_on_the_machine(command: Command) -> None:
    nowhere = {"PATH": str(Path(sys.executable).parent), "PLAYWRIGHT_BROWSERS_PATH": str(command.folder)}
    done = command("run", "--driver", "mock", "account-200", variables={**nowhere, "OAUTH_WINDOW_BROWSER": "/nothing"})
    assert done.returncode == 0, done.stdout + done.stderr
