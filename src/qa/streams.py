"""Events of an answer that is being made, which a reader may leave at any moment and from any thread."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.llm import Stop

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from qa.records import Event

__all__ = ["AnswerStream", "asynchronously"]


class AnswerStream(Iterator["Event"]):
    """An iterator of events; `close`, from any thread, ends it and stops what it waits for."""

    def __init__(self, begin: Callable[[Stop], Iterator[Event]]) -> None:
        self._stop = Stop()
        self._events = begin(self._stop)

    def __next__(self) -> Event:
        """Returns the next event; there is none after closing."""
        if self._stop:
            raise StopIteration
        return next(self._events)

    def close(self) -> None:
        """Ends the stream."""
        self._stop.wish()
        _close(self._events)

    def __enter__(self) -> AnswerStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


@contextlib.asynccontextmanager
async def asynchronously(begin: Callable[[], Iterator[Event]]) -> AsyncIterator[AsyncIterator[Event]]:
    """Iterates in a thread of its own, so that many readers may wait at once; leaving closes the iterator."""
    loop = asyncio.get_running_loop()
    received: asyncio.Queue[Event | BaseException | None] = asyncio.Queue()
    opened: list[Iterator[Event]] = []
    left = threading.Event()

    def tell(item: Event | BaseException | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody listens any more
            loop.call_soon_threadsafe(received.put_nowait, item)

    def work() -> None:
        try:
            events = begin()
            opened.append(events)
            if left.is_set():
                _close(events)
            for event in events:
                if left.is_set():
                    break
                tell(event)
            _close(events)
            tell(None)
        except BaseException as error:  # whatever it is, it is raised to the reader
            tell(error)

    threading.Thread(target=work, name="answer", daemon=True).start()
    try:
        yield _received(received)
    finally:
        left.set()
        for events in opened:
            _close(events)


async def _received(queue: asyncio.Queue[Event | BaseException | None]) -> AsyncIterator[Event]:
    while (item := await queue.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item


def _close(events: Iterator[Event]) -> None:
    with contextlib.suppress(ValueError):  # a generator that runs in another thread, which closes it
        getattr(events, "close", bool)()
