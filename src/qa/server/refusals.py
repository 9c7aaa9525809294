"""What goes wrong -> a reply of one sentence, in the asker's language where it is known."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from qa.errors import QAError, QuestionError
from qa.server.asked import spoken_language
from qa.wording import wording

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

__all__ = ["add_refusals"]

logger = logging.getLogger(__name__)


def add_refusals(app: FastAPI) -> None:
    """Lets an application say what is wrong with a request, or that it failed, as `{"detail": sentence}`."""

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse({"detail": _explain(error.errors()[0])}, 422)

    @app.exception_handler(QuestionError)
    def refused(request: Request, error: QuestionError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 422)

    @app.exception_handler(QAError)
    def unavailable(request: Request, error: QAError) -> JSONResponse:
        logger.error("%s", error)
        return JSONResponse({"detail": _said("failed", request)}, 503)

    @app.exception_handler(Exception)
    def failed(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": _said("failed", request)}, 500)


def _said(key: str, request: Request) -> str:
    return wording(spoken_language(request.headers.get("accept-language", "")))[key]


def _explain(error: Any) -> str:
    """Names the place and what is wrong with it; what was sent is not repeated."""
    place = ".".join(str(part) for part in error["loc"][1:])
    return f"{place}: {error['msg']}." if place else f"{error['msg']}."
