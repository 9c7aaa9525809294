"""The tokens by which the keyword leg finds a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.tokens import latin_words, tokenize

HAN_WITHOUT_NUMERALS = "重慶新能源車產量香港海口國家經濟人工智慧"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("重慶市", ["重", "庆", "市", "重庆", "庆市"]),
        ("ships ran", ["ship", "ran"]),
        ("2024年", ["2024", "年"]),
        ("1,200.5萬", ["1200.5", "万"]),
        ("二○二五年", ["2025", "年"]),
        ("民國114年", ["2025", "年"]),
        ("AI六小龍", ["ai", "六", "小", "龙", "六小", "小龙"]),
        ("GPT-4o", ["gpt", "4", "o"]),
        ("カナ", ["カ", "ナ", "カナ"]),
        ("한국", ["한", "국", "한국"]),
        ("，。！", []),
        ("", []),
        ("a_b", ["a", "b"]),
        ("naïve", ["naïve"]),
    ],
)
def test_scripts_are_cut_each_in_its_way(text: str, expected: list[str]) -> None:
    assert tokenize(text) == expected


@given(st.text(HAN_WITHOUT_NUMERALS, min_size=2, max_size=30), st.data())
def test_any_two_characters_of_a_chinese_text_are_found(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 2))
    assert set(tokenize(text[at : at + 2])) <= set(tokenize(text))


@given(st.text(st.characters(), max_size=40))
def test_any_text_gives_tokens_that_are_visible(text: str) -> None:
    assert all(token.strip() for token in tokenize(text))


@pytest.mark.parametrize(("one", "other"), [("臺灣", "台湾"), ("Vehicles", "vehicle"), ("２０２４", "2024")])
def test_spellings_of_one_word_give_one_token(one: str, other: str) -> None:
    assert tokenize(one) == tokenize(other)


def test_latin_words_are_folded_but_not_stemmed() -> None:
    assert latin_words("重慶 Electric Vehicles 2024") == ["electric", "vehicles", "2024"]
