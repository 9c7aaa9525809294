"""What stands before every request: open paths, known sites and small bodies only; security headers on replies."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse

from qa.addresses import origin_of
from qa.server.origins import frame_ancestors, may_ask
from qa.server.refusals import reply

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["MAX_BODY_BYTES", "Guard"]

Refused = tuple[int, str]  # status and sentence

MAX_BODY_BYTES = 256 * 1024  # the longest question takes 40 KB
BODY_SECONDS = 20.0  # for it to arrive

# Gradio serves much more, open to anyone: uploads, a proxy for any address, monitoring, stored runs.
OPEN_PATHS = frozenset(
    {
        "/",
        "/api/articles",
        "/api/ask",
        "/api/feedback",
        "/api/search",
        "/config",
        "/docs",
        "/favicon.ico",
        "/gradio_api/cancel",
        "/gradio_api/queue/data",
        "/gradio_api/queue/join",
        "/gradio_api/reset",
        "/gradio_api/startup-events",
        "/health/live",
        "/health/ready",
        "/mcp",
        "/metrics",
        "/openapi.json",
        "/robots.txt",
        "/theme.css",
        "/v1/chat/completions",
        "/v1/models",
        "/widget",
        "/widget.js",
    }
)
OPEN_FOLDERS = (
    "/api/articles/",
    "/assets/",
    "/docs-files/",
    "/gradio_api/heartbeat/",
    "/page/",
    "/static/",
    "/v1/models/",
    "/widget/",
)
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
# Gradio would build its addresses from them. Which client and scheme a known proxy speaks for has been read before.
UNTRUSTED_HEADERS = frozenset({b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"})


class Guard:
    """ASGI middleware that refuses closed paths (404), unknown sites (403) and large bodies (413).

    A page's own Content-Security-Policy is kept; which sites may frame it is added. Where the server lives under a
    path, proxies may leave it in what they pass on or take it out.
    """

    def __init__(
        self,
        app: ASGIApp,
        allowed_origins: Collection[str] = (),
        public_url: str | None = None,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        self.app = app
        self.allowed_origins = {*allowed_origins, *([origin_of(public_url)] if public_url else [])}
        self.max_body_bytes = max_body_bytes
        self._framing = frame_ancestors(allowed_origins)
        self._folder = urlsplit(public_url or "").path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] == "http":
            await self._handle(scope, receive, _with_security_headers(send, self._framing))
        elif scope["type"] == "lifespan":
            await self.app(scope, receive, send)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._folder and scope["path"] == self._folder:  # the page's addresses count from the folder
            await RedirectResponse(f"{self._folder}/")(scope, receive, send)
            return
        scope = self._within_folder(scope)
        body, refusal = b"", self._refusal(scope)
        if refusal is None and _has_body(scope):
            body, refusal = await _read_body(receive, self.max_body_bytes)
        if refusal:
            await reply(Request(scope), *refusal)(scope, receive, send)
        else:
            await self.app(scope, _replay(body, receive), send)

    def _refusal(self, scope: Scope) -> Refused | None:
        """Says why a request is refused, before its body is read."""
        headers = Headers(scope=scope)
        if not _is_open(scope["path"]):
            return 404, "Nothing is served at this address."
        if not self._is_from_known_site(scope):
            return 403, "This site is not allowed to ask here."
        if headers.get("content-encoding", "identity") != "identity":  # it could hold a thousand times its size
            return 415, "Send the body uncompressed."
        return None

    def _within_folder(self, scope: Scope) -> Scope:
        """Returns the request as if the server lived at the root, without headers that are not to be believed."""
        trusted = [header for header in scope["headers"] if header[0] not in UNTRUSTED_HEADERS]
        path = scope["path"]
        if self._folder and path.startswith(f"{self._folder}/"):
            path = path.removeprefix(self._folder)
            return {**scope, "headers": trusted, "path": path, "raw_path": quote(path).encode("ascii")}
        return {**scope, "headers": trusted}

    def _is_from_known_site(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        known = may_ask(headers.get("origin"), headers.get("host", ""), self.allowed_origins)
        return known or scope["path"].startswith(FOR_ANY_SITE)


def _is_open(path: str) -> bool:
    return path in OPEN_PATHS or path.startswith(OPEN_FOLDERS)


def _has_body(scope: Scope) -> bool:
    return scope["method"] not in ("GET", "HEAD", "OPTIONS")


async def _read_body(receive: Receive, limit: int) -> tuple[bytes, Refused | None]:
    """Returns the whole body, or why it is refused: as soon as it is over the limit, whatever length it declared."""
    body = b""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message: Message = await receive()
                body += message.get("body", b"")
                if len(body) > limit:
                    return b"", (413, f"The body is larger than {limit // 1024} KB.")
                if not message.get("more_body", False):
                    return body, None
    except TimeoutError:
        return b"", (408, "The body took too long to arrive.")


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
