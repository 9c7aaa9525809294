"""The desk where the questions of every door come in, so that each is answered and remembered in the same way."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import FeedbackError, QuestionError, TurnedAwayError
from qa.questions import check_question
from qa.records import Done, Evidence
from qa.server.kept import KeptAnswers
from qa.server.limits import Limits
from qa.server.line import COME_BACK_SECONDS, Line
from qa.server.metrics import Metrics
from qa.server.questionlog import log_failure, log_question
from qa.stopwatch import Stopwatch

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from qa.engine import Engine
    from qa.feedback import Feedback
    from qa.index import Generation
    from qa.records import Answer, Event, Hit
    from qa.server.asked import Asked
    from qa.server.recent import RecentAnswers

__all__ = ["Caller", "Desk"]

logger = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 1.0  # for a new generation, whose answers are not those that are kept


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the door they came in by, the client that is counted, and whether they have been here before.

    None of it is kept.
    """

    door: str
    client: str
    is_returning: bool = False


class Desk:
    """Counts a question, lets it wait for its turn, asks the engine, and remembers the answer."""

    def __init__(self, engine: Engine, recent: RecentAnswers, feedback: Feedback) -> None:
        settings = engine.settings
        self.engine = engine
        self.limits = Limits(settings)
        self._recent = recent
        self._feedback = feedback
        self._kept = KeptAnswers(settings.answer_cache)
        self._line = Line(settings.concurrent_questions, settings.waiting_questions)
        self._generation: weakref.ref[Generation] | None = None  # not held: it closes when nobody reads it
        self._looked = 0.0
        self.metrics = Metrics(waiting=lambda: len(self._line))

    async def ask(self, asked: Asked, caller: Caller) -> Answer:
        """Answers a question.

        Raises:
            QuestionError: the question is refused.
            TurnedAwayError: too much is asked.
        """
        async with contextlib.aclosing(self.stream(asked, caller)) as events:
            async for event in events:
                if isinstance(event, Done):
                    return event.answer
        raise RuntimeError("The engine ended without an answer.")

    async def stream(self, asked: Asked, caller: Caller) -> AsyncGenerator[Event]:
        """Answers a question in events, the whole answer last.

        Raises:
            QuestionError: the question is refused.
            TurnedAwayError: too much is asked.
        """
        stopwatch = Stopwatch()
        with self._watched(caller):
            check_question(asked.question, self.engine.settings.max_question_chars)
            self.limits.count_question(caller.client)
            async with contextlib.aclosing(self._answered(asked, caller, stopwatch)) as events:
                async for event in events:
                    stopwatch.mark("first")
                    if isinstance(event, Done):
                        stopwatch.mark("total")
                        await self._remember(event.answer, caller, stopwatch)
                    yield event

    async def search(self, question: str, top_k: int, article_id: str | None, caller: Caller) -> list[Hit]:
        """Finds passages, best first.

        Raises:
            QuestionError: the question is refused.
            TurnedAwayError: too much is asked.
        """
        with self._watched(caller):
            check_question(question, self.engine.settings.max_question_chars)
            self.limits.count_question(caller.client)
            self.metrics.searches.labels(caller.door).inc()
            async with self._line.turn(caller.is_returning):
                return await asyncio.to_thread(self.engine.search, question, top_k, article_id)

    def turned_away(self, door: str) -> None:
        """Counts and logs a question that was turned away before it came here."""
        self.metrics.turned_away.labels("busy").inc()
        log_failure(door, "busy")

    async def _answered(self, asked: Asked, caller: Caller, stopwatch: Stopwatch) -> AsyncGenerator[Event]:
        """Yields the events of an answer that is kept, or of one that is made now and kept."""
        generation = await self._current_generation()
        today = self.engine.settings.current_day()
        kept = self._kept.get(asked, generation, today)
        if kept:
            self.metrics.cached.inc()
            yield Evidence(kept.citations)
            for sentence in kept.sentences:
                yield sentence
            yield Done(kept)
            return
        async with contextlib.aclosing(self._made(asked, caller, stopwatch)) as events:
            async for event in events:
                if isinstance(event, Done):
                    self._kept.add(asked, event.answer, generation, today)
                yield event

    async def _current_generation(self) -> Generation:
        """Returns the generation that serves; looks for a newer one once a second, which takes a while to open."""
        known = self._generation() if self._generation else None
        if known is None or time.monotonic() - self._looked > LOOK_AGAIN_SECONDS:
            self._looked = time.monotonic()
            known = await asyncio.to_thread(self.engine.generation)
            self._generation = weakref.ref(known)
        return known

    async def _made(self, asked: Asked, caller: Caller, stopwatch: Stopwatch) -> AsyncGenerator[Event]:
        """Yields events as fast as they are read; the place in the line is given back when they have been made."""
        made: asyncio.Queue[Event | Exception | None] = asyncio.Queue()

        async def make() -> None:
            try:
                with stopwatch.time("waiting"):
                    await stack.enter_async_context(self._line.turn(caller.is_returning))
                with stopwatch.time("answering"), self.metrics.answering.track_inprogress():
                    stream: Any = self.engine.astream(asked.question, **asked.options(), stopwatch=stopwatch)
                    answering = contextlib.aclosing(stream)
                    async with asyncio.timeout(self._longest_answer()), answering as events:
                        async for event in events:
                            made.put_nowait(event)
                made.put_nowait(None)
            except Exception as error:
                made.put_nowait(error)
            finally:
                await stack.aclose()

        stack = contextlib.AsyncExitStack()
        maker = asyncio.create_task(make())
        try:
            while event := await made.get():
                if isinstance(event, TimeoutError):
                    raise TurnedAwayError("busy", COME_BACK_SECONDS)
                if isinstance(event, Exception):
                    raise event
                yield event
        finally:
            maker.cancel()

    def _longest_answer(self) -> float:
        """Returns how many seconds an answer may take: a language model has its own besides."""
        settings = self.engine.settings
        return settings.answer_seconds + (settings.llm_total_seconds if self.engine.model else 0.0)

    @contextlib.contextmanager
    def _watched(self, caller: Caller) -> Iterator[None]:
        """Counts and logs what gets no answer."""
        try:
            yield
        except QuestionError:
            log_failure(caller.door, "refused")
            raise
        except TurnedAwayError as error:
            self.metrics.turned_away.labels(error.reason).inc()
            log_failure(caller.door, error.reason)
            raise
        except Exception:
            self.metrics.errors.labels(caller.door).inc()
            log_failure(caller.door, "failed")
            raise

    async def _remember(self, answer: Answer, caller: Caller, stopwatch: Stopwatch) -> None:
        """Counts and logs an answer, and keeps it for thumbs, and a declined question for the editor."""
        self.metrics.questions.labels(caller.door, answer.status).inc()
        seconds = stopwatch.seconds()
        for stage, took in seconds.items():
            self.metrics.seconds.labels(stage).observe(took)
        log_question(answer, caller.door, seconds, self.engine.settings)
        self._recent.add(answer)
        if answer.status == "declined" and self.engine.settings.keep_declined == "on":
            try:
                await asyncio.to_thread(self._feedback.decline, answer.question)
            except FeedbackError as error:
                logger.warning("%s", error)
