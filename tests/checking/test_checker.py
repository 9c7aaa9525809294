"""A model's sentences against the evidence they cite."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.checking import Row, checker_of, dictionary_of, read_table
from qa.checking import Checker, Verdict
from qa.questions import understand

if TYPE_CHECKING:
    from qa.dictionary import Dictionary

CAUGHT, KEPT = 0.95, 0.95  # of the table's wrong and right sentences
KIND_CAUGHT = 0.85  # of each kind of wrong ones
TODAY = dt.date(2025, 8, 20)


@pytest.fixture(scope="module")
def table() -> list[Row]:
    return read_table()


@pytest.fixture(scope="module")
def dictionary(table: list[Row]) -> Dictionary:
    return dictionary_of(table)


@pytest.fixture(scope="module")
def passed(table: list[Row], dictionary: Dictionary) -> dict[tuple[bool, str, str], list[bool]]:
    """Lists, by rightness, part of the table and kind, whether each sentence was judged as it should be."""
    found = defaultdict(list)
    for row in table:
        is_right = checker_of(row, dictionary).check(row.sentence).supported is row.right
        found[row.right, row.part, row.kind].append(is_right)
    return found


@pytest.mark.parametrize(
    ("part", "kept", "caught"),
    [("seen", KEPT, CAUGHT), ("held out", KEPT, CAUGHT), ("new subjects", 0.86, 0.9), ("other subjects", 0.72, 0.82)],
)
def test_wrong_sentences_are_caught_and_right_ones_kept(
    passed: dict[tuple[bool, str, str], list[bool]], part: str, kept: float, caught: float
) -> None:
    for right, floor in ((True, kept), (False, caught)):
        judged = [one for (is_right, of, _), some in passed.items() if (is_right, of) == (right, part) for one in some]
        assert len(judged) > 30
        assert sum(judged) >= floor * len(judged)


def test_every_kind_of_wrong_sentence_is_caught(passed: dict[tuple[bool, str, str], list[bool]]) -> None:
    by_kind: defaultdict[str, list[bool]] = defaultdict(list)
    for (is_right, part, kind), judged in passed.items():
        by_kind[kind] += judged if not is_right and part in ("seen", "held out") else []
    shares = {kind: sum(judged) / len(judged) for kind, judged in by_kind.items() if judged}
    assert {kind: share for kind, share in shares.items() if share < KIND_CAUGHT} == {}


@pytest.fixture(scope="module")
def checker(table: list[Row], dictionary: Dictionary) -> Checker:
    """Returns the checker of 重慶2024年新能源車產量是多少？ with three quotes."""
    return checker_of(table[0], dictionary)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("重慶2024年新能源車產量達95.3萬輛【1】。", Verdict(True, "重慶2024年新能源車產量達95.3萬輛。", (1,), None)),
        ("重庆2024年新能源车产量达95.3万辆[1]。", Verdict(True, "重慶2024年新能源車產量達95.3萬輛。", (1,), None)),
        ("重慶2024年新能源車產量達95.3萬輛[1][9]。", Verdict(True, "重慶2024年新能源車產量達95.3萬輛。", (1,), None)),
        ("重慶2024年新能源車產量達95.3萬輛[1][2]。", Verdict(True, "重慶2024年新能源車產量達95.3萬輛。", (1,), None)),
        (
            "重慶2024年新能源車產量達95.3萬輛[2]。",
            Verdict(False, "重慶2024年新能源車產量達95.3萬輛。", (2,), "citation"),
        ),
        ("重慶2024年新能源車產量達95.3萬輛[9]。", Verdict(False, "重慶2024年新能源車產量達95.3萬輛。", (), "citation")),
        ("重慶2024年新能源車產量達95.3萬輛。", Verdict(False, "重慶2024年新能源車產量達95.3萬輛。", (), "citation")),
        ("重慶2024年新能源車產量達95.4萬輛[1]。", Verdict(False, "重慶2024年新能源車產量達95.4萬輛。", (1,), "number")),
        ("重慶2021年新能源車產量達95.3萬輛[1]。", Verdict(False, "重慶2021年新能源車產量達95.3萬輛。", (1,), "date")),
        ("深圳2024年新能源車產量達95.3萬輛[1]。", Verdict(False, "深圳2024年新能源車產量達95.3萬輛。", (1,), "name")),
        ("[1]", Verdict(False, "", (1,), "coverage")),
        ("", Verdict(False, "", (), "citation")),
    ],
)
def test_a_verdict_says_what_may_be_shown_and_what_is_wrong(checker: Checker, sentence: str, expected: Verdict) -> None:
    assert checker.check(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "重慶2024年新能源車產量達95.3萬輛，詳見[這裏](https://evil.example)[1]。",
        "重慶2024年新能源車產量達95.3萬輛<img src=https://evil.example/x.png>[1]。",
    ],
)
def test_a_link_never_comes_through(checker: Checker, sentence: str) -> None:
    assert "evil" not in checker.check(sentence).text


def test_an_endless_sentence_is_not_compared(checker: Checker) -> None:
    assert checker.check("重慶" * 3000 + "[1]").fault == "coverage"


def test_both_items_stay_where_each_bears_out_a_part(checker: Checker) -> None:
    verdict = checker.check("2024年重慶新能源車產量達95.3萬輛，汽車出口47.7萬輛[1][2]。")
    assert (verdict.supported, verdict.citations) == (True, (1, 2))


def test_a_relative_date_may_be_the_articles_or_todays(table: list[Row], dictionary: Dictionary) -> None:
    quote = table[0].evidence[0]
    checker = Checker([quote], understand("去年產量？"), dictionary, None, dt.date(2026, 3, 1))
    assert checker.check("重慶去年新能源車產量達95.3萬輛[1]。").supported  # counted from the article's 2025
    assert checker.check("重慶前年新能源車產量達95.3萬輛[1]。").supported  # counted from today's 2026
    assert not checker.check("重慶大前年新能源車產量達95.3萬輛[1]。").supported


def test_an_undated_article_is_no_obstacle(table: list[Row], dictionary: Dictionary) -> None:
    quote = replace(table[0].evidence[0], published=None)
    checker = Checker([quote], understand("產量？"), dictionary, None, TODAY)
    assert checker.check("2024年重慶新能源車產量達95.3萬輛[1]。").supported


@pytest.mark.parametrize("quote", ["……！", "「」", "2024。"])
def test_evidence_without_a_word_bears_out_nothing(table: list[Row], dictionary: Dictionary, quote: str) -> None:
    evidence = replace(table[0].evidence[0], quote=quote, title="")
    checker = Checker([evidence], understand("產量？"), dictionary, None, TODAY)
    assert not checker.check("政府不認為需要增加房屋供應[1]。").supported


SHOP = "62年歷史的永發書店日產曲奇13.5萬塊，銷量比去年少兩成四；店主羅家輝說，沒有店員會被解僱。經理梁秀蘭公開道歉。"
PARK = "The mayor, Ann Lee, opened the park on Tuesday. Its designer, Bo Chen, called it “a green lung”."
MATCH = "早上六時開始售票，個人票680元，團體票2,980元。紅隊以3比1擊敗藍隊，停賽兩年後重返決賽；隊長何永康擔心球場太小。"
SCHOOL = "長灘小學1至9月收到O型血捐款480份，約三分之一來自家長，校方否認會加學費。"


@pytest.mark.parametrize(
    ("quote", "sentence", "fault"),
    [
        (SHOP, "永發書店日產曲奇135萬塊[1]。", "number"),  # a repeated clause but for the decimal point
        (SHOP, "The 62-year-old bookshop makes 135,000 cookies a day [1].", None),
        (SHOP, "永發書店銷量增長24%[1]。", "opposite"),
        (SHOP, "羅家輝表示，沒有員工需要被解僱[1]。", None),
        (SHOP, "店主羅家輝公開道歉[1]。", "role"),
        (PARK, "李安市長於2025年5月6日為公園揭幕[1]。", None),  # the Tuesday before the article's day
        (PARK, "李安市長於2025年5月7日為公園揭幕[1]。", "date"),
        (PARK, 'Ann Lee called it "a green lung" [1].', "role"),
        (MATCH, "早上六點起售票[1]。", None),
        (MATCH, "早上七點起售票[1]。", "number"),
        (MATCH, "個人票賣2,980元，團體票賣680元[1]。", "role"),
        (MATCH, "團體票比個人票貴2,300元[1]。", None),
        (MATCH, "團體票比個人票貴2,400元[1]。", "number"),
        (MATCH, "藍隊以3比1擊敗紅隊[1]。", "role"),
        (MATCH, "紅隊停賽兩周後重返決賽[1]。", "number"),
        (SCHOOL, "長灘小學今年首9個月收到480份捐款[1]。", None),
        (SCHOOL, "坪灘小學收到480份捐款[1]。", "name"),
        (SCHOOL, "長灘小學收到A型血捐款480份[1]。", "name"),
        (SCHOOL, "About a third of the donations came from parents [1].", None),
        (SCHOOL, "校方證實會加學費[1]。", "opposite"),
    ],
)
def test_what_is_told_apart_on_any_subject(
    table: list[Row], dictionary: Dictionary, quote: str, sentence: str, fault: str | None
) -> None:
    evidence = replace(table[0].evidence[0], quote=quote, title="", published=dt.date(2025, 5, 8))
    verdict = Checker([evidence], understand("情況如何？"), dictionary, None, TODAY).check(sentence)
    assert verdict.fault == fault


def test_a_wrong_sentence_does_not_change_what_is_found_of_the_next(checker: Checker) -> None:
    right = "重慶2024年新能源車產量達95.3萬輛[1]。"
    before = checker.check(right)
    checker.check("重慶2024年新能源車產量達95.3億輛[1]。")
    assert checker.check(right) == before


_PIECES = st.sampled_from(
    [
        "重慶",
        "2024年",
        "95.3萬",
        "輛",
        "[1]",
        "【2】",
        "，",
        "。",
        "分別",
        "第",
        "一",
        "億",
        " from ",
        "May ",
        "half ",
        "%",
        "$",
        "\n",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=14).map("".join)))
def test_any_text_can_be_checked(checker: Checker, sentence: str) -> None:
    verdict = checker.check(sentence + "[1]")
    assert verdict.supported is (verdict.fault is None)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=50), st.text(max_size=20))
def test_any_evidence_can_be_checked_against(table: list[Row], dictionary: Dictionary, quote: str, title: str) -> None:
    evidence = replace(table[0].evidence[0], quote=quote, title=title)
    Checker([evidence], understand("什麼？"), dictionary, None, TODAY).check("重慶2024年產量達95.3萬輛[1]。")
