"""Where questions wait for their turn: the oldest first, and the newest first from when too many wait."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING

from qa.errors import TurnedAwayError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ["Line"]

Waiting = deque[asyncio.Future[None]]

COME_BACK_SECONDS = 5  # about as long as a full line takes on two cores
WAIT_SECONDS = 30.0  # who has waited longer has most likely gone


class Line:
    """A bounded line before a few places; to be used in one event loop.

    When it overflows, the one who has waited longest is turned away, and until the line is empty the newest is served
    first: whoever still waits for an answer is then among the newest (adaptive LIFO; Maurer, "Fail at Scale", ACM Queue
    2015). Those who come back, and so have read what they were sent, stand in a line of their own, whose turn is every
    other one. A thousand questions that nobody waits for thus hardly delay one that somebody does.
    """

    def __init__(self, places: int, length: int, wait_seconds: float = WAIT_SECONDS) -> None:
        self._free = places
        self._length = length
        self._wait_seconds = wait_seconds
        self._strangers: Waiting = deque()
        self._returning: Waiting = deque()
        self._newest_first = False
        self._returning_next = True

    def __len__(self) -> int:
        """Returns how many wait."""
        return len(self._strangers) + len(self._returning)

    @contextlib.asynccontextmanager
    async def turn(self, is_returning: bool = False) -> AsyncIterator[None]:
        """Waits for a place and holds it.

        Raises:
            TurnedAwayError: too many wait, or it takes too long.
        """
        await self._take_place(self._returning if is_returning else self._strangers)
        try:
            yield
        finally:
            self._give_place()

    async def _take_place(self, waiting: Waiting) -> None:
        if self._free > 0:
            self._free -= 1
            return
        if len(self) >= self._length:
            self._turn_one_away()
        called = asyncio.get_running_loop().create_future()
        waiting.append(called)
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._until(called, waiting)
        except TimeoutError:
            raise TurnedAwayError("busy", COME_BACK_SECONDS) from None

    def _turn_one_away(self) -> None:
        waiting = self._strangers or self._returning
        self._newest_first = self._newest_first or waiting is self._strangers
        called = waiting.popleft()
        if not called.done():
            called.set_exception(TurnedAwayError("busy", COME_BACK_SECONDS))

    async def _until(self, called: asyncio.Future[None], waiting: Waiting) -> None:
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled() and called.exception() is None:
                self._give_place()  # it was called just as it went
            raise
        finally:
            with contextlib.suppress(ValueError):
                waiting.remove(called)

    def _give_place(self) -> None:
        while len(self):
            called = self._next()
            if not called.done():
                called.set_result(None)
                return
        self._free += 1

    def _next(self) -> asyncio.Future[None]:
        if self._returning and (self._returning_next or not self._strangers):
            self._returning_next = False
            return self._returning.popleft()
        self._returning_next = True
        called = self._strangers.pop() if self._newest_first else self._strangers.popleft()
        self._newest_first = self._newest_first and bool(self._strangers)
        return called
