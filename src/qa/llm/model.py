"""The language model: LlamaIndex's `OpenAILike`, on one event loop of its own; its types stay in here."""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from qa.errors import LanguageModelError
from qa.llm.breaker import Breaker
from qa.llm.draft import Draft, Stop, Thoughts, Usage

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from llama_index.core.base.llms.types import ChatMessage, ChatResponse
    from llama_index.llms.openai_like import OpenAILike

    from qa.llm.endpoint import Endpoint

__all__ = ["LanguageModel", "Message"]

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

ANSWER_TOKENS = 768  # a few sentences, and what a model thinks before them
WRITTEN_MAX_CHARS = 4000  # some services do not keep to the tokens asked for
CONNECT_SECONDS = 5.0  # a machine that is there takes milliseconds
BROKEN_OFF = frozenset(("length", "content_filter", "error"))  # reasons for an end that is none
NO_KEY = "none"  # the client wants one; without it the environment's would be sent to whatever address


@dataclass(frozen=True, slots=True)
class Message:
    """One message to the model."""

    role: Literal["system", "user"]
    content: str


class LanguageModel:
    """Writes what it is asked for, from any thread; a model that fails is left alone for a while."""

    def __init__(self, endpoint: Endpoint, breaker: Breaker | None = None) -> None:
        self.endpoint = endpoint
        self.breaker = breaker or Breaker()
        self._client: OpenAILike | None = None
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def name(self) -> str:
        """Names the model, as `Answer.mode` does."""
        return self.endpoint.model

    def write(self, messages: Sequence[Message], stop: Stop, max_tokens: int = ANSWER_TOKENS) -> Draft:
        """Starts writing; the draft fills while it is read, and ends when `stop` is wished.

        Raises:
            LanguageModelError: the model rests after failing.
        """
        if not self.breaker.allows():
            raise LanguageModelError("resting")
        self.client()  # importing it takes a second, which is not the model's
        draft = Draft()
        writing = asyncio.run_coroutine_threadsafe(self._write(messages, draft, max_tokens), self._running_loop())
        draft.written_by(writing.cancel)
        stop.watch(draft)
        return draft

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Runs a coroutine on the model's loop, where its connections live, and waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self._running_loop()).result()

    def client(self) -> OpenAILike:
        """Returns LlamaIndex's model, for what only LlamaIndex can do with it."""
        if self._client is None:
            self._client = _client(self.endpoint)
        return self._client

    def close(self) -> None:
        """Stops whatever is being written; it can be asked again."""
        with self._lock:
            loop, self._loop, self._client = self._loop, None, None
        if loop:
            loop.call_soon_threadsafe(loop.stop)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_run, args=(self._loop,), name="language model", daemon=True).start()
            return self._loop

    async def _write(self, messages: Sequence[Message], draft: Draft, max_tokens: int) -> None:
        from qa.llm.faults import HELD_UP, fault_of

        error = LanguageModelError("stopped")
        try:
            await self._read(messages, draft, max_tokens)
        except asyncio.CancelledError:
            draft.end(error)
            raise
        except Exception as reason:
            error = fault_of(reason)
            logger.warning("%s", error)
            self.breaker.failed(held_up=error.fault in HELD_UP)
            draft.end(error)
        else:
            self.breaker.succeeded()
            draft.end(None)

    async def _read(self, messages: Sequence[Message], draft: Draft, max_tokens: int) -> None:
        """Reads the stream into the draft, within the limits of time and length."""
        thoughts, length, has_words = Thoughts(), 0, False
        end = asyncio.get_running_loop().time() + self.endpoint.total_seconds
        async with asyncio.timeout(min(self.endpoint.first_token_seconds, self.endpoint.total_seconds)) as limit:
            chunks = await self.client().astream_chat(_chat(messages), max_tokens=max_tokens)
            try:
                async for chunk in chunks:
                    if chunk.delta or chunk.additional_kwargs.get("thinking_delta"):
                        limit.reschedule(end)
                    _note(chunk, draft)
                    said = thoughts.without(chunk.delta or "")
                    length, has_words = length + len(said), has_words or bool(said.strip())
                    if length > WRITTEN_MAX_CHARS:
                        raise LanguageModelError("endless")
                    if said:
                        draft.add(said)
            finally:
                await chunks.aclose()
        if rest := thoughts.rest():
            draft.add(rest)
            has_words = True
        if not draft.is_whole:
            raise LanguageModelError("cut")
        if not has_words:
            raise LanguageModelError("empty")


def _note(chunk: ChatResponse, draft: Draft) -> None:
    """Takes down from a chunk whether the answer is whole, and how many tokens it took."""
    choices = getattr(chunk.raw, "choices", None) or []
    if choices and choices[0].finish_reason:
        draft.is_whole = choices[0].finish_reason not in BROKEN_OFF
    counted = chunk.additional_kwargs
    if "completion_tokens" in counted:
        draft.usage = Usage(counted.get("prompt_tokens"), counted["completion_tokens"])


def _client(endpoint: Endpoint) -> OpenAILike:
    import httpx
    from llama_index.llms.openai_like import OpenAILike

    connections = httpx.AsyncClient(trust_env=not endpoint.is_local, timeout=httpx.Timeout(None))
    return OpenAILike(
        model=endpoint.model,
        api_base=endpoint.base_url,
        api_key=endpoint.api_key or NO_KEY,
        is_chat_model=True,
        is_function_calling_model=False,
        context_window=endpoint.context_window,
        temperature=0.0,
        max_retries=0,
        timeout=endpoint.total_seconds,
        additional_kwargs={"stream_options": {"include_usage": True}},
        async_http_client=connections,
    )


def _chat(messages: Sequence[Message]) -> list[ChatMessage]:
    from llama_index.core.base.llms.types import ChatMessage, MessageRole

    return [ChatMessage(role=MessageRole(message.role), content=message.content) for message in messages]


def _run(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
