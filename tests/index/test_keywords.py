"""Postings by token, with the saturation of BM25."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.index import verify
from qa.index.keywords import BM25_B, BM25_K1, KeywordIndex

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qa.index import Generation

PASSAGES = [["a", "b"], ["a", "a", "c", "d"], ["e", "e", "e"]]  # 2, 4 and 3 tokens: 3 on average


@pytest.mark.parametrize(
    ("token", "passages", "counts"), [("a", [0, 1], [1, 2]), ("e", [2], [3]), ("d", [1], [1]), ("x", [], [])]
)
def test_a_posting_is_the_saturated_frequency_without_idf(token: str, passages: list[int], counts: list[int]) -> None:
    found, saturations = KeywordIndex.build(PASSAGES).postings(token)
    assert found.tolist() == passages
    lengths = [len(PASSAGES[number]) / 3 for number in passages]
    expected = [
        count / (count + BM25_K1 * (1 - BM25_B + BM25_B * length))
        for count, length in zip(counts, lengths, strict=True)
    ]
    assert saturations.tolist() == pytest.approx(expected)


def test_a_saved_index_answers_as_before(tmp_path: Path) -> None:
    built = KeywordIndex.build(PASSAGES)
    built.save(tmp_path / "keywords")
    loaded = KeywordIndex.load(tmp_path / "keywords")
    assert loaded.passage_count == 3
    for token in ("a", "b", "c", "d", "e", "x", ""):
        assert loaded.frequency(token) == built.frequency(token)
        assert [part.tolist() for part in loaded.postings(token)] == [part.tolist() for part in built.postings(token)]


def test_passages_without_any_token_are_counted() -> None:
    index = KeywordIndex.build([[], ["a"], []])
    assert index.passage_count == 3
    assert index.postings("a")[0].tolist() == [1]


def test_a_corpus_without_any_token_has_no_postings(make_generation: Callable[..., Generation]) -> None:
    index = KeywordIndex.build([[], []])
    assert index.passage_count == 2
    assert index.frequency("a") == 0
    verify(make_generation("！？！"))
