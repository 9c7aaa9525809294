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

__all__ = ["DOCS_FILES", "add_docs"]

DOCS_FILES = "/docs-files"
TITLE = "qa: ask the articles"


def add_docs(app: FastAPI, public_url: str | None) -> None:
    """Adds `/openapi.json` and `/docs`; all addresses in them count from where the page is."""
    files = importlib.resources.files("fastapi_offline") / "static"
    app.mount(DOCS_FILES, StaticFiles(directory=str(files)))

    @app.get("/openapi.json", include_in_schema=False)
    def document() -> JSONResponse:
        return JSONResponse(_document(app, public_url))

    @app.get("/docs", include_in_schema=False)
    def page() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="openapi.json",
            title=TITLE,
            swagger_js_url=f"{DOCS_FILES[1:]}/swagger-ui-bundle.js",
            swagger_css_url=f"{DOCS_FILES[1:]}/swagger-ui.css",
            swagger_favicon_url=f"{DOCS_FILES[1:]}/favicon.png",
        )


def _document(app: FastAPI, public_url: str | None) -> dict[str, Any]:
    servers = [{"url": public_url or "."}]  # counted from the document
    return get_openapi(title=TITLE, version=app.version, routes=app.routes, servers=servers)
