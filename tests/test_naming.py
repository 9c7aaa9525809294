"""An English question about one place is not answered with what is told of another."""

from __future__ import annotations

import datetime as dt

import pytest

from qa import Article, Engine, Settings
from qa.naming import english_names_in, named_terms, tell_of_others
from qa.terms import Term
from qa.text.tokens import tokenize

PORTS = Article(
    id="ports",
    title="浙江的港口",
    text="2024年浙江的港口處理了貨櫃逾254萬個，其中冷藏貨櫃達95.3萬個，同比增長逾9成。\n\n"
    + "港務局說，碼頭已經滿負荷運作，工人要輪班。" * 12
    + "\n\n各地的名次有升有降。去年貨櫃處理量最高的是廣東，達571萬個；福建以262萬個居次。浙江位列第三。",
    published=dt.date(2025, 9, 1),
)
GUANGDONG = Term("guangdong", (("广东",),), 4.0, translated=True)
SHIPS = Term("ships", (("船",),), 2.0, translated=True)
TEXTS = ("渡輪由林海生掌管。", "廣東的船隊有83艘。", "全年載客無數。")
TOKENS = [(text, frozenset(tokenize(text))) for text in TEXTS]


def lacking(headline: str = "") -> list[bool]:
    return tell_of_others([GUANGDONG], [(headline, TOKENS)])


def test_a_sentence_that_nothing_leads_to_tells_of_another_than_the_one_with_the_name() -> None:
    assert lacking() == [True, False, False]


def test_the_headline_leads_to_every_sentence() -> None:
    assert lacking("廣東的渡輪") == [False, False, False]


def test_a_name_that_no_sentence_has_tells_nothing() -> None:
    assert tell_of_others([GUANGDONG], [("", TOKENS[::2])]) == [False, False]


def test_a_sentence_in_the_questions_language_is_left_alone() -> None:
    said = [("The ferry is run by Lin.", frozenset({"ferry", "run", "lin"})), TOKENS[1]]
    assert tell_of_others([GUANGDONG], [("", said)]) == [False, False]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("How many ships does Guangdong have?", [GUANGDONG]),
        ("How many ships does guangdong have?", []),
    ],
)
def test_names_are_what_an_english_question_writes_as_names(question: str, named: list[Term]) -> None:
    assert named_terms(question, [SHIPS, GUANGDONG]) == named


def test_what_a_question_opens_with_is_no_name() -> None:
    assert english_names_in("Who did Huawei and Seres talk to? The mayor of Anhui?") == ["Huawei", "Seres", "Anhui"]


def test_the_place_that_is_asked_for_is_quoted() -> None:
    with Engine.from_articles([PORTS], Settings(confidence_threshold=0.0, today=dt.date(2025, 9, 15))) as engine:
        for place, figure in (("Guangdong", "571萬個"), ("Zhejiang", "254萬個")):
            for when in ("in 2024", "last year"):  # the year is written into the question in Chinese
                answer = engine.ask(f"How many containers did {place} handle {when}?")
                assert figure in answer.citations[0].quote, (place, when)
