"""Who sends a request: which client is counted, and whether a program may ask."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from qa.server.desk import Caller
from qa.server.limits import client_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.settings import Settings

__all__ = ["BEARER", "admission", "caller_at", "has_token"]

BEARER = HTTPBearer(auto_error=False, description="One of the tokens in QA_API_TOKENS, where that is set.")


def caller_at(door: str, request: Request) -> Caller:
    """Names the client of a request by its address."""
    return Caller(door, client_of(request.client.host if request.client else ""))


def admission(door: str, settings: Settings, pages_too: bool) -> Callable[..., Caller]:
    """Makes a dependency that names the caller and, where tokens are set, demands one of programs.

    With `pages_too` a browser needs none: the guard has looked at its `Origin`. No secret could be kept in a page.
    """

    def admit(request: Request, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)] = None) -> Caller:
        if sent and has_token(sent, settings):
            return Caller(door, f"token {hashlib.sha256(sent.credentials.encode()).hexdigest()[:16]}")
        if not settings.api_tokens or (pages_too and not sent and _is_page(request)):
            return caller_at(door, request)
        said = "Send one of the server's tokens as: Authorization: Bearer TOKEN"
        raise HTTPException(401, said, {"WWW-Authenticate": "Bearer"})

    return admit


def has_token(sent: HTTPAuthorizationCredentials | None, settings: Settings) -> bool:
    """Tells whether one of the settings' tokens was sent."""
    token = sent.credentials.encode() if sent else b""
    return any(hmac.compare_digest(token, known.get_secret_value().encode()) for known in settings.api_tokens)


def _is_page(request: Request) -> bool:
    return "origin" in request.headers or request.headers.get("sec-fetch-site") == "same-origin"
