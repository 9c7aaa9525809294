"""What goes wrong -> a reply of one sentence, in the asker's language where it is known."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from qa.errors import QAError, QuestionError, TurnedAwayError
from qa.server.asked import Asked, spoken_language
from qa.text.folding import plain
from qa.wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI, Request

__all__ = [
    "OPENAI_REFUSALS",
    "REFUSALS",
    "OpenAIRefusal",
    "Refusal",
    "add_refusals",
    "refused_for",
    "reply",
    "status_of",
    "turned_away_reply",
]

logger = logging.getLogger(__name__)

OPENAI_FOLDER = "/v1/"  # its clients read errors in a form of their own


class Refusal(BaseModel):
    """Why there is no answer, in one sentence for the reader."""

    detail: str


class OpenAIRefusal(BaseModel):
    """The same in the form that clients of the OpenAI API read."""

    error: dict[str, str | None]


STATUSES = (400, 401, 403, 404, 408, 413, 415, 422, 429, 500, 503)
# What any request can be refused with, for the OpenAPI document.
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refusal, "description": HTTPStatus(status).phrase} for status in STATUSES
}
OPENAI_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": OpenAIRefusal, "description": HTTPStatus(status).phrase} for status in STATUSES
}


def add_refusals(app: FastAPI, max_question_chars: int) -> None:
    """Lets an application say what is wrong with a request, or that it failed, as `{"detail": sentence}`.

    None of the handlers waits for anything; as plain functions they would each go through a thread.
    """

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:
        return reply(request, error.status_code, str(error.detail), error.headers)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        return reply(request, 422, _explain(error.errors()[0]))

    @app.exception_handler(QuestionError)
    async def unanswerable(request: Request, error: QuestionError) -> JSONResponse:
        asked = getattr(request.state, "asked", None)
        reason = refused_for(asked.question, max_question_chars) if isinstance(asked, Asked) else None
        words = _words(request)
        return reply(request, 422, words[reason].format(limit=max_question_chars) if reason else str(error))

    @app.exception_handler(TurnedAwayError)
    async def turned_away(request: Request, error: TurnedAwayError) -> JSONResponse:
        return turned_away_reply(request, error)

    @app.exception_handler(QAError)
    async def unavailable(request: Request, error: QAError) -> JSONResponse:
        logger.error("%s", error)
        return reply(request, 503, _words(request)["failed"], {"Retry-After": "10"})

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        return reply(request, 500, _words(request)["failed"])


def turned_away_reply(request: Request, error: TurnedAwayError) -> JSONResponse:
    """Says when to come back."""
    said = _words(request)[error.reason].format(seconds=error.seconds)
    return reply(request, status_of(error), said, {"Retry-After": str(error.seconds)})


def refused_for(question: str, max_chars: int) -> str:
    """Names the text that says why a question is refused."""
    if not plain(question).strip():
        return "blank"
    return "too_long" if len(" ".join(plain(question).split())) > max_chars else "unknown_article"


def status_of(error: TurnedAwayError) -> int:
    """Returns 503 where the server is too busy, 429 where the client or the day has had enough."""
    return 503 if error.reason == "busy" else 429


def reply(request: Request, status: int, said: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """Says it in the form that the clients of the path read."""
    if request.url.path.startswith(OPENAI_FOLDER):
        kind = "invalid_request_error" if status < 500 else "server_error"
        content: Any = {"error": {"message": said, "type": kind, "param": None, "code": None}}
    else:
        content = {"detail": said}
    return JSONResponse(content, status, dict(headers or {}))


def _words(request: Request) -> Mapping[str, str]:
    """Returns the texts in the language that the question named, or else in one that the browser's reader reads."""
    asked = getattr(request.state, "asked", None)
    language = asked.language if isinstance(asked, Asked) else None
    return wording(language or spoken_language(request.headers.get("accept-language", "")))


def _explain(error: Any) -> str:
    """Names the place and what is wrong with it; what was sent is not repeated."""
    place = ".".join(str(part) for part in error["loc"][1:])
    return f"{place}: {error['msg']}." if place else f"{error['msg']}."
