"""Fixtures of the tests of ``serve``."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.servers import Server, server_in_a_thread


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Yield a server that the tests of one module share, each by a key of its own."""
    with server_in_a_thread() as running:
        yield running


@pytest.fixture
def key() -> str:
    """Return a key that no other test has."""
    return f"test-{uuid.uuid4()}"
