"""The terms of a question, their weights, and how well a text covers them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.terms import IDF_CAP, MIN_TRANSLATION_WEIGHT, Term, coverage, keyword_scores, question_terms
from qa.text.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.index import Generation

TEXTS = (
    "重慶的新能源汽車產量去年達到一百萬輛。",
    "香港的人口是七百萬，經濟增長。",
    "智譜公司在香港上市，他是創辦人。",
)
ENGLISH = ("Hong Kong has a busy harbour.", "Chongqing makes electric cars.")
TERMS = st.lists(st.builds(Term, st.sampled_from("abcd"), st.just((("a",), ("b", "c"))), st.floats(0, IDF_CAP)))


def weights(question: str, generation: Generation) -> dict[str, float]:
    return {term.source: term.weight for term in question_terms(question, generation) if not term.translated}


def best(question: str, generation: Generation) -> tuple[int, int]:
    """Returns the passages that the two legs of words rank first."""
    direct, translated = keyword_scores(question_terms(question, generation), generation)
    return int(direct.argmax()), int(translated.argmax())


def test_a_chinese_question_finds_the_passage_by_its_own_words(make_generation: Callable[..., Generation]) -> None:
    generation = make_generation(*TEXTS)
    assert best("新能源汽车产量", generation)[0] == 0
    assert best("智譜上市", generation)[0] == 2


def test_an_english_question_finds_a_chinese_passage_by_translation(
    make_generation: Callable[..., Generation],
) -> None:
    generation = make_generation(*TEXTS)
    assert best("population of Hong Kong", generation)[1] == 1
    direct, _ = keyword_scores(question_terms("population of Hong Kong", generation), generation)
    assert not direct.any()


def test_a_chinese_question_finds_an_english_passage_by_translation(
    make_generation: Callable[..., Generation],
) -> None:
    generation = make_generation(*ENGLISH)
    assert best("香港的港口", generation)[1] == 0
    assert best("汽車", generation)[1] == 1


def test_in_a_tiny_corpus_a_common_character_weighs_less_than_a_rare_name(
    make_generation: Callable[..., Generation],
) -> None:
    found = weights("智譜有人", make_generation(*TEXTS))
    # Each of these stands in one passage of three: only the background tells them apart.
    assert found["有"] < found["智谱"]
    assert found["人"] < found["智谱"]


def test_weights_keep_within_their_bounds(make_generation: Callable[..., Generation]) -> None:
    generation = make_generation(*TEXTS)
    for question in ("重慶新能源汽車2024年產量", "the population of Hong Kong", "饕餮魑魅", "的了是在之"):
        for term in question_terms(question, generation):
            assert 0 <= term.weight <= IDF_CAP
            assert not term.translated or term.weight >= MIN_TRANSLATION_WEIGHT


@pytest.mark.parametrize("question", ["的", "the of and what", "", "？！"])
def test_words_that_tell_nothing_are_no_terms(make_generation: Callable[..., Generation], question: str) -> None:
    assert question_terms(question, make_generation(*TEXTS)) == []


def test_a_word_said_twice_is_one_term(make_generation: Callable[..., Generation]) -> None:
    sources = [term.source for term in question_terms("重慶，重慶", make_generation(*TEXTS))]
    assert len(sources) == len(set(sources))


def test_scores_are_at_most_the_weight_of_the_terms(make_generation: Callable[..., Generation]) -> None:
    generation = make_generation(*TEXTS)
    terms = question_terms("重慶新能源汽車產量 Hong Kong economy", generation)
    direct, translated = keyword_scores(terms, generation)
    assert 0 < direct.max() <= sum(term.weight for term in terms if not term.translated)
    assert 0 < translated.max() <= sum(term.weight for term in terms if term.translated)


def test_a_text_covers_the_terms_it_holds(make_generation: Callable[..., Generation]) -> None:
    terms = question_terms("汽車產量", make_generation("去年汽車產量達到一百萬輛。", *TEXTS))
    assert coverage(terms, set(tokenize("去年汽車產量達到一百萬輛。"))) == pytest.approx(1)
    assert coverage(terms, set(tokenize("蘋果"))) == 0
    assert 0 < coverage(terms, set(tokenize("汽車"))) < 1


def test_no_terms_are_covered_by_nothing() -> None:
    assert coverage([], {"重"}) == 0


@given(TERMS, st.frozensets(st.sampled_from("abc")))
def test_coverage_is_a_share(terms: list[Term], tokens: frozenset[str]) -> None:
    assert 0 <= coverage(terms, tokens) <= 1


@pytest.mark.parametrize(
    ("alternatives", "tokens", "expected"),
    [
        ((("新能", "能源"),), {"新能", "能源"}, True),
        ((("新能", "能源"),), {"新能"}, False),
        ((("車",), ("汽車",)), {"汽車"}, True),
        ((), {"車"}, False),
    ],
)
def test_a_term_needs_all_tokens_of_one_alternative(
    alternatives: tuple[tuple[str, ...], ...], tokens: set[str], expected: bool
) -> None:
    assert Term("x", alternatives, 1.0).found_in(tokens) is expected


@pytest.mark.parametrize(
    ("source", "translated", "expected"), [("2024", False, True), ("2024", True, False), ("car", False, False)]
)
def test_a_term_of_the_question_that_begins_with_a_digit_is_a_number(
    source: str, translated: bool, expected: bool
) -> None:
    assert Term(source, ((source,),), 1.0, translated).is_number is expected
