"""What stands before every request: open paths, known sites and small bodies only; security headers on replies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

from qa.server.origins import frame_ancestors, may_ask

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["MAX_BODY_BYTES", "Guard"]

MAX_BODY_BYTES = 256 * 1024  # the longest question takes 40 KB

# Gradio serves much more, open to anyone: uploads, a proxy for any address, monitoring, stored runs.
OPEN_PATHS = frozenset(
    {
        "/",
        "/api/articles",
        "/api/ask",
        "/api/feedback",
        "/api/search",
        "/config",
        "/favicon.ico",
        "/gradio_api/cancel",
        "/gradio_api/queue/data",
        "/gradio_api/queue/join",
        "/gradio_api/reset",
        "/gradio_api/startup-events",
        "/health/live",
        "/health/ready",
        "/robots.txt",
        "/theme.css",
        "/widget",
        "/widget.js",
    }
)
OPEN_FOLDERS = ("/api/articles/", "/assets/", "/gradio_api/heartbeat/", "/page/", "/static/", "/widget/")
FOR_ANY_SITE = ("/health/", "/widget.js", "/widget/")  # nothing in them is said to one site and not to another

# Gradio's page has inline scripts without a nonce and compiles functions, so both must be allowed.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
SECURITY_HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
UNTRUSTED_HEADERS = frozenset({b"x-forwarded-host"})  # Gradio would build its addresses from it


class Guard:
    """ASGI middleware that refuses closed paths (404), unknown sites (403) and large bodies (413).

    A page's own Content-Security-Policy is kept; which sites may frame it is added.
    """

    def __init__(
        self, app: ASGIApp, allowed_origins: Collection[str] = (), max_body_bytes: int = MAX_BODY_BYTES
    ) -> None:
        self.app = app
        self.allowed_origins = frozenset(allowed_origins)
        self.max_body_bytes = max_body_bytes
        self._framing = frame_ancestors(allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] == "http":
            await self._handle(scope, receive, _with_security_headers(send, self._framing))
        elif scope["type"] == "lifespan":
            await self.app(scope, receive, send)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_open(scope["path"]):
            await JSONResponse({"detail": "Not Found"}, 404)(scope, receive, send)
            return
        if not self._is_from_known_site(scope):
            await JSONResponse({"detail": "This site is not allowed to ask here."}, 403)(scope, receive, send)
            return
        body = await _read_body(receive, self.max_body_bytes) if _has_body(scope) else b""
        if body is None:
            await JSONResponse({"detail": "Content Too Large"}, 413)(scope, receive, send)
            return
        trusted = [header for header in scope["headers"] if header[0] not in UNTRUSTED_HEADERS]
        await self.app({**scope, "headers": trusted}, _replay(body, receive), send)

    def _is_from_known_site(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        known = may_ask(headers.get("origin"), headers.get("host", ""), self.allowed_origins)
        return known or scope["path"].startswith(FOR_ANY_SITE)


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)


def _has_body(scope: Scope) -> bool:
    return scope["method"] not in ("GET", "HEAD", "OPTIONS")


async def _read_body(receive: Receive, limit: int) -> bytes | None:
    """Returns the whole body, or None as soon as it is over the limit; its declared length is not believed."""
    body: bytes = b""
    while True:
        message: Message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if not message.get("more_body", False):
            return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """Makes a `receive` that hands out the body once, and then what the client really sends."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed


def _with_security_headers(send: Send, framing: str) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            policy = headers.get("Content-Security-Policy", CONTENT_SECURITY_POLICY)
            headers["Content-Security-Policy"] = f"{policy}; {framing}"
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
