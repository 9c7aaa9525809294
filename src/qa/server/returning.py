"""Who comes back: a client that sends a second request has read the answer to its first."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["RETURNING", "ReturningMiddleware"]

RETURNING = "qa.returning"  # in a request's scope
REMEMBERED = 10_000  # connections, or clients of a proxy


class ReturningMiddleware:
    """ASGI middleware that notes in a request whether its connection, or its client behind a proxy, was here before.

    It stands behind the middleware that reads forwarded addresses, which gives clients of a proxy no port.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._seen: OrderedDict[Any, None] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] == "http" and scope.get("client"):
            who = tuple(scope["client"])
            scope = {**scope, RETURNING: who in self._seen}
            self._seen[who] = None
            self._seen.move_to_end(who)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        await self.app(scope, receive, send)
