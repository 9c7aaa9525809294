"""Which questions of the chat page have somebody who waits for the answer: Gradio works on the others just the same."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter, deque
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.responses import JSONResponse

from qa.server.returning import RETURNING
from qa.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Listeners", "ListeningMiddleware"]

STREAM = "/gradio_api/queue/data"
JOIN = "/gradio_api/queue/join"
HEARTBEAT = "/gradio_api/heartbeat/"
PATIENCE_SECONDS = 5.0  # between a question and the stream of its answer lies one round trip
STRANGERS_PER_SECOND = 16  # who asks before having opened the page; the page itself has been here before
UNHEARD = 16  # strangers whose listening is waited for; with one more the oldest is dropped


class Listeners:
    """The sessions that have a stream or a page open; to be used in one event loop."""

    def __init__(self) -> None:
        self._streams: Counter[str] = Counter()
        self._pages: Counter[str] = Counter()
        self._strangers: deque[float] = deque()
        self._strange: deque[asyncio.Future[bool]] = deque()
        self._unheard: dict[asyncio.Future[bool], str] = {}

    async def is_heard(self, session: str, is_returning: bool) -> bool:
        """Tells whether the session listens, waiting a little for it to begin."""
        if self._streams[session] > 0:
            return True
        heard = asyncio.get_running_loop().create_future()
        self._unheard[heard] = session
        if not is_returning and not self._pages[session]:
            self._strange.append(heard)
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

    def admit_stranger(self) -> bool:
        """Counts a question of someone new, and tells whether there were few in the last second.

        Gradio works hundredths of a second on each, before anybody knows whether it is listened to.
        """
        now = time.monotonic()
        while self._strangers and self._strangers[0] < now - 1:
            self._strangers.popleft()
        if len(self._strangers) >= STRANGERS_PER_SECOND:
            return False
        self._strangers.append(now)
        return True

    def _drop_oldest(self) -> None:
        while len(self._strange) > UNHEARD:
            oldest = self._strange.popleft()
            if not oldest.done():
                oldest.set_result(False)


class ListeningMiddleware:
    """ASGI middleware that notes who listens."""

    def __init__(self, app: ASGIApp, listeners: Listeners) -> None:
        self.app = app
        self.listeners = listeners

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if _is_first_question(scope) and not self.listeners.admit_stranger():
            refusal = {"detail": wording("")["busy"]}
            await JSONResponse(refusal, 503, {"Retry-After": "1"})(scope, receive, send)
            return
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


def _is_first_question(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["path"] == JOIN and not scope.get(RETURNING, False)


@contextlib.contextmanager
def _counted(sessions: Counter[str], session: str) -> Iterator[None]:
    sessions[session] += 1
    try:
        yield
    finally:
        sessions[session] -= 1
        if not sessions[session]:
            del sessions[session]
