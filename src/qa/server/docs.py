"""The description of the API: an OpenAPI document and a page to read it, which loads nothing from another host."""

from __future__ import annotations

import importlib.resources
from typing import TYPE_CHECKING, Any

from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

if TYPE_CHECKING:
    from fastapi import FastAPI

    from qa.settings import Settings

__all__ = ["DOCS_FILES", "add_docs"]

DOCS_FILES = "/docs-files"
TITLE = "qa: ask the articles"


def add_docs(app: FastAPI, settings: Settings) -> None:
    """Adds `/openapi.json` and `/docs`; all addresses in them count from where the page is."""
    files = importlib.resources.files("fastapi_offline") / "static"
    app.mount(DOCS_FILES, StaticFiles(directory=str(files)))

    @app.get("/openapi.json", include_in_schema=False)
    def document() -> JSONResponse:
        return JSONResponse(_document(app, settings))

    @app.get("/docs", include_in_schema=False)
    def page() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="openapi.json",
            title=TITLE,
            swagger_js_url=f"{DOCS_FILES[1:]}/swagger-ui-bundle.js",
            swagger_css_url=f"{DOCS_FILES[1:]}/swagger-ui.css",
            swagger_favicon_url=f"{DOCS_FILES[1:]}/favicon.png",
        )


def _document(app: FastAPI, settings: Settings) -> dict[str, Any]:
    servers = [{"url": settings.public_url or "."}]  # counted from the document
    document = get_openapi(title=TITLE, version=app.version, routes=app.routes, servers=servers)
    if not settings.api_tokens:
        document["components"].pop("securitySchemes")
        for method in (method for path in document["paths"].values() for method in path.values()):
            method.pop("security", None)
    return document
