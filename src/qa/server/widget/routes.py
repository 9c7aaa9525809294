"""`/widget.js` for a publisher's pages, `/widget` for the frame that it opens, and what that frame needs."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response

from qa.answer import example_questions
from qa.server.view import cards
from qa.server.widget.assets import loader, panel_assets, panel_page, panel_version
from qa.server.widget.naming import article_named
from qa.text.folding import plain
from qa.wording import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.engine import Engine
    from qa.records import Article
    from qa.server.recent import RecentAnswers
    from qa.server.widget.assets import Asset

__all__ = ["widget_routes"]

# A page asks for the loader again after so long; until then it may open a panel that is newer than itself.
LOADER_CACHE = "public, max-age=600, stale-while-revalidate=86400"
FOREVER = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"
NAME_MAX_CHARS = 2000
TRACE_MAX_CHARS = 64

# The guard adds which sites may frame it.
PANEL_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
# So that pages which are isolated from other sites can load the script and frame the panel all the same.
FOR_ISOLATED_PAGES = {"Cross-Origin-Resource-Policy": "cross-origin", "Cross-Origin-Embedder-Policy": "require-corp"}


def widget_routes(engine: Engine, recent: RecentAnswers) -> APIRouter:
    """Makes `/widget.js`, `/widget`, its files under `/widget/{version}/`, `/widget/article` and `/widget/cards`."""
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/widget.js", methods=["GET", "HEAD"])
    async def script(request: Request) -> Response:
        return _reply(request, loader(), LOADER_CACHE)

    @routes.get("/widget")
    def page(request: Request, lang: str = "") -> Response:
        language = lang if lang in LANGUAGES else LANGUAGES[0]
        examples = tuple(plain(example) for example in example_questions(engine.generation()))
        asset = panel_page(language, engine.settings.max_question_chars, examples)
        return _reply(request, asset, ASK_EACH_TIME, {"Content-Security-Policy": PANEL_POLICY})

    @routes.get("/widget/article")
    def article(name: Annotated[str, Query(max_length=NAME_MAX_CHARS)]) -> dict[str, Any]:
        """Finds the article that a page calls by an id or by its address."""
        generation = engine.generation()  # held, so that a newer one does not close it meanwhile
        found = article_named(name, generation.catalogue)
        return {"article": found and _described(found)}

    @routes.get("/widget/cards")
    def quotes(trace_id: Annotated[str, Query(max_length=TRACE_MAX_CHARS)]) -> dict[str, Any]:
        """Describes the quotes of an answer given lately, with the paragraphs around them and their near copies."""
        answer = recent.get(trace_id)
        if answer is None:
            raise HTTPException(404, "No recent answer has this trace_id.")
        generation = engine.generation()
        return {"cards": cards(answer.citations, generation.catalogue)}

    @routes.get("/widget/{version}/{name}")
    async def file(request: Request, version: str, name: str) -> Response:
        asset = panel_assets().get(name)
        if asset is None:
            raise HTTPException(404, "The widget has no such file.")
        # A page of before an update gets today's files, and must not keep them under yesterday's address.
        return _reply(request, asset, FOREVER if version == panel_version() else ASK_EACH_TIME)

    return routes


def _described(article: Article) -> dict[str, Any]:
    questions = [plain(question) for question in article.questions]
    return {"id": article.id, "title": plain(article.title).strip(), "questions": questions}


def _reply(request: Request, asset: Asset, cache: str, headers: Mapping[str, str] = MappingProxyType({})) -> Response:
    """Sends an asset, compressed where that is understood, or says that what the browser has is still so."""
    tag = f'W/"{asset.tag}"'
    shared = {"Cache-Control": cache, "ETag": tag, "Vary": "Accept-Encoding", **FOR_ISOLATED_PAGES, **headers}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=shared)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(asset.content, headers=shared, media_type=asset.media_type)
    return Response(asset.compressed, headers={**shared, "Content-Encoding": "gzip"}, media_type=asset.media_type)
