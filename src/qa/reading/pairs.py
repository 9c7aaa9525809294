"""Question and window -> the tokens that the reader's network sees, with their places in the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["MAX_TOKENS", "Pair", "Pairing"]

MAX_TOKENS = 512  # the encoder has that many positions
QUESTION_TOKENS = 128  # of a longer question its beginning is read, and its end
QUERY_PREFIX, PASSAGE_PREFIX = "query: ", "passage: "  # the encoder's own prompts
SPECIAL_TOKENS = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """Token ids of `<s> query: question </s> passage: window </s>`, and the window's tokens among them.

    `offsets` gives each token of the window its start and end in code points of the window; the first of them is
    number `first` among `ids`.
    """

    ids: tuple[int, ...]
    first: int
    offsets: tuple[tuple[int, int], ...]


class Pairing:
    """Makes pairs with the tokenizer of the embedding model (a `tokenizers.Tokenizer`)."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._open, self._close, self.padding = (tokenizer.token_to_id(token) for token in ("<s>", "</s>", "<pad>"))

    def pair(self, question: str, window: str) -> Pair:
        """Joins a question and a window.

        Raises:
            ValueError: the two have more than `MAX_TOKENS` tokens; the window is to be cut first.
        """
        asked = self._question(question)
        ids, offsets = self._window(window)
        if len(asked) + len(ids) + SPECIAL_TOKENS > MAX_TOKENS:
            raise ValueError(f"a window of {len(ids)} tokens is too long; cut it to {self.room(question)}")
        whole = (self._open, *asked, self._close, *ids, self._close)
        return Pair(whole, len(asked) + 2, offsets)

    def room(self, question: str) -> int:
        """Returns how many tokens a window may have beside this question."""
        return MAX_TOKENS - SPECIAL_TOKENS - len(self._question(question))

    def token_count(self, window: str) -> int:
        """Counts a window's tokens."""
        return len(self._window(window)[0])

    def _question(self, question: str) -> Sequence[int]:
        ids: Sequence[int] = self._tokenizer.encode(QUERY_PREFIX + question, add_special_tokens=False).ids
        half = QUESTION_TOKENS // 2
        return ids if len(ids) <= QUESTION_TOKENS else [*ids[:half], *ids[-half:]]

    def _window(self, window: str) -> tuple[Sequence[int], tuple[tuple[int, int], ...]]:
        encoding = self._tokenizer.encode(PASSAGE_PREFIX + window, add_special_tokens=False)
        before = len(PASSAGE_PREFIX)
        offsets = tuple((max(0, start - before), max(0, end - before)) for start, end in encoding.offsets)
        return encoding.ids, offsets
