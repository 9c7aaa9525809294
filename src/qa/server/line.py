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

COME_BACK_SECONDS = 5  # about as long as a full line takes on two cores
WAIT_SECONDS = 30.0  # who has waited longer has most likely gone


class Line:
    """A bounded line before a few places; to be used in one event loop.

    When it overflows, the one who has waited longest is turned away, and until the line is empty the newest is served
    first: whoever still waits for an answer is then among the newest (adaptive LIFO; Maurer, "Fail at Scale", ACM Queue
    2015). A thousand questions that nobody waits for thus delay the next one by no more than what is being answered.
    """

    def __init__(self, places: int, length: int, wait_seconds: float = WAIT_SECONDS) -> None:
        self._free = places
        self._length = length
        self._wait_seconds = wait_seconds
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._newest_first = False

    def __len__(self) -> int:
        """Returns how many wait."""
        return len(self._waiting)

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for a place and holds it.

        Raises:
            TurnedAwayError: too many wait, or it takes too long.
        """
        await self._take_place()
        try:
            yield
        finally:
            self._give_place()

    async def _take_place(self) -> None:
        if self._free > 0:
            self._free -= 1
            return
        if len(self._waiting) >= self._length:
            self._newest_first = True
            self._waiting.popleft().set_exception(TurnedAwayError("busy", COME_BACK_SECONDS))
        called = asyncio.get_running_loop().create_future()
        self._waiting.append(called)
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._until(called)
        except TimeoutError:
            raise TurnedAwayError("busy", COME_BACK_SECONDS) from None

    async def _until(self, called: asyncio.Future[None]) -> None:
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled() and called.exception() is None:
                self._give_place()  # it was called just as it went
            raise
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove(called)

    def _give_place(self) -> None:
        while self._waiting:
            called = self._waiting.pop() if self._newest_first else self._waiting.popleft()
            if not called.done():
                called.set_result(None)
                return
        self._newest_first = False
        self._free += 1
