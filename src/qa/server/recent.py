"""The answers that were given last, so that a thumb is about what was really said."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.records import Answer

__all__ = ["RecentAnswers"]

RECENT_ANSWERS = 5000  # of which thumbs are taken; a few KB each


class RecentAnswers:
    """The newest answers by trace id; safe from several threads."""

    def __init__(self, size: int = RECENT_ANSWERS) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._size = size
        self._lock = threading.Lock()

    def add(self, answer: Answer) -> None:
        """Remembers an answer; the oldest makes room."""
        with self._lock:
            self._answers[answer.trace_id] = answer
            if len(self._answers) > self._size:
                self._answers.popitem(last=False)

    def get(self, trace_id: str) -> Answer | None:
        """Returns the answer, or None when it was never given or is too long ago."""
        return self._answers.get(trace_id)
