"""The LlamaIndex chain: our retriever and our synthesizer, to be plugged into others' and theirs into ours."""

from __future__ import annotations

import asyncio
import functools
from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.llms.mock import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers.base import BaseSynthesizer
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from qa.answer import Asker, find, greet
from qa.questions import Kind
from qa.records import Done
from qa.retrieve import Query, RankedPassage, rank_passages
from qa.stopwatch import Stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qa.answer import Found
    from qa.index import Generation
    from qa.reading import Reader
    from qa.records import Answer, Event
    from qa.settings import Settings

__all__ = [
    "PassageRetriever",
    "QuoteSynthesizer",
    "WritingSynthesizer",
    "build_chain",
    "found_of",
    "from_node",
    "to_node",
]

PASSAGE_NUMBER = "passage_number"
ANSWER = "answer"
FOUND = "found"
RETRIEVED = 30  # passages handed on; the answer reads the first few, a user's own synthesizer may want more


class PassageRetriever(BaseRetriever):
    """Retrieves the passages of one generation as `TextNode`s whose text is verbatim."""

    def __init__(
        self,
        generation: Generation,
        prepare: Callable[[str], Query],
        candidates: int,
        article_id: str | None = None,
        top_k: int = RETRIEVED,
        stopwatch: Stopwatch | None = None,
    ) -> None:
        super().__init__()
        self._generation = generation
        self._prepare = prepare
        self._candidates = candidates
        self._article_id = article_id
        self._top_k = top_k
        self._stopwatch = stopwatch or Stopwatch()

    def rank(self, question: str) -> list[RankedPassage]:
        """Ranks passages for a question, best first."""
        query = self._prepare(question)
        with self._stopwatch.time("retrieval"):
            return rank_passages(query, self._generation, self._candidates, self._article_id)[: self._top_k]

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [to_node(passage) for passage in self.rank(query_bundle.query_str)]


class QuoteSynthesizer(BaseSynthesizer):
    """Answers with verbatim quotes from the nodes it is given; the `Answer` is in the response's metadata."""

    def __init__(
        self,
        generation: Generation,
        prepare: Callable[[str], Query],
        settings: Settings,
        asker: Asker | None = None,
        reader: Reader | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> None:
        super().__init__(llm=MockLLM())  # without one LlamaIndex resolves to OpenAI
        self._generation = generation
        self._prepare = prepare
        self._settings = settings
        self._asker = asker
        self._reader = reader
        self._stopwatch = stopwatch or Stopwatch()

    def synthesize(
        self, query: Any, nodes: list[NodeWithScore], additional_source_nodes: Any = None, **_: Any
    ) -> Response:
        """Answers a question; without nodes it declines, where LlamaIndex would say "Empty Response"."""
        question = query.query_str if isinstance(query, QueryBundle) else str(query)
        found = self._find(question, nodes)
        answer = self._answer(found)
        cited = {citation.article_id for citation in answer.citations}
        sources = [node for node in nodes if node.metadata.get("article_id") in cited]
        return Response(answer.text, source_nodes=sources, metadata={ANSWER: answer, FOUND: found})

    async def asynthesize(self, query: Any, nodes: list[NodeWithScore], **options: Any) -> Response:
        """Answers a question as `synthesize` does; nothing in it waits."""
        return self.synthesize(query, nodes, **options)

    def get_response(self, query_str: str, text_chunks: Sequence[str], **_: Any) -> str:
        """Not used: quotes need their place in the article, which bare texts do not carry."""
        raise TypeError("QuoteSynthesizer answers from nodes; call synthesize.")

    async def aget_response(self, query_str: str, text_chunks: Sequence[str], **_: Any) -> str:
        """Not used, as `get_response`."""
        return self.get_response(query_str, text_chunks)

    def _answer(self, found: Found) -> Answer:
        return found.answer

    def _find(self, question: str, nodes: Sequence[NodeWithScore]) -> Found:
        asker = self._asker or Asker(question, question)
        query = self._prepare(question)
        if query.question.kind is Kind.GREETING:
            return greet(asker, query, self._generation)
        passages = [from_node(node, self._generation) for node in nodes if PASSAGE_NUMBER in node.metadata]
        with self._stopwatch.time("reading"):
            return find(asker, query, passages, self._generation, self._settings, self._reader)

    def _get_prompts(self) -> dict[str, Any]:
        return {}

    def _update_prompts(self, prompts: Any) -> None:
        pass


class WritingSynthesizer(QuoteSynthesizer):
    """Finds quotes as its parent does, and lets a language model write from them; `write` yields the events of that."""

    def __init__(self, *parts: Any, write: Callable[[Found], Iterator[Event]]) -> None:
        super().__init__(*parts)
        self._write = write

    async def asynthesize(self, query: Any, nodes: list[NodeWithScore], **options: Any) -> Response:
        """Answers as `synthesize` does, in a thread: it waits for the model."""
        return await asyncio.to_thread(functools.partial(self.synthesize, query, nodes, **options))

    def _answer(self, found: Found) -> Answer:
        if not found.evidence:
            return found.answer
        return next((event.answer for event in self._write(found) if isinstance(event, Done)), found.answer)


def build_chain(
    generation: Generation,
    prepare: Callable[[str], Query],
    settings: Settings,
    asker: Asker | None = None,
    reader: Reader | None = None,
    write: Callable[[Found], Iterator[Event]] | None = None,
    stopwatch: Stopwatch | None = None,
) -> RetrieverQueryEngine:
    """Joins retriever and synthesizer; a question prepared for one is not embedded again for the other.

    With `write` a language model has its say. `stopwatch` times the stages `retrieval` and `reading`.
    """
    remembered = functools.lru_cache(maxsize=8)(prepare)
    article_id = asker.article_id if asker else None
    retriever = PassageRetriever(generation, remembered, settings.candidates, article_id, stopwatch=stopwatch)
    parts = (generation, remembered, settings, asker, reader, stopwatch)
    return RetrieverQueryEngine(
        retriever, WritingSynthesizer(*parts, write=write) if write else QuoteSynthesizer(*parts)
    )


def found_of(response: Any) -> Found:
    """Takes what was found out of a response of the chain."""
    found: Found = response.metadata[FOUND]
    return found


def to_node(passage: RankedPassage) -> NodeWithScore:
    """Wraps a passage; the id names its place, the metadata its article."""
    place, article = passage.stored.passage, passage.stored.article
    metadata = {
        "article_id": article.id,
        "title": article.title,
        "url": article.url,
        "author": article.author,
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
        "legs": passage.legs,
        PASSAGE_NUMBER: passage.number,
    }
    node = TextNode(
        id_=place.location,
        text=place.text,
        start_char_idx=place.start,
        end_char_idx=place.end,
        metadata=metadata,
        excluded_embed_metadata_keys=list(metadata),
        excluded_llm_metadata_keys=["legs", PASSAGE_NUMBER],
    )
    return NodeWithScore(node=node, score=passage.score)


def from_node(node: NodeWithScore, generation: Generation) -> RankedPassage:
    """Finds the passage that `to_node` wrapped; the score is the node's, as others may have ranked it anew."""
    number = node.metadata[PASSAGE_NUMBER]
    return RankedPassage(number, generation.passage(number), float(node.score or 0.0), node.metadata.get("legs", {}))
