"""The door before the questions: newcomers pass it one by one, so that a crowd of them does not keep anyone else."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from starlette.requests import Request

from qa.errors import TurnedAwayError
from qa.server.line import COME_BACK_SECONDS
from qa.server.refusals import turned_away_reply
from qa.server.returning import RETURNING

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Door", "DoorMiddleware"]

SHUT_SECONDS = 0.004  # after each newcomer; to read a question and to turn it away takes about half of that
# What costs an answer or a search, and the door that it is counted at; the chat page's queue has a bound of its own.
QUESTIONS = {"/api/ask": "api", "/api/search": "api", "/mcp": "mcp", "/v1/chat/completions": "openai"}


class Door:
    """Lets in one after another, the oldest first; when too many wait, the one who has waited longest is turned away.

    To be used in one event loop.
    """

    def __init__(self, length: int, shut_seconds: float = SHUT_SECONDS) -> None:
        self._length = length
        self._shut_seconds = shut_seconds
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._is_shut = False

    async def enter(self) -> None:
        """Waits until the door is open, and shuts it for a moment.

        Raises:
            TurnedAwayError: too many have come since.
        """
        if not self._is_shut:
            self._shut()
            return
        if len(self._waiting) >= self._length:
            oldest = self._waiting.popleft()
            if not oldest.done():
                oldest.set_exception(TurnedAwayError("busy", COME_BACK_SECONDS))
        called = asyncio.get_running_loop().create_future()
        self._waiting.append(called)
        await called

    def _shut(self) -> None:
        self._is_shut = True
        asyncio.get_running_loop().call_later(self._shut_seconds, self._open)

    def _open(self) -> None:
        self._is_shut = False
        while self._waiting and not self._is_shut:
            called = self._waiting.popleft()
            if not called.done():
                called.set_result(None)
                self._shut()


class DoorMiddleware:
    """ASGI middleware that lets newcomers ask one by one; `on_turned_away` gets the name of the door they came to.

    It stands behind the guard. A connection that has been answered before walks in.
    """

    def __init__(self, app: ASGIApp, door: Door, on_turned_away: Callable[[str], object]) -> None:
        self.app = app
        self._door = door
        self._on_turned_away = on_turned_away

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] == "http" and scope["path"] in QUESTIONS and not scope.get(RETURNING, False):
            try:
                await self._door.enter()
            except TurnedAwayError as error:
                self._on_turned_away(QUESTIONS[scope["path"]])
                await turned_away_reply(Request(scope), error)(scope, receive, send)
                return
        await self.app(scope, receive, send)
