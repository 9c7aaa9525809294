"""Which sentences are quoted: the best one, those nearly as good, and what stands beside them."""

from __future__ import annotations

import numpy as np
import pytest

from qa import Article
from qa.choice import QUOTE_SENTENCES, choose
from qa.expected import Expected
from qa.index.generation import StoredPassage
from qa.passages import cut_passages
from qa.questions import understand
from qa.quoting import joined
from qa.retrieve import EvidenceSentence, Query, RankedPassage
from qa.text.tokens import tokenize

PARTS = ("港口由林海生掌管。", "新碼頭耗資83億元。", "渡輪照常行駛。", "機場另有擴建計劃。")
ARTICLE = Article(id="a", title="", text="".join(PARTS[:3]) + "\n\n" + PARTS[3])
STORED = [StoredPassage(passage, ARTICLE, []) for passage in cut_passages(ARTICLE, 2000)]


def evidence(number: int, similarity: float, holds_expected: bool = False) -> EvidenceSentence:
    start = ARTICLE.text.index(PARTS[number])
    stored = next(one for one in STORED if one.passage.start <= start < one.passage.end)
    return EvidenceSentence(
        RankedPassage(0, stored, 0.0, {}), start, start + len(PARTS[number]), frozenset(tokenize(PARTS[number])),
        0.0, 0.0, 0.0, similarity, holds_expected, asked_year=False, other_year=False,
    )  # fmt: skip


def chosen(question: str, *sentences: EvidenceSentence, most: int = 2) -> list[list[str]]:
    query = Query(understand(question), (), (), np.zeros(4, np.float32), frozenset(), Expected(None))
    quotes = choose(query, sentences, most, is_read=False)
    return [[ARTICLE.text[one.start : one.end] for one in quote] for quote in quotes]


def test_a_sentence_beside_the_best_joins_its_quote_and_leaves_room_for_another() -> None:
    found = chosen("新碼頭的事", evidence(1, 0.9), evidence(2, 0.8), evidence(3, 0.7))
    assert found == [[PARTS[1], PARTS[2]], [PARTS[3]]]


def test_a_quote_takes_no_more_sentences_than_a_reader_takes_in_at_once() -> None:
    found = chosen("新碼頭的事", evidence(1, 0.9), evidence(2, 0.85), evidence(0, 0.8))
    assert found == [[PARTS[1], PARTS[2]], [PARTS[0]]]
    assert max(map(len, found)) <= QUOTE_SENTENCES


def test_a_sentence_of_another_paragraph_has_a_quote_of_its_own() -> None:
    assert chosen("新碼頭的事", evidence(2, 0.9), evidence(3, 0.8)) == [[PARTS[2]], [PARTS[3]]]


def test_what_holds_the_kind_of_thing_asked_for_comes_before_what_does_not() -> None:
    found = chosen("為什麼？", evidence(0, 0.9), evidence(2, 0.85), evidence(3, 0.55, holds_expected=True))
    assert found == [[PARTS[0]], [PARTS[3]]]


def test_where_the_best_holds_it_the_better_sentence_comes_first() -> None:
    best, better, other = (
        evidence(0, 0.8, holds_expected=True),
        evidence(2, 0.85),
        evidence(3, 0.75, holds_expected=True),
    )
    assert chosen("為什麼？", best, better, other) == [[PARTS[0]], [PARTS[2]]]


def test_what_is_much_worse_is_quoted_nowhere() -> None:
    assert chosen("新碼頭的事", evidence(1, 0.9), evidence(2, 0.2), evidence(3, 0.1)) == [[PARTS[1]]]


def test_each_item_of_a_list_has_its_own_quote() -> None:
    found = chosen("有哪些新工程？", evidence(1, 0.9), evidence(2, 0.85), evidence(3, 0.8))
    assert sorted(found) == sorted([[PARTS[1]], [PARTS[2]], [PARTS[3]]])


def test_no_evidence_gives_no_quote() -> None:
    assert chosen("新碼頭的事") == []


@pytest.mark.parametrize(
    ("one", "other", "text"),
    [
        (0, 1, PARTS[0] + PARTS[1]),
        (1, 0, PARTS[0] + PARTS[1]),
        (0, 2, None),  # a sentence lies between them
        (2, 3, None),  # a paragraph ends between them
    ],
)
def test_only_what_follows_within_a_paragraph_is_joined(one: int, other: int, text: str | None) -> None:
    places = [(ARTICLE.text.index(PARTS[at]), ARTICLE.text.index(PARTS[at]) + len(PARTS[at])) for at in (one, other)]
    stretch = joined(ARTICLE, places[0], places[1])
    assert (ARTICLE.text[slice(*stretch)] if stretch else None) == text


def test_a_stretch_that_is_too_long_for_a_quote_is_not_joined() -> None:
    article = Article(id="long", title="", text="長" * 150 + "。" + "短" * 150 + "。")
    assert joined(article, (0, 151), (151, 302)) is None
