"""Metrics against values worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from qa.evaluation.intervals import mean, roc_auc, share
from qa.evaluation.measures import (
    citation_precision,
    citation_recall,
    contains,
    exact_match,
    f1,
    is_supported,
    ndcg,
    own_words,
    reciprocal_rank,
)
from qa.records import Answer, Citation, Sentence


def test_quotes_and_headlines_are_not_an_answers_own_words() -> None:
    cited = Citation(1, "a", "青洲渡輪加開班次", None, None, None, None, 0, 9, "渡輪每天開十二班。", 0, 9)
    text = "《青洲渡輪加開班次》的重点：渡輪每天開十二班。[1]"
    answer = Answer("总结", "总结", text, (Sentence("渡輪每天開十二班。", (1,)),), (cited,), "answered", 0.9)
    assert own_words(answer) == "《》的重点：[1]"


@pytest.mark.parametrize("text", ["產量達95.3萬輛。", "产量达９５.３万辆"])
def test_script_width_and_punctuation_do_not_count(text: str) -> None:
    assert contains(text, ["95.3萬輛"])


@pytest.mark.parametrize(("text", "answers"), [("一百萬輛", ["100萬輛"]), ("2024 年", ["二〇二四年"])])
def test_numerals_do_not_count(text: str, answers: list[str]) -> None:
    assert exact_match(text, answers)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("產量為15億元", "1.5億元"),
        ("產量為1.5億元", "15億元"),
        ("2023年開始", "3"),
        ("12月19日", "9日"),
        ("共有35名", "3-5名"),
        ("升1.53倍", "升1.5"),
        ("1.5億元", "5億元"),
    ],
)
def test_a_figure_does_not_stand_in_another(text: str, answer: str) -> None:
    assert not contains(text, [answer])
    assert not exact_match(text, [answer])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("逾1,083篇。", "1083"),
        ("共3.", "3"),
        ("第3-5名", "3–5名"),
        ("12月19日", "19日"),
        ("1.5億元", "1.5"),
        ("今年[1] 2021年7月", "2021年7月"),
    ],
)
def test_a_figure_stands_in_a_text_whatever_is_around_it(text: str, answer: str) -> None:
    assert contains(text, [answer])


def test_an_answer_of_marks_alone_is_contained_in_nothing() -> None:
    assert not contains("什麼都有。", ["。"])


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("95.3萬輛", ["95.3萬輛"], 1.0),
        ("達95.3萬輛", ["95.3萬輛"], 2 * 6 / 13),
        ("唐杰", ["張三", "唐杰教授"], 2 * 2 / 6),
        ("甲", ["乙"], 0.0),
        ("", ["乙"], 0.0),
        ("甲", [], 0.0),
    ],
)
def test_f1_counts_characters_against_the_best_answer(text: str, answers: list[str], expected: float) -> None:
    assert f1(text, answers) == pytest.approx(expected)


def test_ranks_are_measured_as_the_books_say() -> None:
    ranked = ["a", "b", "c", "d"]
    assert reciprocal_rank(ranked, {"c", "d"}) == pytest.approx(1 / 3)
    assert reciprocal_rank(ranked, {"x"}) == 0
    gain = 1 / math.log2(3) + 1 / math.log2(5)
    ideal = 1 + 1 / math.log2(3)
    assert ndcg(ranked, {"b", "d"}) == pytest.approx(gain / ideal)
    assert ndcg(ranked, {"a", "b"}) == pytest.approx(1.0)
    assert ndcg(ranked, {"d"}, depth=3) == 0


QUOTE = "2024年重慶生產汽車逾254萬輛，其中新能源車產量達95.3萬輛。"


@pytest.mark.parametrize(
    ("sentence", "quotes", "supported"),
    [
        ("新能源車產量達95.3萬輛", [QUOTE], True),
        ("重庆2024年生产汽车逾254万辆", [QUOTE], True),
        ("2024年重慶生產汽車逾245萬輛", [QUOTE], False),
        ("重慶的火鍋很好吃", [QUOTE], False),
        ("重慶生產汽車逾254萬輛", [], False),
        ("新能源車產量達9.53萬輛", [QUOTE], False),
        ("新能源車產量達953萬輛", [QUOTE], False),
        ("", [QUOTE], False),
        ("重慶生產汽車254萬輛，廣東131萬輛", ["重慶生產汽車逾254萬輛。", "廣東的汽車產量為131萬輛。"], True),
    ],
)
def test_a_sentence_is_supported_by_what_holds_its_figures_and_most_of_its_words(
    sentence: str, quotes: list[str], supported: bool
) -> None:
    assert is_supported(sentence, quotes) is supported


def test_citations_are_judged_as_alce_does() -> None:
    one, other = "重慶生產汽車逾254萬輛。", "廣東的汽車產量為131萬輛。"
    both = "重慶生產汽車254萬輛，廣東131萬輛"
    assert citation_recall([(one, [one]), (other, [one])]) == 0.5
    assert citation_precision([(one, [one, other])]) == 0.5  # the other is not needed
    assert citation_precision([(both, [one, other])]) == 1.0  # neither alone is enough
    assert citation_precision([(other, [one])]) == 0.0
    assert citation_recall([]) is None
    assert citation_precision([(one, [])]) is None


def test_an_interval_of_a_share_is_wilsons() -> None:
    found = share([True] * 9 + [False])
    assert (found.value, found.count) == (0.9, 10)
    assert (found.low, found.high) == pytest.approx((0.596, 0.982), abs=1e-3)
    certain = share([True] * 5)
    assert certain.low < 0.6
    assert certain.high == 1.0


def test_a_mean_has_an_interval_that_narrows() -> None:
    few, many = mean([0.0, 1.0]), mean([0.0, 1.0] * 50)
    assert few.value == many.value == 0.5
    assert many.high - many.low < few.high - few.low


@pytest.mark.parametrize("measure", [share, mean])
def test_nothing_measured_is_no_estimate(measure: object) -> None:
    with pytest.raises(ValueError, match="no observations"):
        measure([])  # type: ignore[operator]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_the_roc_auc_is_scikit_learns(right: list[float], wrong: list[float]) -> None:
    expected = roc_auc_score([1] * len(right) + [0] * len(wrong), right + wrong)
    assert roc_auc(right, wrong).value == pytest.approx(expected)
