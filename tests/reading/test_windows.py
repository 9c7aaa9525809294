"""Windows are whole sentences around the best evidence, and every place in them is a place in the article."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from qa import Article
from qa.index.generation import StoredPassage
from qa.passages import cut_passages
from qa.reading.windows import WINDOW_CHARS, WINDOW_MARGIN, Window, pieces, windows_around
from qa.retrieve import EvidenceSentence, RankedPassage
from qa.text.dates import time_notes

if TYPE_CHECKING:
    from collections.abc import Callable

SENTENCES = [f"第{number}句講的是重慶的一間車廠在二月裏做了些什麼，又賣出了多少輛車。" for number in range(1, 9)]


def store(text: str, published: dt.date | None = None) -> StoredPassage:
    article = Article(id="a", title="", text=text, published=published)
    return StoredPassage(cut_passages(article, 2000)[0], article, time_notes(text, published))


@pytest.fixture
def make_sentence() -> Callable[[StoredPassage, int, float], EvidenceSentence]:
    def make(stored: StoredPassage, number: int, similarity: float) -> EvidenceSentence:
        start, end = stored.passage.sentences[number]
        passage = RankedPassage(0, stored, 0.0, {})
        return EvidenceSentence(
            passage, start, end, frozenset(), 0.0, 0.0, 0.0, similarity, False, asked_year=False, other_year=False
        )

    return make


def test_a_window_is_whole_sentences_around_the_best_one(make_sentence: Callable[..., EvidenceSentence]) -> None:
    stored = store("".join(SENTENCES))
    (window,) = windows_around([make_sentence(stored, 3, 0.9)])
    assert SENTENCES[3] in window.text
    assert window.text in "".join(SENTENCES)
    assert len(window.text) <= WINDOW_CHARS
    assert window.text.endswith("。")


def test_a_sentence_inside_a_window_gets_none_of_its_own(make_sentence: Callable[..., EvidenceSentence]) -> None:
    stored = store("".join(SENTENCES))
    windows = windows_around([make_sentence(stored, n, 0.9 - n / 100) for n in (3, 2, 7)])
    assert len(windows) == 2
    assert windows[0].end <= windows[1].start or windows[1].end <= windows[0].start


def test_sentences_far_behind_the_best_are_not_read(make_sentence: Callable[..., EvidenceSentence]) -> None:
    stored = store("".join(SENTENCES))
    windows = windows_around([make_sentence(stored, 0, 0.9), make_sentence(stored, 7, 0.89 - WINDOW_MARGIN)])
    assert len(windows) == 1


def test_a_written_out_date_has_its_place_at_the_word_it_stands_for() -> None:
    text = "去年廣東以571萬輛居首，今年上半年安徽反超。"
    stored = store(text, dt.date(2025, 7, 30))
    window = Window(stored, 0, len(text))
    assert window.text.startswith("去年（2024年）廣東")

    def placed(words: str) -> str:
        at = window.text.index(words)
        start, end = window.place(at, at + len(words))
        return text[start:end]

    assert placed("571萬輛") == "571萬輛"
    assert placed("2024年") == "去年"
    assert placed("去年（2024年）廣東") == "去年廣東"
    assert placed("安徽") == "安徽"


def test_every_place_of_a_window_without_dates_is_its_offset_in_the_article() -> None:
    stored = store("".join(SENTENCES))
    start, end = stored.passage.sentences[2]
    window = Window(stored, start, end)
    assert [window.place(at, at + 1) for at in (0, 5)] == [(start, start + 1), (start + 5, start + 6)]


def test_a_window_too_long_for_the_network_is_cut_at_sentences_and_nothing_is_lost() -> None:
    stored = store("".join(SENTENCES))
    whole = Window(stored, 0, len(stored.article.text))
    cut = list(pieces(whole, lambda piece: piece.end - piece.start <= 100))
    assert "".join(piece.text for piece in cut) == whole.text
    assert all(piece.text.endswith("。") for piece in cut)


def test_a_single_sentence_too_long_for_the_network_is_cut_all_the_same() -> None:
    stored = store("車" * 500 + "。")
    cut = list(pieces(Window(stored, 0, 501), lambda piece: piece.end - piece.start <= 100))
    assert "".join(piece.text for piece in cut) == stored.article.text
    assert max(len(piece.text) for piece in cut) <= 100
