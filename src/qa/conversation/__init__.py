"""A follow-up -> questions that stand alone, by rule; the history comes from the client and is only read."""

from qa.conversation.following import (
    HISTORY_MAX_CHARS,
    MAX_READINGS,
    leans_on_history,
    new_thing_in,
    standalone_questions,
    understood_as,
)
from qa.conversation.language import typed_language
from qa.conversation.parting import clauses_in, questions_in

__all__ = [
    "HISTORY_MAX_CHARS",
    "MAX_READINGS",
    "clauses_in",
    "leans_on_history",
    "new_thing_in",
    "questions_in",
    "standalone_questions",
    "typed_language",
    "understood_as",
]
