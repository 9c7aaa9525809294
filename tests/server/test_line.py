"""Where questions wait for their turn."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from loops import run_apart

from qa.errors import TurnedAwayError
from qa.server.line import Line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Visitors:
    """Lets visitors take turns in a line; `served` and `turned_away` are their numbers in order."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.served: list[int] = []
        self.turned_away: list[int] = []
        self._done: dict[int, asyncio.Event] = {}

    async def arrive(self, number: int, is_returning: bool = False) -> asyncio.Task[None]:
        self._done[number] = asyncio.Event()
        task = asyncio.create_task(self._visit(number, is_returning))
        await settle()
        return task

    async def finish(self, number: int) -> None:
        self._done[number].set()
        await settle()

    async def _visit(self, number: int, is_returning: bool) -> None:
        try:
            async with self.line.turn(is_returning):
                self.served.append(number)
                await self._done[number].wait()
        except TurnedAwayError:
            self.turned_away.append(number)


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def run(story: Callable[[], Awaitable[None]]) -> None:
    run_apart(story())  # type: ignore[arg-type]


def test_the_oldest_is_served_first() -> None:
    async def story() -> None:
        visitors = Visitors(Line(places=1, length=5))
        for number in range(4):
            await visitors.arrive(number)
        assert (visitors.served, len(visitors.line)) == ([0], 3)
        for number in range(4):
            await visitors.finish(number)
        assert (visitors.served, visitors.turned_away) == ([0, 1, 2, 3], [])

    run(story)


def test_when_it_overflows_the_oldest_goes_and_the_newest_comes_first_until_it_is_empty() -> None:
    async def story() -> None:
        visitors = Visitors(Line(places=1, length=3))
        for number in range(6):
            await visitors.arrive(number)
        assert visitors.turned_away == [1, 2]  # 0 is being served, 3 to 5 wait
        for number in (0, 5, 4, 3):
            await visitors.finish(number)
        assert visitors.served == [0, 5, 4, 3]
        for number in (6, 7, 8):
            await visitors.arrive(number)
        await visitors.finish(6)
        assert visitors.served[-1] == 7  # in order again
        for number in (7, 8):
            await visitors.finish(number)

    run(story)


def test_who_comes_back_has_every_other_turn_and_is_turned_away_last() -> None:
    async def story() -> None:
        visitors = Visitors(Line(places=1, length=4))
        await visitors.arrive(0)
        for number in (1, 2):
            await visitors.arrive(number)
        for number in (10, 11):
            await visitors.arrive(number, is_returning=True)
        await visitors.arrive(3)
        assert visitors.turned_away == [1]
        for number in (0, 10, 3, 11, 2):
            await visitors.finish(number)
        assert visitors.served == [0, 10, 3, 11, 2]

    run(story)


def test_who_goes_while_waiting_takes_no_turn() -> None:
    async def story() -> None:
        visitors = Visitors(Line(places=1, length=3))
        await visitors.arrive(0)
        leaving = await visitors.arrive(1)
        await visitors.arrive(2)
        leaving.cancel()
        await settle()
        assert len(visitors.line) == 1
        await visitors.finish(0)
        assert visitors.served == [0, 2]
        await visitors.finish(2)
        await visitors.arrive(3)
        assert visitors.served == [0, 2, 3]
        await visitors.finish(3)

    run(story)


def test_who_goes_just_when_called_passes_the_turn_on() -> None:
    async def story() -> None:
        visitors = Visitors(Line(places=1, length=3))
        await visitors.arrive(0)
        leaving = await visitors.arrive(1)
        await visitors.arrive(2)
        visitors._done[0].set()
        await asyncio.sleep(0)  # 0 gives its place to 1, which has not woken yet
        leaving.cancel()
        await settle()
        assert visitors.served[-1] == 2
        await visitors.finish(2)

    run(story)


def test_who_waits_too_long_is_told_to_come_back() -> None:
    async def story() -> None:
        line = Line(places=1, length=3, wait_seconds=0.01)
        async with line.turn():
            with pytest.raises(TurnedAwayError, match="busy"):
                async with line.turn():
                    pass
            assert len(line) == 0
        async with line.turn():
            pass

    run(story)
