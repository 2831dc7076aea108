"""A request that comes late belongs to the play that caused it, and is held against no other."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import httpx
from werkzeug import Request, Response

from oauth_window_harness.drivers.base import Target
from oauth_window_harness.journal.events import RequestSeen
from oauth_window_harness.journal.journal import Journal
from oauth_window_harness.network.loopback import LOOPBACK, LoopbackServer
from oauth_window_harness.results.events import RunEvent, ScenarioEnded
from oauth_window_harness.results.folder import ArtifactFolder
from oauth_window_harness.results.model import ScenarioResult
from oauth_window_harness.run import drivers
from oauth_window_harness.run.options import RunOptions
from oauth_window_harness.run.runner import Runner
from oauth_window_harness.scenario import catalog
from oauth_window_harness.stub.world import World
from tests.worlds import GOOD, LONGEST


class Backend:
    """An app's backend that asks once more where it was refused: as soon as the next scenario has been begun.

    Attributes:
        stub_url: where it finds the service.
    """

    def __init__(self) -> None:
        self.stub_url = ""
        self._begun = threading.Event()
        self._asked = threading.Event()

    def __call__(self, request: Request) -> Response:
        if request.method == "GET":
            return Response("a backend")
        path = f"/social-media-posting/oauth/facebook/accounts/{request.get_json()['accountId']}"
        status = self._ask(path)
        if status != 200:
            threading.Thread(target=self._ask_again, args=(path,)).start()
        return Response(status=status)

    def see_the_next_start(self) -> None:
        """Ask once more, and return when that has been answered."""
        self._begun.set()
        assert self._asked.wait(LONGEST)

    def _ask(self, path: str) -> int:
        return httpx.get(self.stub_url + path, headers=GOOD, trust_env=False, timeout=LONGEST).status_code

    def _ask_again(self, path: str) -> None:
        assert self._begun.wait(LONGEST)
        self._ask(path)
        self._asked.set()


def played(url: str, world: World, folder: Path) -> tuple[list[ScenarioResult], list[Journal]]:
    """Return what came of account-401 and then account-200-many-pages, with their journals as they are in the end."""
    options = RunOptions(driver="mock", deliver=url)
    journals: list[Journal] = []

    def hear(event: RunEvent) -> None:
        if isinstance(event, ScenarioEnded):
            journals.append(event.journal)

    async def story() -> list[ScenarioResult]:
        async with drivers.driver_for(world, options) as driver:
            target = Target(url, "", "a 2xx answer", "any other answer", LONGEST)
            runner = Runner(world, driver, [target], ArtifactFolder(folder), url, [hear])
            return list((await runner.run(catalog.select(["account-401", "account-200-many-pages"]))).scenarios)

    return asyncio.run(story()), journals


def test_a_backends_late_retry_is_not_held_against_the_next_scenario(tmp_path: Path) -> None:
    backend = Backend()
    starts = iter([lambda: None, backend.see_the_next_start])
    options = RunOptions(driver="mock", deliver="http://127.0.0.1/")
    world = drivers.world_for(catalog.select(["account-401", "account-200-many-pages"]), options)

    def answer(request: Request) -> Response:
        response = world.stub(request)
        if request.path.endswith("/start"):
            next(starts)()
        return response

    world.answer = answer
    with world, LoopbackServer(backend) as server:
        backend.stub_url = world.stub_url
        world.let_pass(f"{LOOPBACK}:{server.port}")
        results, journals = played(server.url_for("/"), world, tmp_path)

    asked = [
        [(request.status, request.problems) for request in journal.of(RequestSeen) if request.endpoint == "account"]
        for journal in journals
    ]
    assert asked == [[(401, ()), (401, ())], [(200, ())]]
    assert [(result.name, result.verdict) for result in results] == [
        ("account-401", "passed"),
        ("account-200-many-pages", "passed"),
    ]
