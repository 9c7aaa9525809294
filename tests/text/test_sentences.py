"""Where sentences and paragraphs begin and end."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.sentences import QUOTED_MAX_CHARS, SEMICOLON_MIN_CHARS, split_paragraphs, split_sentences

MARKS = "。！？；….!?; \n「」『』“”()（），\u3000\ufeff😀\x00#\"'"
WORDS = ("香港", "\n\n", "\r\n", "3", "14", "U.S.", "Mr", "e.g.", "the end", "字" * 50, "word " * 12)
LIST_MARKS = ("# ", "- ", "1. ", "> ", "| ")
PIECES = st.sampled_from([*MARKS, *WORDS, *LIST_MARKS])
TEXTS = st.lists(PIECES, max_size=40).map("".join)
LONG_CLAUSE = "字" * SEMICOLON_MIN_CHARS


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def paragraphs(text: str) -> list[list[str]]:
    return [[text[start:end] for start, end in paragraph.sentences] for paragraph in split_paragraphs(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他來了。她走了！誰知道？", ["他來了。", "她走了！", "誰知道？"]),
        ("真的？！好。", ["真的？！", "好。"]),
        ("等等……然後呢。", ["等等……", "然後呢。"]),
        ("全形｡半形｡", ["全形｡", "半形｡"]),
        ("甲。 \u3000乙。\n丙", ["甲。", "乙。", "丙"]),
        ("沒有句號的一行", ["沒有句號的一行"]),
        ("", []),
        (" \n\u3000", []),
        ("。。。", ["。。。"]),
        ("產量是12.5萬輛。共1,000.5元。", ["產量是12.5萬輛。", "共1,000.5元。"]),
        ("圓周率是3.14。版本 2.0。", ["圓周率是3.14。", "版本 2.0。"]),
        ("中文句子。An English one. 又一句。", ["中文句子。", "An English one.", "又一句。"]),
        ("短；短。", ["短；短。"]),
        (f"{LONG_CLAUSE}；後半句。", [f"{LONG_CLAUSE}；", "後半句。"]),
    ],
)
def test_a_sentence_ends_at_its_mark(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("他說：「我不去。」然後走了。", ["他說：「我不去。」", "然後走了。"]),
        ("他說：「我不去。你呢？」她笑了。", ["他說：「我不去。你呢？」", "她笑了。"]),
        ("「我不去。」，他說。", ["「我不去。」，他說。"]),
        ("「我不去。」的說法流傳甚廣。", ["「我不去。」的說法流傳甚廣。"]),
        ("他讀「港口」一文。完。", ["他讀「港口」一文。", "完。"]),
        ("「甲。」「乙。」", ["「甲。」", "「乙。」"]),
        ("「他說『不。』就走。」後來呢？", ["「他說『不。』就走。」", "後來呢？"]),
        ("他說“你好。”我說“再見。”", ["他說“你好。”", "我說“再見。”"]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("完了！」他說。", ["完了！」", "他說。"]),
        ("（見下。）後面。", ["（見下。）", "後面。"]),
        ("（見下）。後面。", ["（見下）。", "後面。"]),
        ("「開了口。沒有關。", ["「開了口。", "沒有關。"]),
    ],
)
def test_closing_marks_stay_and_short_quotations_are_whole(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_long_quotation_is_cut_at_its_own_sentence_ends() -> None:
    clause = "很長的一句話。"
    count = QUOTED_MAX_CHARS // len(clause) + 1
    found = sentences(f"「{clause * count}」完。")
    assert found == [f"「{clause}", *[clause] * (count - 2), f"{clause}」", "完。"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Smith came. He sat.", ["Dr. Smith came.", "He sat."]),
        ("He lives in the U.S. and works. Yes.", ["He lives in the U.S. and works.", "Yes."]),
        ("Take No. 5 home. Now.", ["Take No. 5 home.", "Now."]),
        ("It is 3.14 long. Next.", ["It is 3.14 long.", "Next."]),
        ("Fruit, e.g. apples. Next.", ["Fruit, e.g. apples.", "Next."]),
        ("It was 2024. Then came 2025.", ["It was 2024.", "Then came 2025."]),
        ("J. K. Rowling wrote it. Next.", ["J. K. Rowling wrote it.", "Next."]),
        ("At 3 p.m. it rained. Next.", ["At 3 p.m. it rained.", "Next."]),
        ("Hello world... and more.", ["Hello world...", "and more."]),
        ("See qa.toml or a.b.c here. Next.", ["See qa.toml or a.b.c here.", "Next."]),
        (f"{'x' * 60}. Next.", [f"{'x' * 60}.", "Next."]),
        ("What? No! Yes.", ["What?", "No!", "Yes."]),
    ],
)
def test_a_full_stop_ends_a_sentence_but_not_an_abbreviation(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("mark", ["- ", "* ", "+ ", "• ", "· ", "1. ", "12) ", "> ", "| ", "> - ", "123. "])
def test_a_list_mark_is_no_part_of_the_sentence(mark: str) -> None:
    assert sentences(f"{mark}第一點。第二句。") == ["第一點。", "第二句。"]


@pytest.mark.parametrize("text", ["2024. ", "-5度。", "1.5倍。", "3. ", "·"])
def test_what_only_looks_like_a_list_mark_stays(text: str) -> None:
    assert sentences(text) == [text.strip()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲。乙。\n\n丙。", [["甲。", "乙。"], ["丙。"]]),
        ("甲。\r\n\r\n乙。\r\n", [["甲。"], ["乙。"]]),
        ("一段。\n另一段。", [["一段。"], ["另一段。"]]),
        ("- 甲。\n- 乙。", [["甲。"], ["乙。"]]),
        ("# 標題\n\n內文。", [[], ["內文。"]]),
        ("# 標題\n內文。", [[], ["內文。"]]),
        ("#不是標題。", [["#不是標題。"]]),
        ("\n\n  甲。\n\n\n \n乙。\n\n", [["甲。"], ["乙。"]]),
        ("", []),
    ],
)
def test_blank_lines_headings_and_list_items_part_paragraphs(text: str, expected: list[list[str]]) -> None:
    assert paragraphs(text) == expected


def test_headings_are_told_from_text() -> None:
    found = split_paragraphs("# 一\n\n內文。\n\n###### 二\n\n尾。")
    assert [paragraph.heading for paragraph in found] == [True, False, True, False]


def test_lines_wrapped_by_an_editor_are_one_paragraph() -> None:
    lines = ["字" * 38, "字" * 37, "結束了。"]  # 76 and 74 columns: broken in the middle of a sentence
    assert paragraphs("\n".join(lines)) == [["\n".join(lines)]]


def test_a_heading_and_list_items_part_wrapped_lines() -> None:
    wrapped = f"{'字' * 38}\n{'字' * 37}"
    found = paragraphs(f"# 標題\n{wrapped}\n- {wrapped}\n完。")
    assert found == [[], [wrapped], [f"{wrapped}\n完。"]]


def test_lines_that_end_in_full_stops_are_paragraphs_of_their_own() -> None:
    lines = ["字" * 37 + "。", "字" * 38 + "。", "完。"]
    assert paragraphs("\n".join(lines)) == [[line] for line in lines]


def test_one_line_a_paragraph_stays_so_however_long() -> None:
    lines = ["字" * 200 + "，然後", "字" * 190 + "，再說", "完。"]
    assert paragraphs("\n".join(lines)) == [[line] for line in lines]


@pytest.mark.timeout(20)  # quadratic, it takes minutes
def test_a_megabyte_without_a_line_break_is_cut_in_linear_time() -> None:
    text = "他說：「好。」她說 it is fine. " * 20_000
    assert len(split_sentences(text)) == 40_000  # two a round


@given(TEXTS)
def test_sentences_ascend_are_trimmed_and_lie_inside(text: str) -> None:
    end_before = 0
    for start, end in split_sentences(text):
        assert end_before <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        end_before = end


@given(TEXTS, st.data())
def test_a_stretch_is_split_as_if_it_stood_alone(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    alone = [(a + start, b + start) for a, b in split_sentences(text[start:end])]
    assert split_sentences(text, start, end) == alone


@given(TEXTS)
def test_every_visible_character_is_in_a_sentence_a_heading_or_a_list_mark(text: str) -> None:
    covered = [False] * len(text)
    for paragraph in split_paragraphs(text):
        spans = [(paragraph.start, paragraph.end)] if paragraph.heading else paragraph.sentences
        for start, end in spans:
            assert paragraph.start <= start < end <= paragraph.end
            covered[start:end] = [True] * (end - start)
    left = "".join(character for character, is_in in zip(text, covered, strict=True) if not is_in)
    assert re.fullmatch(r"[\s\-*+•·\d.)>|]*", left)


@given(TEXTS)
def test_paragraphs_ascend_and_do_not_overlap(text: str) -> None:
    end_before = 0
    for paragraph in split_paragraphs(text):
        assert end_before <= paragraph.start < paragraph.end
        end_before = paragraph.end
