"""Quotes: completed where they lean, verbatim where stored, free of marks where shown."""

from __future__ import annotations

import pytest

from qa.quoting import leans_on_previous, paragraph_around, shown, widen
from qa.records import Article


def _quote(text: str, sentence: str) -> str:
    article = Article("a", "", text)
    start = text.index(sentence)
    wide = widen(article, start, start + len(sentence))
    return text[slice(*wide)]


@pytest.mark.parametrize(
    ("text", "sentence", "quote"),
    [
        ("港口擴建。其預算為十億元。", "其預算為十億元。", "港口擴建。其預算為十億元。"),
        ("港口擴建。其實預算不多。", "其實預算不多。", "其實預算不多。"),
        ("甲公司成立。該公司很大。它很有錢。", "它很有錢。", "甲公司成立。該公司很大。它很有錢。"),
        ("The port grew. It is large.", "It is large.", "The port grew. It is large."),
        ("第一段。\n\n其預算為十億元。", "其預算為十億元。", "其預算為十億元。"),
    ],
)
def test_a_sentence_that_leans_on_the_one_before_comes_with_it(text: str, sentence: str, quote: str) -> None:
    assert _quote(text, sentence) == quote


def test_clauses_that_a_semicolon_parted_are_quoted_as_one_sentence() -> None:
    first = "港口在二〇二四年一共處理了三百二十萬個貨櫃並因此在全國的港口中排名第一；"
    assert _quote(f"{first}機場排名第二。", first) == f"{first}機場排名第二。"


def test_a_leaning_sentence_after_a_very_long_one_stays_alone() -> None:
    assert _quote("長" * 400 + "。其預算為十億元。", "其預算為十億元。") == "其預算為十億元。"


def test_both_parties_and_the_former_lean_but_other_countries_do_not() -> None:
    assert leans_on_previous("雙方同意。")
    assert leans_on_previous("前者較大。")
    assert not leans_on_previous("他國港口較小。")


def test_the_paragraph_of_a_quote_reaches_from_break_to_break() -> None:
    text = "甲。\n\n乙。丙。\n\n丁。"
    start, end = paragraph_around(Article("a", "", text), text.index("丙"), text.index("丙") + 2)
    assert text[start:end] == "乙。丙。"


@pytest.mark.parametrize(
    ("quote", "plain"),
    [
        ("**港口**擴建", "港口擴建"),
        ("見[網站](https://example.org/a)說明", "見網站說明"),
        ("![圖](https://evil.example/x.png)港口", "圖港口"),
        ("港口\n擴建", "港口擴建"),
        ("The port\ngrew", "The port grew"),
        ("排名第一[3]。", "排名第一［3］。"),
        ("2 * 3 * 4 = 24", "2 * 3 * 4 = 24"),
    ],
)
def test_marks_are_taken_out_where_a_quote_is_shown(quote: str, plain: str) -> None:
    assert shown(quote) == plain
