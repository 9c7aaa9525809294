"""The application: health checks, what the page fetches, and the chat page, behind one guard."""

from __future__ import annotations

import importlib.resources
import logging
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.middleware.cors import CORSMiddleware

from qa.feedback import Feedback
from qa.server.api import api_routes
from qa.server.chat import build_page, page_head, page_theme
from qa.server.desk import Desk
from qa.server.guard import Guard
from qa.server.refusals import add_refusals
from qa.server.routes import RecentAnswers, article_routes, feedback_routes

if TYPE_CHECKING:
    from qa.engine import Engine

__all__ = ["create_app"]

logger = logging.getLogger(__name__)


def create_app(engine: Engine) -> FastAPI:
    """Makes the application that serves an engine.

    `/` is the chat page, `/page/` its scripts and style, `/api/articles` and `/api/feedback` what it fetches and
    sends; `/api/ask` and `/api/search` are for other programs, `/health/live` and `/health/ready` for whoever runs it.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    origins = engine.settings.allowed_origins
    app.add_middleware(Guard, allowed_origins=origins)
    # Without this very class Gradio lets in every Origin that asks. It stands before the guard, so that sites that
    # may ask can also read what the guard refuses.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=("GET", "POST"),
        allow_headers=("Authorization",),
        expose_headers=("Retry-After",),
    )
    recent, feedback = RecentAnswers(), Feedback(engine.settings.feedback_file)
    desk = Desk(engine, recent, feedback)
    add_refusals(app)
    _add_health(app, engine)
    app.include_router(api_routes(desk))
    app.include_router(feedback_routes(recent, feedback))
    app.include_router(article_routes(engine))
    app.mount("/page", StaticFiles(directory=str(importlib.resources.files("qa.server") / "page")))
    gr.mount_gradio_app(
        app,
        build_page(desk),
        path="/",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        head=page_head(),
        theme=page_theme(),
        show_error=False,
        max_file_size="1kb",
        allowed_paths=[],
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
    )
    return app


def _add_health(app: FastAPI, engine: Engine) -> None:
    @app.get("/health/live")
    def live() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @app.get("/health/ready")
    def ready() -> JSONResponse:
        try:
            engine.generation()
        except Exception:
            logger.exception("Not ready")
            return JSONResponse({"status": "unavailable"}, 503)
        return JSONResponse({"status": "ok"})
