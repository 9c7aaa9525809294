"""Passages -> postings by token; the only module that knows bm25s."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = ["KeywordIndex", "Postings"]

BM25_K1 = 0.8  # passages are short: a second mention adds little; 1.2 loses 0.5 points of hit@1 on the dev set
BM25_B = 0.5  # passages are of like length; 0.75 loses 0.3 points

Postings = tuple[NDArray[np.int32], NDArray[np.float32]]  # passage numbers, ascending; saturations in 0..1


class KeywordIndex:
    """The saturated term frequencies of BM25 (Robertson and Zaragoza 2009, formula 3.15), without its idf.

    The idf is left to the ranking, which knows background frequencies: in a corpus of two articles
    document frequencies mean nothing.
    """

    def __init__(self, engine: Any) -> None:
        self._data = engine.scores["data"]
        self._indices = engine.scores["indices"]
        self._indptr = engine.scores["indptr"]
        self.vocabulary: Mapping[str, int] = engine.vocab_dict
        self.passage_count = int(engine.scores["num_docs"])
        self._engine = engine

    @classmethod
    def build(cls, passages: Iterable[Sequence[str]]) -> KeywordIndex:
        """Indexes passages given as tokens."""
        import bm25s

        vocabulary: dict[str, int] = {}
        ids = [[vocabulary.setdefault(token, len(vocabulary)) for token in tokens] for tokens in passages]
        if not vocabulary:  # passages of marks only, which bm25s cannot index
            vocabulary, ids = {"": 0}, [[0] for _ in ids]
        engine = bm25s.BM25(method="lucene", k1=BM25_K1, b=BM25_B)
        engine.index((ids, vocabulary), show_progress=False)
        _divide_by_idf(engine.scores)
        return cls(engine)

    @classmethod
    def load(cls, folder: Path) -> KeywordIndex:
        """Opens a saved index; its arrays stay on disk until they are read."""
        import bm25s

        return cls(bm25s.BM25.load(str(folder), mmap=True, show_progress=False))

    def save(self, folder: Path) -> None:
        """Writes the index as bm25s's own files."""
        self._engine.save(str(folder), show_progress=False)

    def postings(self, token: str) -> Postings:
        """Returns where a token occurs and how saturated it is there."""
        number = self.vocabulary.get(token, -1)
        if number < 0 or number + 1 >= len(self._indptr):
            return _NOWHERE
        span = slice(int(self._indptr[number]), int(self._indptr[number + 1]))
        return self._indices[span], self._data[span]

    def frequency(self, token: str) -> int:
        """Returns in how many passages a token occurs."""
        return len(self.postings(token)[0])


_NOWHERE: Postings = (np.empty(0, np.int32), np.empty(0, np.float32))


def _divide_by_idf(scores: dict[str, Any]) -> None:
    frequencies = np.diff(scores["indptr"])
    count = scores["num_docs"]
    idf = np.log(1 + (count - frequencies + 0.5) / (frequencies + 0.5))
    scores["data"] = (scores["data"] / np.repeat(idf, frequencies)).astype(np.float32)
