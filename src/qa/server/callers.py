"""Who sends a request: which client is counted, and whether a program may ask."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPBearer

from qa.server.desk import Caller
from qa.server.limits import client_of
from qa.server.returning import RETURNING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from qa.settings import Settings

__all__ = ["BEARER", "admission", "admit", "caller_at", "has_token"]

BEARER = Depends(HTTPBearer(auto_error=False, description="One of the tokens in QA_API_TOKENS, where that is set."))
SCHEME = "bearer "


def caller_at(door: str, request: Request) -> Caller:
    """Names the client of a request by its address."""
    client = client_of(request.client.host if request.client else "")
    return Caller(door, client, request.scope.get(RETURNING, False))


def admit(door: str, request: Request, settings: Settings, pages_too: bool) -> Caller:
    """Names the caller and, where tokens are set, demands one of programs.

    With `pages_too` a browser needs none: the guard has looked at its `Origin`. No secret could be kept in a page.

    Raises:
        HTTPException: a token is missing or unknown.
    """
    if has_token(request, settings):
        return Caller(door, f"token {hashlib.sha256(_token(request)).hexdigest()[:16]}", is_returning=True)
    if not settings.api_tokens or (pages_too and not _token(request) and _is_page(request)):
        return caller_at(door, request)
    said = "Send one of the server's tokens as: Authorization: Bearer TOKEN"
    raise HTTPException(401, said, {"WWW-Authenticate": "Bearer"})


def admission(door: str, settings: Settings, pages_too: bool) -> Callable[..., Awaitable[Caller]]:
    """Makes a dependency of `admit`."""

    async def admitted(request: Request) -> Caller:  # awaits nothing; a plain function would go through a thread
        return admit(door, request, settings, pages_too)

    return admitted


def has_token(request: Request, settings: Settings) -> bool:
    """Tells whether one of the settings' tokens was sent."""
    sent = _token(request)
    return any(hmac.compare_digest(sent, known.get_secret_value().encode()) for known in settings.api_tokens)


def _token(request: Request) -> bytes:
    sent = request.headers.get("authorization", "")
    return sent[len(SCHEME) :].strip().encode() if sent.lower().startswith(SCHEME) else b""


def _is_page(request: Request) -> bool:
    return "origin" in request.headers or request.headers.get("sec-fetch-site") == "same-origin"
