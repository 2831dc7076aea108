"""The context that is made in advance for the next play."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Error as PlaywrightError

from oauth_window_harness.drivers.playwright.spare import Spare


class Page:
    """A page that stays open."""

    def is_closed(self) -> bool:
        return False


class Context:
    """A context that was prepared."""

    def __init__(self) -> None:
        self.page = Page()


def make_each(*outcomes: object) -> Callable[[], Awaitable[Any]]:
    """Return a function that returns or raises each of these in turn."""
    left = list(outcomes)

    async def make() -> Any:
        await asyncio.sleep(0)
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return make


def test_a_play_gets_the_context_that_was_prepared_and_the_next_one_another() -> None:
    first, second = Context(), Context()

    async def take_twice() -> list[object]:
        spare = Spare(make_each(first, second))
        spare.prepare()
        spare.prepare()
        return [await spare.take(), await spare.take()]

    assert asyncio.run(take_twice()) == [first, second]


def test_an_error_in_advance_is_no_error_of_the_play_that_makes_its_own() -> None:
    made = Context()

    async def take() -> object:
        spare = Spare(make_each(PlaywrightError("the page crashed"), made))
        spare.prepare()
        return await spare.take()

    assert asyncio.run(take()) is made


def test_an_error_of_a_context_that_is_made_for_its_play_is_told() -> None:
    async def take() -> object:
        spare = Spare(make_each(PlaywrightError("the browser has gone"), PlaywrightError("the browser has gone")))
        spare.prepare()
        return await spare.take()

    with pytest.raises(PlaywrightError, match="the browser has gone"):
        asyncio.run(take())


def test_what_is_prepared_and_never_taken_ends_with_the_driver() -> None:
    async def drop() -> set[asyncio.Task[Any]]:
        spare = Spare(make_each(Context()))
        spare.prepare()
        await spare.drop()
        return asyncio.all_tasks() - {task for task in [asyncio.current_task()] if task is not None}

    assert asyncio.run(drop()) == set()
