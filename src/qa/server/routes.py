"""What the chat page asks for besides answers: the articles to browse, and what a reader thought of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Query, Request

from qa.errors import FeedbackError, QuestionError
from qa.feedback import Rating  # noqa: TC001 - FastAPI reads the annotations
from qa.server.callers import caller_at
from qa.server.refusals import REFUSALS
from qa.server.view import article_view, listed
from qa.text.folding import fold

if TYPE_CHECKING:
    from qa.engine import Engine
    from qa.feedback import Feedback
    from qa.server.desk import Desk
    from qa.server.recent import RecentAnswers

__all__ = ["article_routes", "feedback_routes"]

PAGE_ARTICLES = 20
FOUND_ARTICLES = 10  # by their text, after those found by their headline
MAX_OFFSET = 1_000_000


def feedback_routes(desk: Desk, recent: RecentAnswers, feedback: Feedback) -> APIRouter:
    """Makes `POST /api/feedback`: a `trace_id`, a `rating` (up, down, or null to take it back) and a `reason`."""
    routes = APIRouter(tags=["page"], responses=REFUSALS)

    @routes.post("/api/feedback")
    def rate(
        request: Request,
        trace_id: Annotated[str, Body(max_length=64)],
        rating: Annotated[Rating | None, Body()],
        reason: Annotated[str, Body(max_length=1000)] = "",
    ) -> dict[str, str]:
        """Keeps what a reader thinks of an answer that was given lately, or takes it back."""
        desk.limits.count_opinion(caller_at("page", request).client)
        answer = recent.get(trace_id)
        if answer is None:
            raise HTTPException(404, "No recent answer has this trace_id.")
        try:
            feedback.rate(answer, rating, _without_surrogates(reason))
        except FeedbackError as error:
            raise HTTPException(503, str(error)) from error
        return {"status": "ok"}

    return routes


def article_routes(desk: Desk) -> APIRouter:
    """Makes `GET /api/articles`, newest first or by a search, and `GET /api/articles/{id}`."""
    engine = desk.engine
    routes = APIRouter(tags=["page"], responses=REFUSALS)

    @routes.get("/api/articles")
    def articles(
        request: Request,
        search: Annotated[str, Query(max_length=200)] = "",
        offset: Annotated[int, Query(ge=0, le=MAX_OFFSET)] = 0,
    ) -> dict[str, Any]:
        """Lists articles, the newest first, or those found by their headline and then by their text."""
        if search.strip():
            desk.limits.count_question(caller_at("page", request).client)
        names = (
            _found(engine, search) if search.strip() else [row[0] for row in engine.generation().catalogue.headlines()]
        )
        catalogue = engine.generation().catalogue
        some = [listed(catalogue.article(name)) for name in names[offset : offset + PAGE_ARTICLES]]
        return {"total": len(names), "articles": some}

    @routes.get("/api/articles/{article_id:path}")
    def article(article_id: str) -> dict[str, Any]:
        """Opens an article: how it begins, or whole where the settings say so."""
        try:
            found = engine.generation().catalogue.article(article_id)
        except KeyError:
            raise HTTPException(404, "No article has this id.") from None
        return article_view(found, whole=engine.settings.whole_articles == "on")

    return routes


def _found(engine: Engine, search: str) -> list[str]:
    """Finds articles by words of their headline, whatever their script, and then by their text."""
    wanted = fold(search).split()
    headlines = engine.generation().catalogue.headlines()
    by_headline = [row[0] for row in headlines if all(word in fold(row[1]) for word in wanted)]
    try:
        hits = engine.search(search, FOUND_ARTICLES)
        by_text = [name for hit in hits for name in (hit.article_id, *hit.copies)]
    except QuestionError:
        by_text = []
    return list(dict.fromkeys([*by_headline, *by_text]))


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
