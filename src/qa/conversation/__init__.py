"""A follow-up -> questions that stand alone, by rule; the history comes from the client and is only read."""

from qa.conversation.following import (
    HISTORY_MAX_CHARS,
    MAX_READINGS,
    leans_on_history,
    standalone_questions,
    understood_as,
)
from qa.conversation.language import typed_language

__all__ = [
    "HISTORY_MAX_CHARS",
    "MAX_READINGS",
    "leans_on_history",
    "standalone_questions",
    "typed_language",
    "understood_as",
]
