"""Questions that several threads embed at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from qa.embedding.gathering import MOST_AT_ONCE, Gathering

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa.embedding import Embedder

QUESTIONS = ("渡輪幾點開？", "圖書館在哪？", "重慶2024年新能源車產量是多少？", "What is Kimi?", "Who is Kimi?")


class Recorder:
    """Encodes a text as its length, once it is let go on; `batches` are the texts of each call."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.go_on = threading.Event()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.batches.append(list(texts))
        assert self.go_on.wait(60)
        if "!" in texts:
            raise ValueError("cannot")
        return np.array([[len(text)] for text in texts], np.float32)


def gathered(recorder: Recorder, texts: Sequence[str]) -> list[object]:
    """Embeds the first text, and the others once it is under way and they all wait."""
    gathering = Gathering(recorder.encode, len)

    def embed(text: str) -> object:
        try:
            return int(gathering.vector(text)[0])
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(len(texts)) as threads:
        first = threads.submit(embed, texts[0])
        while not recorder.batches:
            pass
        rest = [threads.submit(embed, text) for text in texts[1:]]
        while len(gathering._waiting) < len(rest):
            pass
        recorder.go_on.set()
        return [first.result(), *(one.result() for one in rest)]


def test_those_that_wait_are_embedded_together_if_they_are_as_long() -> None:
    recorder = Recorder()
    assert gathered(recorder, ["aaaa", "b", "cc", "d", "ee"]) == [4, 1, 2, 1, 2]
    assert sorted(map(sorted, recorder.batches)) == [["aaaa"], ["b", "d"], ["cc", "ee"]]


def test_a_batch_is_small() -> None:
    recorder = Recorder()
    gathered(recorder, [str(number % 10) for number in range(2 * MOST_AT_ONCE + 1)])
    assert [len(batch) for batch in recorder.batches] == [1, MOST_AT_ONCE, MOST_AT_ONCE]


def test_a_fault_reaches_those_who_asked_and_nobody_else() -> None:
    assert gathered(Recorder(), ["aaaa", "!", "?", "bb"]) == [4, "cannot", "cannot", 2]


def test_a_vector_is_the_same_alone_and_among_others(embedder: Embedder) -> None:
    alone = [embedder.encode_query([question])[0] for question in QUESTIONS]
    with ThreadPoolExecutor(8) as threads:
        among = list(threads.map(lambda question: embedder.encode_query([question])[0], QUESTIONS * 6))
    for at, vector in enumerate(among):
        assert np.array_equal(vector, alone[at % len(QUESTIONS)])


@pytest.mark.parametrize("text", ["", "\ud83d", "長" * 2000])
def test_any_text_has_a_vector(embedder: Embedder, text: str) -> None:
    assert np.isfinite(embedder.encode_query([text])).all()
