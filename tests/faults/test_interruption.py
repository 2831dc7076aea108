"""A run that is interrupted at any moment ends in order; ``ci/signals`` tries many more moments."""

from __future__ import annotations

import pytest

from tests.commands import Command
from tests.faults.interruption import Interruption, faults_of, interruptions
from tests.processes import needs_proc

pytestmark = [pytest.mark.browser, needs_proc]


@pytest.mark.parametrize("interruption", interruptions(4, 12), ids=lambda one: f"{one.number.name}-{one.moment:.1f}")
def test_a_run_ends_in_order_at_whatever_moment_it_is_interrupted(command: Command, interruption: Interruption) -> None:
    assert faults_of(command, interruption) == []
