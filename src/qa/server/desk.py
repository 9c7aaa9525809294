"""The desk where the questions of every door come in, so that each is answered and remembered in the same way."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from qa.errors import FeedbackError
from qa.records import Done

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from qa.engine import Engine
    from qa.feedback import Feedback
    from qa.records import Answer, Event
    from qa.server.asked import Asked
    from qa.server.routes import RecentAnswers

__all__ = ["Desk"]

logger = logging.getLogger(__name__)


class Desk:
    """Asks the engine and remembers what was answered, for thumbs and for the editor."""

    def __init__(self, engine: Engine, recent: RecentAnswers, feedback: Feedback) -> None:
        self.engine = engine
        self._recent = recent
        self._feedback = feedback

    async def ask(self, asked: Asked) -> Answer:
        """Answers a question.

        Raises:
            QuestionError: the engine refuses it.
        """
        answer = await self.engine.aask(asked.question, **asked.options())
        self.remember(answer)
        return answer

    async def stream(self, asked: Asked) -> AsyncIterator[Event]:
        """Answers a question in events, the whole answer last.

        Raises:
            QuestionError: the engine refuses it.
        """
        async for event in self.engine.astream(asked.question, **asked.options()):
            if isinstance(event, Done):
                self.remember(event.answer)
            yield event

    def remember(self, answer: Answer) -> None:
        """Keeps an answer for thumbs, and a declined question for the editor."""
        self._recent.add(answer)
        if answer.status == "declined" and self.engine.settings.keep_declined == "on":
            try:
                self._feedback.decline(answer.question)
            except FeedbackError as error:
                logger.warning("%s", error)
