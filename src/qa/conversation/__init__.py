"""A follow-up -> questions that stand alone, by rule; the history comes from the client and is only read."""

from qa.conversation.following import (
    HISTORY_MAX_CHARS,
    MAX_READINGS,
    leans_on_history,
    standalone_questions,
    understood_as,
)

__all__ = ["HISTORY_MAX_CHARS", "MAX_READINGS", "leans_on_history", "standalone_questions", "understood_as"]
