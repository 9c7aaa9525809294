"""Questions that come from several threads at once, embedded together where that changes nothing."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Gathering"]

MOST_AT_ONCE = 8  # a batch takes a third of the time of as many questions one by one; more would hold up the first

Asked = tuple[str, int, Future[NDArray[np.float32]]]  # a question, its tokens, and where its vector goes


class Gathering:
    """Embeds the question that has waited longest, together with others that wait and have as many tokens.

    Those need no padding, so a vector is to the last bit the one that its question has on its own; and so is the answer
    made of it.
    """

    def __init__(self, encode: Callable[[Sequence[str]], NDArray[np.float32]], length: Callable[[str], int]) -> None:
        self._encode = encode
        self._length = length
        self._waiting: deque[Asked] = deque()
        self._turn = threading.Lock()
        self._changing = threading.Lock()

    def vector(self, question: str) -> NDArray[np.float32]:
        """Returns the vector of one question, shape (dimension,)."""
        vector: Future[NDArray[np.float32]] = Future()
        with self._changing:
            self._waiting.append((question, self._length(question), vector))
        while not vector.done():
            with self._turn:
                if not vector.done():
                    self._embed_next()
        return vector.result()

    def _embed_next(self) -> None:
        batch = self._take_batch()
        try:
            vectors = self._encode([question for question, _, _ in batch])
        except Exception as error:
            for _, _, vector in batch:
                vector.set_exception(error)
            return
        for (_, _, vector), row in zip(batch, vectors, strict=True):
            vector.set_result(row)

    def _take_batch(self) -> list[Asked]:
        with self._changing:
            length = self._waiting[0][1]
            batch = [asked for asked in self._waiting if asked[1] == length][:MOST_AT_ONCE]
            self._waiting = deque(asked for asked in self._waiting if asked not in batch)
        return batch
