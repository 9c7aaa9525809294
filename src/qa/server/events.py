"""Events of an answer -> server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from fastapi.responses import StreamingResponse

from qa.interchange import to_json
from qa.records import Done, Evidence, Sentence
from qa.wording import wording

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from qa.records import Event

__all__ = ["CONTENT", "HEADERS", "event_stream", "wants_events", "written"]

logger = logging.getLogger(__name__)

NAMES: dict[type, str] = {Evidence: "evidence", Sentence: "sentence", Done: "done"}
# For the API's document: without a schema, as some take the stream for a string and others each event for an object.
CONTENT: dict[str, Any] = {"text/event-stream": {"schema": {}}}
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would hold back the events


def wants_events(accept: str) -> bool:
    """Tells whether a client asked for a stream."""
    return "text/event-stream" in accept.lower()


async def event_stream(events: AsyncIterator[Event], language: str) -> StreamingResponse:
    """Starts a stream of `evidence`, `sentence` and `done`; `error` comes in place of what is still to come.

    Raises:
        QAError: the first event cannot be had; nothing has been sent yet.
    """
    first = await anext(events)
    return StreamingResponse(_written(first, events, language), media_type="text/event-stream", headers=HEADERS)


def written(data: Any, name: str | None = None) -> str:
    """Writes one event with JSON data."""
    return (f"event: {name}\n" if name else "") + f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


async def _written(first: Event, rest: AsyncIterator[Event], language: str) -> AsyncIterator[str]:
    yield written(to_json(first), NAMES[type(first)])
    try:
        async for event in rest:
            yield written(to_json(event), NAMES[type(event)])
    except Exception:
        logger.exception("The answer broke off")
        yield written({"detail": wording(language)["failed"]}, "error")
