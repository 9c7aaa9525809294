"""The application: the chat page and what it fetches, the doors for programs, and health checks, behind one guard."""

from __future__ import annotations

import importlib.metadata
import importlib.resources
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.cors import CORSMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from qa.feedback import Feedback
from qa.server.api import api_routes
from qa.server.chat import build_page, page_head, page_theme
from qa.server.desk import Desk
from qa.server.docs import add_docs
from qa.server.door import Door, DoorMiddleware
from qa.server.guard import Guard
from qa.server.listening import Listeners, ListeningMiddleware
from qa.server.openai import openai_routes
from qa.server.operation import operation_routes
from qa.server.recent import RecentAnswers
from qa.server.refusals import add_refusals
from qa.server.returning import ReturningMiddleware
from qa.server.routes import article_routes, feedback_routes
from qa.server.tools import Tools
from qa.server.widget import widget_routes

if TYPE_CHECKING:
    from qa.engine import Engine
    from qa.settings import Settings

__all__ = ["create_app"]


def create_app(engine: Engine) -> FastAPI:
    """Makes the application that serves an engine.

    `/` is the chat page, `/page/` its scripts and style, `/api/articles` and `/api/feedback` what it fetches and
    sends; `/api/ask`, `/api/search`, `/v1/` and `/mcp` are for other programs and `/docs` describes them;
    `/health/live`, `/health/ready` and `/metrics` are for whoever runs it.
    `/widget.js` and `/widget` put the articles on a publisher's own pages.
    """
    settings = engine.settings
    recent, feedback, listeners = RecentAnswers(), Feedback(settings.feedback_file, settings.keep_days), Listeners()
    desk = Desk(engine, recent, feedback)
    tools = Tools(desk)
    app = FastAPI(
        version=importlib.metadata.version("qa"),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lambda _: tools.running(),
    )
    _add_middleware(app, settings, listeners, desk)
    add_refusals(app, settings.max_question_chars)
    for routes in (
        api_routes(desk),
        openai_routes(desk),
        feedback_routes(desk, recent, feedback),
        article_routes(desk),
        operation_routes(desk),
        widget_routes(engine, recent),
    ):
        app.include_router(routes)
    app.router.routes.append(tools.route())
    add_docs(app, settings)
    app.mount("/page", StaticFiles(directory=str(importlib.resources.files("qa.server") / "page")))
    gr.mount_gradio_app(
        app,
        build_page(desk, listeners),
        path="/",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        head=page_head(),
        theme=page_theme(),
        root_path=settings.public_url,
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


def _add_middleware(app: FastAPI, settings: Settings, listeners: Listeners, desk: Desk) -> None:
    """Stacks what a request passes through; what is added last is passed first."""
    app.add_middleware(ListeningMiddleware, listeners=listeners)
    app.add_middleware(DoorMiddleware, door=Door(settings.waiting_questions), on_turned_away=desk.turned_away)
    app.add_middleware(Guard, allowed_origins=settings.allowed_origins, public_url=settings.public_url)
    app.add_middleware(ReturningMiddleware)
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
    # Without this very class Gradio lets in every Origin that asks. It stands before the guard, so that sites that
    # may ask can also read what the guard refuses.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=("GET", "POST"),
        allow_headers=("Authorization",),
        expose_headers=("Retry-After",),
    )
