"""The places of what the plays of a run have found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from oauth_window_harness.checks.code_places import stacks_of
from oauth_window_harness.checks.flow import Flow
from oauth_window_harness.findings.finding import Finding
from oauth_window_harness.stub.world import World

if TYPE_CHECKING:
    from oauth_window_harness.run.code.places import CodePlaces


@dataclass
class PlayPlaces:
    """Finds the places of findings; each slot asks for scripts by the gateway of its own pages.

    Args:
        world: where the plays are played.
        is_direct: returns whether the page's browser asks a host without the gateway.
    """

    world: World
    is_direct: Callable[[str], bool] = lambda _host: False
    _of_slots: dict[int, CodePlaces] = field(default_factory=dict)

    async def placed(self, findings: Sequence[Finding], flow: Flow, slot: int) -> Sequence[Finding]:
        """Return the findings of a play, each with its place where one is known; other plays go on meanwhile."""
        if not any(stacks_of(found, flow) for found in findings):
            return findings
        return await asyncio.to_thread(self._of(slot).placed, findings, flow)

    def placed_now(self, findings: Sequence[Finding], flow: Flow) -> Sequence[Finding]:
        """Return the same of a play that is played alone, without an event loop."""
        if not any(stacks_of(found, flow) for found in findings):
            return findings
        return self._of(0).placed(findings, flow)

    def _of(self, slot: int) -> CodePlaces:
        from oauth_window_harness.run.code.places import CodePlaces  # noqa: PLC0415 - symbolic is slow to import
        from oauth_window_harness.run.code.script_files import ScriptFiles  # noqa: PLC0415

        if slot not in self._of_slots:
            self._of_slots[slot] = CodePlaces(ScriptFiles(self.world.page_gateway_url(slot), self.is_direct))
        return self._of_slots[slot]
