"""The questions and searches of other programs, over HTTP: `/api/ask` and `/api/search`."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field, StrictInt

from qa.interchange import to_json
from qa.records import Answer, Hit
from qa.server.asked import ArticleId, Asked, Text, spoken_language
from qa.server.callers import BEARER, admission
from qa.server.desk import Caller  # noqa: TC001 - FastAPI reads the annotations
from qa.server.events import CONTENT, event_stream, wants_events
from qa.server.refusals import REFUSALS
from qa.server.view import EXCERPT_CHARS

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from qa.server.desk import Desk

__all__ = ["AnswerReply", "Found", "Searched", "SearchedInJson", "api_routes", "excerpts", "while_connected"]

MAX_HITS = 50
OPENING_CHARS = 30  # of a passage whose article has had its excerpt already
GONE = 499  # as nginx notes a client that has gone; nobody reads it


@dataclass(frozen=True, slots=True)
class AnswerReply(Answer):
    """An `Answer` as the OpenAPI document describes it, with what is derived."""

    abstained: bool = True


ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "model": AnswerReply,
        "content": CONTENT,
        "description": "The answer, or the events `evidence`, `sentence` and `done`.",
    }
}


class Searched(BaseModel):
    """What to search for, how many passages to return, and the article to keep to, as an address has them."""

    question: Text = Field(description="The question or words to look for.", examples=["重慶的新能源車"])
    top_k: int = Field(10, ge=1, le=MAX_HITS, description="Most passages to return.")
    article_id: ArticleId | None = None


class SearchedInJson(Searched):
    """The same as JSON has it, where neither `true` nor `"3"` is a number."""

    top_k: StrictInt = Field(10, ge=1, le=MAX_HITS, description="Most passages to return.")


class Found(BaseModel):
    """The passages found, best first."""

    hits: list[Hit]


def api_routes(desk: Desk) -> APIRouter:
    """Makes `POST /api/ask`, and `/api/search` by GET and POST."""
    routes = APIRouter(tags=["questions"], dependencies=[BEARER], responses=REFUSALS)
    admitted = Depends(admission("api", desk.engine.settings, pages_too=True))

    @routes.post("/api/ask", response_model=None, responses=ANSWERS)
    async def ask(asked: Asked, request: Request, caller: Caller = admitted) -> Response:
        """Answers a question with quotes, or declines; asked for `text/event-stream`, in events."""
        request.state.asked = asked
        if wants_events(request.headers.get("accept", "")):
            language = asked.language or spoken_language(request.headers.get("accept-language", ""))
            return await event_stream(desk.stream(asked, caller), language)
        return await while_connected(request, _answer(desk, asked, caller))

    @routes.get("/api/search", response_model=None, responses={200: {"model": Found}})
    async def search(searched: Annotated[Searched, Query()], request: Request, caller: Caller = admitted) -> Response:
        """Finds the passages nearest to a question, best first."""
        return await while_connected(request, _found(desk, searched, caller))

    @routes.post("/api/search", response_model=None, responses={200: {"model": Found}})
    async def find(searched: SearchedInJson, request: Request, caller: Caller = admitted) -> Response:
        """Finds the passages nearest to a question, best first."""
        return await while_connected(request, _found(desk, searched, caller))

    return routes


def excerpts(hits: Sequence[Hit]) -> list[Hit]:
    """Cuts hits so that together they give away no more of an article than its excerpt, and the openings of the rest.

    What is left is still `article.text[start:end]`.
    """
    left: dict[str, int] = {}
    cut = []
    for hit in hits:
        budget = left.setdefault(hit.article_id, EXCERPT_CHARS)
        text = hit.text[: max(budget, OPENING_CHARS)]
        left[hit.article_id] = budget - len(text)
        cut.append(Hit(hit.article_id, hit.title, hit.start, hit.start + len(text), text, hit.score, hit.legs))
    return cut


async def while_connected(request: Request, work: Coroutine[Any, Any, Response]) -> Response:
    """Does work for a client, and stops when the client goes: nobody would read what comes of it."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_leaving(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else Response(status_code=GONE)
    finally:
        leaving.cancel()
        working.cancel()


async def _leaving(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _answer(desk: Desk, asked: Asked, caller: Caller) -> Response:
    return JSONResponse(to_json(await desk.ask(asked, caller)))


async def _found(desk: Desk, searched: Searched, caller: Caller) -> Response:
    hits = await desk.search(searched.question, searched.top_k, searched.article_id, caller)
    shown = hits if desk.engine.settings.whole_articles == "on" else excerpts(hits)
    return JSONResponse({"hits": to_json(shown)})
