"""The engine that every door calls: open an index, search it, ask it, stream from it."""

from __future__ import annotations

import dataclasses
import functools
import logging
import threading
from typing import TYPE_CHECKING, Any

from qa.conversation import leans_on_history
from qa.embedding import Embedder, load_embedder
from qa.errors import CorpusError, IndexDamagedError, QuestionError, ReaderError
from qa.index import (
    Generation,
    Progress,
    build_in_memory,
    build_index,
    current_generation,
    open_current,
    open_serving,
)
from qa.llm import LanguageModel, Stop, endpoint_of
from qa.questions import check_question, understand
from qa.records import Answer, Article, Done, Event, Evidence, Hit, IndexReport, Turn
from qa.retrieve import Query, prepare, rank_passages, to_hit
from qa.settings import Settings
from qa.stopwatch import Stopwatch
from qa.streams import AnswerStream, asynchronously

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from qa.answer import Found
    from qa.reading import Reader
    from qa.writing import Written

__all__ = ["Engine"]

logger = logging.getLogger(__name__)

MAX_TURNS = 20  # of history; the client sends it, so it is bounded


class Engine:
    """Answers questions from one index; safe from several threads."""

    def __init__(self, settings: Settings, generation: Generation, embedder: Embedder, in_memory: bool) -> None:
        self.settings = settings
        self._generation = generation
        self.embedder = embedder
        self.reader = _load_reader(settings, embedder)
        endpoint = endpoint_of(settings)
        self.model = LanguageModel(endpoint) if endpoint else None
        self.on_written: Callable[[Written], object] | None = None
        self.in_memory = in_memory
        self._seen = generation.folder if in_memory else _current_or_none(settings)
        self._lock = threading.Lock()

    @classmethod
    def open(cls, settings: Settings | None = None, progress: Progress | None = None) -> Engine:
        """Opens the index that the settings name, and loads its embedding model.

        Where the newest generation is damaged, the one before serves, and a warning is logged.

        Raises:
            IndexMissingError: there is no index yet.
            IndexDamagedError: none can be read, or it was built with another model.
            ModelError: the model cannot be loaded.
        """
        settings = settings or Settings()
        generation = open_serving(settings)
        embedder = load_embedder(settings.embedding_model, settings.cache_dir, progress)
        return cls(settings, generation, embedder, in_memory=False)

    @classmethod
    def from_articles(cls, articles: Sequence[Article], settings: Settings | None = None) -> Engine:
        """Indexes articles in memory; nothing is written but the unpacked model in the cache.

        Raises:
            CorpusError: there are no articles, one has no text, or two have one id.
        """
        settings = settings or Settings()
        _check_articles(articles)
        embedder = load_embedder(settings.embedding_model, settings.cache_dir)
        return cls(settings, build_in_memory(articles, settings, embedder), embedder, in_memory=True)

    def search(self, question: str, top_k: int = 10, article_id: str | None = None) -> list[Hit]:
        """Returns the best passages, best first; nothing found is an empty list.

        Raises:
            QuestionError: the question is blank or too long, `top_k` is under 1, or the article is unknown.
        """
        if top_k < 1:
            raise QuestionError(f"top_k is {top_k!r}; ask for at least 1 hit.")
        text = check_question(question, self.settings.max_question_chars)
        generation = self.generation()
        self._check_article_id(article_id, generation)
        query = self._prepare_for(generation)(text)
        candidates = max(self.settings.candidates, top_k)
        return [to_hit(passage) for passage in rank_passages(query, generation, candidates, article_id)[:top_k]]

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        article_id: str | None = None,
        language: str | None = None,
    ) -> Answer:
        """Answers a question with quotes, or declines.

        `history` holds earlier turns, the oldest first; `article_id` keeps to one article; `language` is the one
        of the words around the quotes (zh-Hant, zh-Hans or en) in place of the question's own.

        Raises:
            QuestionError: the question is blank or too long, or the article is unknown.
        """
        answer: Answer | None = None
        for event in self.stream(question, history, article_id, language):
            if isinstance(event, Done):
                answer = event.answer
        assert answer is not None  # it closes the stream, which nobody else can have closed
        return answer

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        article_id: str | None = None,
        language: str | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> Iterator[Event]:
        """Answers as `ask` does, in events: the evidence, each sentence, and the whole answer last.

        Where a language model writes, the evidence comes before it is asked, and comes anew where the model
        understands a follow-up otherwise, or cites in another order. The stream may be closed from any thread; that
        stops the model. `stopwatch` times the stages `embedding`, `retrieval` and `reading`.

        Raises:
            QuestionError: as `ask` does, when the first event is asked for.
        """
        timed = stopwatch or Stopwatch()
        return AnswerStream(lambda stop: self._events(question, list(history), article_id, language, stop, timed))

    async def aask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        article_id: str | None = None,
        language: str | None = None,
    ) -> Answer:
        """Answers as `ask` does, without blocking the event loop; cancelling it stops the model."""
        answer: Answer | None = None
        async for event in self.astream(question, history, article_id, language):
            if isinstance(event, Done):
                answer = event.answer
        assert answer is not None
        return answer

    async def astream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        article_id: str | None = None,
        language: str | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> AsyncGenerator[Event, None]:
        """Streams as `stream` does, without blocking the event loop; closing or cancelling it stops the model."""
        async with asynchronously(lambda: self.stream(question, history, article_id, language, stopwatch)) as events:
            async for event in events:
                yield event

    def as_retriever(self, top_k: int = 10) -> Any:
        """Returns the LlamaIndex retriever that `ask` uses."""
        from qa.chain import PassageRetriever

        generation = self.generation()
        return PassageRetriever(generation, self._prepare_for(generation), self.settings.candidates, top_k=top_k)

    def as_query_engine(self) -> Any:
        """Returns the LlamaIndex query engine that `ask` runs; its response carries the `Answer` as metadata."""
        from qa.chain import build_chain

        generation = self.generation()
        write = functools.partial(self._write, generation=generation, stop=Stop()) if self.model else None
        return build_chain(generation, self._prepare_for(generation), self.settings, reader=self.reader, write=write)

    def generation(self) -> Generation:
        """Returns the generation that serves, switching to a newer one that has been built.

        One that cannot be read is left alone: what has served until now goes on serving.

        Raises:
            IndexMissingError: the index was removed.
        """
        if self.in_memory or _current_or_none(self.settings) == self._seen:
            return self._generation
        with self._lock:
            current = _current_or_none(self.settings)
            if current != self._seen:
                try:
                    # The old one closes itself when the last question that reads it is done.
                    self._generation = open_current(self.settings)
                except IndexDamagedError as error:
                    logger.warning("%s Until then the index opened before serves.", error)
                self._seen = current
            return self._generation

    def refresh(self) -> IndexReport:
        """Brings the index into step with the articles, by the model that is loaded, and switches to it.

        Raises:
            QAError: as `build_index` does; what served before goes on serving.
        """
        report = build_index(self.settings, load=lambda: self.embedder)
        self.generation()  # opened here, so that no reader waits for it
        return report

    def close(self) -> None:
        """Closes the index, and stops what a model is writing; an index in memory is gone then."""
        if self.model:
            self.model.close()
        self._generation.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _events(
        self,
        question: str,
        history: list[Turn],
        article_id: str | None,
        language: str | None,
        stop: Stop,
        stopwatch: Stopwatch,
    ) -> Iterator[Event]:
        text = check_question(question, self.settings.max_question_chars)
        generation = self.generation()
        self._check_article_id(article_id, generation)
        find = functools.partial(
            self._find,
            question,
            article_id=article_id,
            language=language,
            generation=generation,
            stopwatch=stopwatch,
        )
        turns = history[-MAX_TURNS:]
        by_rule = self._by_rule(text, turns, find, generation)
        yield Evidence(by_rule.answer.citations)
        found = self._understood(by_rule, text, turns, find, stop)
        if stop:
            return
        if found.answer.citations != by_rule.answer.citations:
            yield Evidence(found.answer.citations)
        if self.model and found.evidence:
            yield from self._write(found, generation, stop)
        else:
            yield from found.answer.sentences
            yield Done(found.answer)

    def _by_rule(self, text: str, turns: list[Turn], find: Callable[[str], Found], generation: Generation) -> Found:
        """Answers a turn without a model; a headline is one question, whatever it asks."""
        from qa.turns import answer_each, answer_one

        if generation.catalogue.article_by_title(text):
            return answer_one(text, turns, find)
        return answer_each(text, turns, lambda question, before: answer_one(question, before, find))

    def _understood(
        self, by_rule: Found, text: str, history: Sequence[Turn], find: Callable[[str], Found], stop: Stop
    ) -> Found:
        """Lets the model complete a follow-up, where there is one; what it makes of it must be answered to count."""
        if self.model is None or by_rule.answer.status == "greeting" or not leans_on_history(text, history):
            return by_rule
        from qa.turns import likeliest
        from qa.writing import rewrite

        rewritten = rewrite(text, history, understand(text).language, self.model, stop)
        if rewritten is None or rewritten == by_rule.answer.standalone_question or stop:
            return by_rule
        found = find(rewritten)
        return found if found.answer.status == "answered" else likeliest([found, by_rule])

    def _find(
        self,
        question: str,
        standalone: str,
        article_id: str | None,
        language: str | None,
        generation: Generation,
        stopwatch: Stopwatch,
    ) -> Found:
        from qa.answer import Asker
        from qa.chain import build_chain, found_of

        named = None if article_id else generation.catalogue.article_by_title(standalone)
        told_by = generation.first_of(named) if named else None
        asker = Asker(question, standalone, language, article_id or told_by, is_headline=named is not None)
        prepare = self._prepare_for(generation, stopwatch)
        chain = build_chain(generation, prepare, self.settings, asker, self.reader, stopwatch=stopwatch)
        return found_of(chain.query(standalone))

    def _write(self, found: Found, generation: Generation, stop: Stop) -> Iterator[Event]:
        """Lets the model write from what was found, every sentence checked."""
        from qa.checking import Checker
        from qa.writing import addresses_a_machine, write_answer

        assert self.model is not None
        told = tuple(citation for citation in found.evidence if not addresses_a_machine(citation.quote))
        found = dataclasses.replace(found, evidence=told)
        today = self.settings.current_day()
        question = dataclasses.replace(found.query.question, language=found.language)
        checker = Checker(found.evidence, question, generation.dictionary, self.embedder, today)
        return write_answer(found, self.model, checker.check, today, stop, self.on_written)

    def _prepare_for(self, generation: Generation, stopwatch: Stopwatch | None = None) -> Any:
        return functools.partial(self._prepare, generation=generation, stopwatch=stopwatch or Stopwatch())

    def _prepare(self, text: str, generation: Generation, stopwatch: Stopwatch) -> Query:
        with stopwatch.time("embedding"):
            return prepare(text, generation, self.embedder, self.settings.current_day())

    @staticmethod
    def _check_article_id(article_id: str | None, generation: Generation) -> None:
        if article_id is not None and not generation.catalogue.passages_of(article_id):
            raise QuestionError(f"No article has the id {article_id!r}.")


def _current_or_none(settings: Settings) -> Path | None:
    """Names the generation that is to serve, or nothing where `CURRENT` is garbled."""
    try:
        return current_generation(settings.index_dir)
    except IndexDamagedError:
        return None


def _load_reader(settings: Settings, embedder: Embedder) -> Reader | None:
    """Loads the reader, or says why there is none: answers are whole sentences then, and all else works."""
    if settings.reader == "off":
        return None
    from qa.reading import load_reader

    try:
        return load_reader(embedder)
    except ReaderError as error:
        logger.warning("The reader is off: %s. Answers quote whole sentences; QA_READER=off stops this notice.", error)
        return None


def _check_articles(articles: Sequence[Article]) -> None:
    if not articles:
        raise CorpusError("There are no articles to index.")
    seen: set[str] = set()
    for article in articles:
        if not article.text.strip():
            raise CorpusError(f"The article {article.id!r} has no text.")
        if article.id in seen:
            raise CorpusError(f"Two articles have the id {article.id!r}.")
        if not article.id.strip():
            raise CorpusError(f"An article has the id {article.id!r}; give it one that can be read.")
        seen.add(article.id)
