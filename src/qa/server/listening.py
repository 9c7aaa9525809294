"""Which questions of the chat page have somebody who waits for the answer: Gradio works on the others just the same."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter, OrderedDict
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Listeners", "ListeningMiddleware"]

STREAM = "/gradio_api/queue/data"
HEARTBEAT = "/gradio_api/heartbeat/"
PATIENCE_SECONDS = 5.0  # between a question and the stream of its answer lies one round trip
UNHEARD = 16  # questions without a listener that are waited for; with one more the oldest is dropped


class Listeners:
    """The sessions that have a stream or a page open; to be used in one event loop."""

    def __init__(self) -> None:
        self._streams: Counter[str] = Counter()
        self._pages: Counter[str] = Counter()
        self._unheard: OrderedDict[asyncio.Future[bool], str] = OrderedDict()

    async def is_heard(self, session: str) -> bool:
        """Tells whether the session listens, waiting a little for it to begin."""
        if self._streams[session] > 0:
            return True
        heard = asyncio.get_running_loop().create_future()
        self._unheard[heard] = session
        self._drop_oldest()
        try:
            return await asyncio.wait_for(heard, PATIENCE_SECONDS)
        except TimeoutError:
            return False
        finally:
            self._unheard.pop(heard, None)

    @contextlib.contextmanager
    def stream(self, session: str) -> Iterator[None]:
        """Counts a stream of answers while it is open."""
        for heard in [waiting for waiting, asking in self._unheard.items() if asking == session]:
            if not heard.done():
                heard.set_result(True)
        with _counted(self._streams, session):
            yield

    @contextlib.contextmanager
    def page(self, session: str) -> Iterator[None]:
        """Counts an open page while it is open; what it asks is waited for."""
        with _counted(self._pages, session):
            yield

    def _drop_oldest(self) -> None:
        anonymous = [heard for heard, session in self._unheard.items() if not self._pages[session] and not heard.done()]
        if len(anonymous) > UNHEARD:
            anonymous[0].set_result(False)


class ListeningMiddleware:
    """ASGI middleware that notes who listens."""

    def __init__(self, app: ASGIApp, listeners: Listeners) -> None:
        self.app = app
        self.listeners = listeners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        with self._noted(scope):
            await self.app(scope, receive, send)

    def _noted(self, scope: Scope) -> contextlib.AbstractContextManager[None]:
        path = scope["path"] if scope["type"] == "http" else ""
        if path == STREAM:
            query = parse_qs(scope["query_string"].decode("latin-1"))
            return self.listeners.stream(query.get("session_hash", [""])[0])
        if path.startswith(HEARTBEAT):
            return self.listeners.page(path.removeprefix(HEARTBEAT))
        return contextlib.nullcontext()


@contextlib.contextmanager
def _counted(sessions: Counter[str], session: str) -> Iterator[None]:
    sessions[session] += 1
    try:
        yield
    finally:
        sessions[session] -= 1
        if not sessions[session]:
            del sessions[session]
