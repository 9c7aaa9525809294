"""The form of the OpenAI chat API: messages -> what is asked, an answer -> a completion with its citations."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field, StrictBool

from qa.errors import QuestionError
from qa.interchange import to_json
from qa.records import Done, Sentence
from qa.server.asked import ArticleId, Asked, Before, Language, Text
from qa.server.view import link_of
from qa.text.folding import has_han

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from qa.records import Answer, Citation, Event

__all__ = [
    "MODEL",
    "Completion",
    "CompletionRequest",
    "Message",
    "Part",
    "StreamOptions",
    "asked_in",
    "chunks_of",
    "completion_of",
]

MODEL = "qa"

_MARK = re.compile(r"\[(\d{1,3})\]")


class Part(BaseModel):
    """A part of a message; those that are no text are passed over."""

    type: str = "text"
    text: Text = ""


class Message(BaseModel):
    """A message of the conversation; those that are neither the user's nor the assistant's are passed over."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | list[Part] | None = None

    def written(self) -> str:
        """Returns the message's text."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream ends with."""

    include_usage: StrictBool = False


class CompletionRequest(BaseModel):
    """A conversation that ends with a question; `article_id` and `language` are as in `/api/ask`."""

    model: str = Field(MODEL, examples=[MODEL])
    messages: Annotated[list[Message], Field(min_length=1)]
    stream: StrictBool = False
    stream_options: StreamOptions | None = None
    article_id: ArticleId | None = None
    language: Language | None = None


class Completion(BaseModel):
    """A completion: one choice, its citations as annotations of type `url_citation`, and the whole `answer`."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[dict[str, Any]]
    answer: dict[str, Any]


def asked_in(request: CompletionRequest) -> Asked:
    """Takes the last message of the user as the question, and the turns before it as its history.

    Raises:
        QuestionError: the user says nothing.
    """
    turns: list[Before] = []
    for message in request.messages:
        if message.role == "user":
            turns.append(Before(question=message.written()))
        elif message.role == "assistant" and turns:
            turns[-1].answer = message.written()
    if not turns:
        raise QuestionError("No message has the role 'user'. Ask in one.")
    return Asked(
        question=turns[-1].question, history=turns[:-1], article_id=request.article_id, language=request.language
    )


def completion_of(answer: Answer, name: str, address_of: Callable[[str], str]) -> dict[str, Any]:
    """Writes an answer as a completion; `address_of` gives an article that has no address one of ours."""
    message = {"role": "assistant", "content": answer.text, "annotations": _annotations(answer, address_of)}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {**_about(name, "chat.completion"), "choices": [choice], "answer": to_json(answer)}


async def chunks_of(
    events: AsyncIterator[Event], name: str, address_of: Callable[[str], str], with_usage: bool
) -> AsyncIterator[dict[str, Any]]:
    """Writes the events of an answer as chunks whose contents together are its text.

    Sentences that a model writes are passed on one by one. Quotes come all at once, and with what leads up to them only
    in the whole answer.
    """
    about = _about(name, "chat.completion.chunk")
    said = ""
    yield {**about, "choices": [_delta({"role": "assistant", "content": ""})]}
    async for event in events:
        if isinstance(event, Sentence) and event.status == "checked":
            space = " " if said and not has_han(event.text[:1]) else ""  # as the answer's text will have it
            text = space + event.text + "".join(f"[{n}]" for n in event.citations)
            said += text
            yield {**about, "choices": [_delta({"content": text})]}
        elif isinstance(event, Done):
            answer = event.answer
            rest = answer.text.removeprefix(said) if answer.text.startswith(said) else ""
            last = {"annotations": _annotations(answer, address_of)}
            if rest:
                yield {**about, "choices": [_delta({"content": rest})]}
            yield {**about, "choices": [_delta(last, "stop")], "answer": to_json(answer)}
    if with_usage:
        yield {**about, "choices": [], "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}}


def _about(name: str, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{name}", "object": kind, "created": int(time.time()), "model": MODEL}


def _delta(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish_reason}


def _annotations(answer: Answer, address_of: Callable[[str], str]) -> list[dict[str, Any]]:
    """Makes one annotation of each mark that matches a citation; places count code points of the text."""
    by_number = {citation.n: citation for citation in answer.citations}
    marks = [mark for mark in _MARK.finditer(answer.text) if int(mark[1]) in by_number]
    return [
        {"type": "url_citation", "url_citation": {**_source(by_number[int(mark[1])], address_of), **_place(mark)}}
        for mark in marks
    ]


def _source(citation: Citation, address_of: Callable[[str], str]) -> dict[str, Any]:
    return {"title": citation.title, "url": link_of(citation.url) or address_of(citation.article_id)}


def _place(mark: re.Match[str]) -> dict[str, int]:
    return {"start_index": mark.start(), "end_index": mark.end()}
