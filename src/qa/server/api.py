"""The questions and searches of other programs, over HTTP: `/api/ask` and `/api/search`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from qa.interchange import to_json
from qa.records import Answer, Done, Evidence, Hit, Sentence
from qa.server.asked import ARTICLE_ID_MAX_CHARS, Asked, Text
from qa.server.view import EXCERPT_CHARS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from qa.records import Event
    from qa.server.desk import Desk

__all__ = ["Found", "Searched", "api_routes", "excerpts"]

MAX_HITS = 50
OPENING_CHARS = 30  # of a passage whose article has had its excerpt already
EVENT_NAMES: dict[type, str] = {Evidence: "evidence", Sentence: "sentence", Done: "done"}
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would hold back the events


class Searched(BaseModel):
    """What to search for, how many passages to return, and the article to keep to."""

    question: Text = Field(description="The question or words to look for.", examples=["重慶的新能源車"])
    top_k: int = Field(10, ge=1, le=MAX_HITS, description="Most passages to return.")
    article_id: Annotated[Text, Field(max_length=ARTICLE_ID_MAX_CHARS)] | None = Field(
        None, description="Keeps to this article."
    )


class Found(BaseModel):
    """The passages found, best first."""

    hits: list[Hit]


def api_routes(desk: Desk) -> APIRouter:
    """Makes `POST /api/ask`, and `/api/search` by GET and POST."""
    routes = APIRouter()

    @routes.post("/api/ask", response_model=None, responses={200: {"model": Answer}})
    async def ask(asked: Asked, request: Request) -> JSONResponse | StreamingResponse:
        """Answers a question with quotes, or declines; asked for `text/event-stream`, in events."""
        if "text/event-stream" not in request.headers.get("accept", ""):
            return JSONResponse(to_json(await desk.ask(asked)))
        events = desk.stream(asked)
        first = await anext(events)  # a question that is refused is refused before the stream begins
        return StreamingResponse(_written(first, events), media_type="text/event-stream", headers=STREAM_HEADERS)

    @routes.get("/api/search", response_model=None, responses={200: {"model": Found}})
    async def search(searched: Annotated[Searched, Query()]) -> JSONResponse:
        """Finds the passages nearest to a question, best first."""
        return await find(searched)

    @routes.post("/api/search", response_model=None, responses={200: {"model": Found}})
    async def find(searched: Searched) -> JSONResponse:
        """Finds the passages nearest to a question, best first."""
        engine = desk.engine
        hits = await run_in_threadpool(engine.search, searched.question, searched.top_k, searched.article_id)
        shown = hits if engine.settings.whole_articles == "on" else excerpts(hits)
        return JSONResponse({"hits": to_json(shown)})

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


async def _written(first: Event, rest: AsyncIterator[Event]) -> AsyncIterator[str]:
    """Writes events as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""
    yield _event(first)
    async for event in rest:
        yield _event(event)


def _event(event: Event) -> str:
    data: Any = json.dumps(to_json(event), ensure_ascii=False)
    return f"event: {EVENT_NAMES[type(event)]}\ndata: {data}\n\n"
