"""Words across languages, cut down to what occurs in a corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.dictionary import GLOSS_MAX_WORDS, MAX_ALTERNATIVES, Dictionary, compile_dictionary, headword_tokens
from qa.text.tokens import tokenize

if TYPE_CHECKING:
    from pathlib import Path

CHINESE = "重慶的新能源汽車產量達到一百萬輛，出口到三十個國家。香港的港口很大，經濟增長。"
ENGLISH = "Chongqing exported electric cars and other vehicles. The economy of Hong Kong depends on its harbour."


@pytest.fixture(scope="module")
def over_chinese() -> Dictionary:
    return compile_dictionary(set(tokenize(CHINESE)))


@pytest.fixture(scope="module")
def over_english() -> Dictionary:
    return compile_dictionary(set(tokenize(ENGLISH)))


@pytest.mark.parametrize("damage", [None, b"", b"[[", b"\0" * 99])
def test_what_was_read_once_is_kept_for_the_next_process(
    damage: bytes | None, over_chinese: Dictionary, tmp_path: Path
) -> None:
    assert compile_dictionary(set(tokenize(CHINESE)), tmp_path / "cache") == over_chinese
    (kept,) = (tmp_path / "cache").iterdir()
    whole = kept.read_bytes()
    if damage is not None:
        kept.write_bytes(damage)
    assert compile_dictionary(set(tokenize(CHINESE)), tmp_path / "cache") == over_chinese
    assert [path.read_bytes() for path in (tmp_path / "cache").iterdir()] == [whole]


def test_a_cache_folder_that_cannot_be_written_costs_time_only(over_chinese: Dictionary, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    assert compile_dictionary(set(tokenize(CHINESE)), tmp_path / "cache") == over_chinese


def alternatives(dictionary: Dictionary, question: str) -> dict[str, set[tuple[str, ...]]]:
    return {group.source: set(group.alternatives) for group in dictionary.translate(question)}


@pytest.mark.parametrize(
    ("question", "source", "tokens"),
    [
        ("Which country imports them?", "country", ("国家",)),
        ("countries", "countries", ("国家",)),
        ("EXPORTS", "exports", ("出口",)),
        ("the car of the year", "car", ("汽车",)),
        ("Where is Chongqing?", "chongqing", ("重庆",)),
        ("new energy in Hong Kong", "hong kong", ("香港",)),
        ("its economic growth", "economic growth", ("经济", "济增", "增长")),
    ],
)
def test_english_words_lead_to_the_chinese_ones_of_the_corpus(
    over_chinese: Dictionary, question: str, source: str, tokens: tuple[str, ...]
) -> None:
    found = alternatives(over_chinese, question)
    assert tokens in found[source]


@pytest.mark.parametrize(
    ("question", "source", "tokens"),
    [
        ("香港的經濟", "香港", ("hong", "kong")),
        ("香港的经济", "经济", ("economi",)),
        ("重慶出口了什麼？", "重庆", ("chongq",)),
        ("汽車", "汽车", ("car",)),
    ],
)
def test_chinese_words_lead_to_the_english_ones_of_the_corpus(
    over_english: Dictionary, question: str, source: str, tokens: tuple[str, ...]
) -> None:
    found = alternatives(over_english, question)
    assert tokens in found[source]


@pytest.mark.parametrize("question", ["elephant", "the of and", "2024", "", "，。", "\ud800"])
def test_what_the_corpus_does_not_hold_has_no_translation(over_chinese: Dictionary, question: str) -> None:
    assert over_chinese.translate(question) == []


def test_every_translation_can_occur_in_the_corpus(over_chinese: Dictionary) -> None:
    tokens = set(tokenize(CHINESE))
    headwords = [word for key, words in over_chinese.to_han.items() if key.isalpha() for word in words]
    assert headwords
    assert all(set(headword_tokens(word)) <= tokens for word in headwords)


def test_tables_keep_within_their_limits(over_english: Dictionary) -> None:
    for words in over_english.to_latin.values():
        assert 0 < len(words) <= MAX_ALTERNATIVES
        assert all(len(gloss.split()) <= GLOSS_MAX_WORDS for gloss in words)
        assert list(words) == sorted(words, key=len)


def test_the_longest_headword_wins(over_english: Dictionary) -> None:
    sources = [group.source for group in over_english.translate("香港經濟")]
    assert sources == ["香港", "经济"]


@pytest.mark.parametrize(("headword", "tokens"), [("港", ("港",)), ("香港", ("香港",)), ("新能源", ("新能", "能源"))])
def test_a_headword_occurs_where_its_bigrams_do(headword: str, tokens: tuple[str, ...]) -> None:
    assert headword_tokens(headword) == tokens
