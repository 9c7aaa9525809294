"""The application: health checks and the chat page behind one guard."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from starlette.middleware.cors import CORSMiddleware

from qa.server.guard import Guard
from qa.server.page import build_page, page_head, page_theme

if TYPE_CHECKING:
    from qa.engine import Engine

__all__ = ["create_app"]

logger = logging.getLogger(__name__)


def create_app(engine: Engine) -> FastAPI:
    """Makes the application that serves an engine: `/`, `/health/live` and `/health/ready`."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # No other site may read the answers. Without this very class Gradio lets in every Origin that asks.
    app.add_middleware(CORSMiddleware, allow_origins=())
    app.add_middleware(Guard)
    _add_health(app, engine)
    gr.mount_gradio_app(
        app,
        build_page(engine),
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
