"""Who comes back: a client that sends a second request has read the answer to its first."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["RETURNING", "ReturningMiddleware"]

Client = tuple[Any, ...]  # host and port

RETURNING = "qa.returning"  # in a request's scope
REMEMBERED = 10_000  # connections, or clients of a proxy


class ReturningMiddleware:
    """ASGI middleware that notes in a request whether its connection, or its client behind a proxy, was here before.

    It stands behind the middleware that reads forwarded addresses, which gives clients of a proxy no port.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._seen: OrderedDict[Client, Client] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] == "http" and scope.get("client"):
            scope = {**scope, RETURNING: self._was_here(tuple(scope["client"]))}
        await self.app(scope, receive, send)

    def _was_here(self, client: Client) -> bool:
        """Tells whether it was, and remembers it; a port that is taken again is another connection."""
        seen = self._seen.get(client)
        self._seen[client] = client
        self._seen.move_to_end(client)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        is_of_proxy = not client[1]
        return seen is client or (is_of_proxy and seen is not None)  # uvicorn makes a tuple for each connection
