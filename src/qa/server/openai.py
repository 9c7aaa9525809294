"""The door for clients of the OpenAI API: `/v1/chat/completions` and `/v1/models`."""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from qa.server.api import while_connected
from qa.server.callers import BEARER, admission
from qa.server.completions import MODEL, Completion, CompletionRequest, asked_in, chunks_of, completion_of
from qa.server.desk import Caller  # noqa: TC001 - FastAPI reads the annotations
from qa.server.events import CONTENT, HEADERS, written
from qa.server.refusals import OPENAI_REFUSALS
from qa.wording import wording

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from qa.server.asked import Asked
    from qa.server.desk import Desk

__all__ = ["openai_routes"]

logger = logging.getLogger(__name__)

MODEL_CARD = {"id": MODEL, "object": "model", "created": 0, "owned_by": "qa"}
END = "data: [DONE]\n\n"
COMPLETIONS: dict[int | str, dict[str, Any]] = {200: {"model": Completion, "content": CONTENT}}


def openai_routes(desk: Desk) -> APIRouter:
    """Makes `/v1/chat/completions` and `/v1/models`."""
    routes = APIRouter(tags=["openai"], dependencies=[BEARER], responses=OPENAI_REFUSALS)
    admitted = Depends(admission("openai", desk.engine.settings, pages_too=False))

    @routes.post("/v1/chat/completions", response_model=None, responses=COMPLETIONS)
    async def complete(wanted: CompletionRequest, request: Request, caller: Caller = admitted) -> Response:
        """Answers the last message of the user with quotes, or declines; the citations are annotations."""
        if wanted.model != MODEL:
            raise HTTPException(404, f"There is no model {wanted.model[:100]!r}; ask {MODEL!r}.")
        request.state.asked = asked = asked_in(wanted)
        name, address_of = uuid.uuid4().hex[:16], _addresses(desk, request)
        if not wanted.stream:
            return await while_connected(request, _completed(desk, asked, caller, name, address_of))
        with_usage = bool(wanted.stream_options and wanted.stream_options.include_usage)
        chunks = chunks_of(await _begun(desk, asked, caller), name, address_of, with_usage)
        return StreamingResponse(_streamed(chunks), media_type="text/event-stream", headers=HEADERS)

    @routes.get("/v1/models")
    async def models(caller: Caller = admitted) -> dict[str, Any]:
        """Lists the one model."""
        return {"object": "list", "data": [MODEL_CARD]}

    @routes.get("/v1/models/{model}")
    async def model(model: str, caller: Caller = admitted) -> dict[str, Any]:
        """Describes the one model."""
        if model != MODEL:
            raise HTTPException(404, f"There is no model {model[:100]!r}; ask {MODEL!r}.")
        return MODEL_CARD

    return routes


async def _completed(desk: Desk, asked: Asked, caller: Caller, name: str, address_of: Callable[[str], str]) -> Response:
    return JSONResponse(completion_of(await desk.ask(asked, caller), name, address_of))


async def _begun(desk: Desk, asked: Asked, caller: Caller) -> AsyncIterator[Any]:
    """Waits for the first event, so that a question that is refused is refused before the stream begins."""
    events = desk.stream(asked, caller)
    first = await anext(events)

    async def all_of_them() -> AsyncIterator[Any]:
        yield first
        async for event in events:
            yield event

    return all_of_them()


async def _streamed(chunks: AsyncIterator[dict[str, Any]]) -> AsyncIterator[str]:
    try:
        async for chunk in chunks:
            yield written(chunk)
    except Exception:
        logger.exception("The answer broke off")
        yield written({"error": {"message": wording("")["failed"], "type": "server_error", "code": None}})
    yield END


def _addresses(desk: Desk, request: Request) -> Callable[[str], str]:
    """Returns the address of an article with us, for those that name none of their own."""
    base = desk.engine.settings.public_url or str(request.base_url).rstrip("/")
    return lambda article_id: f"{base}/api/articles/{quote(article_id, safe='')}"
