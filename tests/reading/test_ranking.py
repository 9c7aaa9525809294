"""What the reader says moves evidence, and never further than retrieval allows."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from qa import Article
from qa.expected import Expected
from qa.index.generation import StoredPassage
from qa.passages import cut_passages
from qa.questions import Kind, understand
from qa.reading import logit, rank_by_reading
from qa.reading.reader import Marked, Reading
from qa.reading.windows import Window
from qa.retrieve import READING_WEIGHT, EvidenceSentence, Query, RankedPassage

TEXT = "港口由林海生掌管，他上任已三年。新碼頭耗資83億元，明年啟用。渡輪照常行駛。"
ARTICLE = Article(id="a", title="", text=TEXT)
STORED = StoredPassage(cut_passages(ARTICLE, 2000)[0], ARTICLE, [])
ASKED = Query(understand("新碼頭的事", "新碼頭的事"), (), (), np.zeros(4, np.float32), frozenset(), Expected(None))


def evidence(number: int, similarity: float) -> EvidenceSentence:
    start, end = STORED.passage.sentences[number]
    passage = RankedPassage(0, STORED, 0.0, {})
    return EvidenceSentence(
        passage, start, end, frozenset(), 0.0, 0.0, 0.0, similarity, False, asked_year=False, other_year=False
    )


def reading(answers: float, *marked: tuple[str, float]) -> Reading:
    places = [(TEXT.index(words), words, probability) for words, probability in marked]
    spans = tuple(Marked(at, at + len(words), probability) for at, words, probability in places)
    return Reading(Window(STORED, 0, len(TEXT)), answers, spans)


def test_the_sentence_that_the_reader_marks_comes_first_where_retrieval_hardly_tells_them_apart() -> None:
    best, second = rank_by_reading(ASKED, [evidence(0, 0.90), evidence(1, 0.88)], [reading(0.95, ("83億元", 0.9))])
    assert (best.start, second.start) == (STORED.passage.sentences[1][0], STORED.passage.sentences[0][0])
    assert best.words is not None
    assert TEXT[slice(*best.words)] == "83億元"
    assert second.words is None


def test_evidence_that_is_much_better_stays_first_whatever_is_read() -> None:
    most = READING_WEIGHT * (logit(1.0) - logit(0.0))
    best, _ = rank_by_reading(ASKED, [evidence(0, 0.9), evidence(1, 0.89 - most)], [reading(1.0, ("83億元", 1.0))])
    assert best.start == STORED.passage.sentences[0][0]


def test_readings_of_one_sentence_add_up() -> None:
    (sentence,) = rank_by_reading(ASKED, [evidence(1, 0.9)], [reading(0.8, ("83億元", 0.5), ("明年", 0.25))])
    assert sentence.reading == pytest.approx(logit(0.8 * 0.75))
    assert sentence.words is not None
    assert TEXT[slice(*sentence.words)] == "83億元"  # the likelier of the two


LISTED = "董事有林海生、周雲、何渡和白潮四人，另設秘書。"
LISTING = Article(id="b", title="", text=LISTED)
LIST_PASSAGE = StoredPassage(cut_passages(LISTING, 2000)[0], LISTING, [])


@pytest.mark.parametrize(
    ("marked", "several", "expected"),
    [
        ((("林海生", 0.5), ("白潮", 0.2)), True, "林海生、周雲、何渡和白潮"),
        ((("何渡", 0.5), ("林海生", 0.2), ("白潮", 0.1)), True, "林海生、周雲、何渡和白潮"),
        ((("林海生", 0.5), ("白潮", 0.2)), False, "林海生"),
        ((("林海生", 0.5), ("秘書", 0.2)), True, "林海生"),  # another clause
    ],
)
def test_items_of_one_list_become_one_stretch_where_several_are_asked_for(
    marked: tuple[tuple[str, float], ...], several: bool, expected: str
) -> None:
    spans = tuple(Marked(LISTED.index(words), LISTED.index(words) + len(words), p) for words, p in marked)
    start, end = LIST_PASSAGE.passage.sentences[0]
    sentence = dataclasses.replace(
        evidence(0, 0.9), passage=RankedPassage(0, LIST_PASSAGE, 0.0, {}), start=start, end=end
    )
    kind = Kind.LIST if several else Kind.FACT
    query = dataclasses.replace(ASKED, question=dataclasses.replace(ASKED.question, kind=kind))
    read = Reading(Window(LIST_PASSAGE, 0, len(LISTED)), 0.9, spans)
    (found,) = rank_by_reading(query, [sentence], [read])
    assert found.words is not None
    assert LISTED[slice(*found.words)] == expected


def test_what_was_not_read_counts_as_not_answering() -> None:
    (sentence,) = rank_by_reading(ASKED, [evidence(2, 0.9)], [reading(0.9, ("林海生", 0.9))])
    assert sentence.reading == pytest.approx(logit(0.0))


@pytest.mark.parametrize(("probability", "odds"), [(0.5, 0.0), (0.9, 2.197), (0.0, -6.907), (1.0, 6.907)])
def test_log_odds_are_bounded(probability: float, odds: float) -> None:
    assert logit(probability) == pytest.approx(odds, abs=0.002)  # ln 9 = 2.197, ln 0.001 = -6.908
