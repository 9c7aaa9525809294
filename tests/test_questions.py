"""What a question asks for, worked out by rule."""

from __future__ import annotations

import pytest

from qa.errors import QuestionError
from qa.questions import Kind, check_question, understand, written_chinese


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("你好", Kind.GREETING),
        ("早晨！", Kind.GREETING),
        ("Hello there!", Kind.GREETING),
        ("多謝晒", Kind.GREETING),
        ("what can you do?", Kind.GREETING),
        ("你可以做乜嘢？", Kind.GREETING),
        ("你好，請問港口去年處理了多少貨櫃？", Kind.FACT),
        ("港口幫助了哪一個國家？", Kind.FACT),
        ("這篇文章講什麼？", Kind.SUMMARY),
        ("呢篇文講咩", Kind.SUMMARY),
        ("Summarise the article about the harbour", Kind.SUMMARY),
        ("What is this article about?", Kind.SUMMARY),
        ("這篇文章的結論是什麼？", Kind.SUMMARY),
        ("How does this story end?", Kind.SUMMARY),
        ("那篇文章最後提到的公司是哪家？", Kind.FACT),
        ("誰最後得獎？", Kind.FACT),
        ("這本書的主要內容是什麼？", Kind.FACT),
        ("港口和機場有什麼不同？", Kind.COMPARISON),
        ("What is the difference between the two ports?", Kind.COMPARISON),
        ("哪些公司投資了港口？", Kind.LIST),
        ("港口由哪三家公司投資？", Kind.LIST),
        ("邊兩間公司投資咗個港口？", Kind.LIST),
        ("左邊兩間公司嘅老闆係邊個？", Kind.FACT),
        ("Which three companies own the harbour?", Kind.LIST),
        ("哪一家公司投資了港口？", Kind.FACT),
        ("港口在哪裡？", Kind.FACT),
    ],
)
def test_the_kind_of_a_question_follows_its_wording(text: str, kind: Kind) -> None:
    assert understand(text).kind is kind


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("港口處理了多少貨櫃？", "zh-Hant"),
        ("港口处理了多少货柜？", "zh-Hans"),
        ("邊間公司投資咗個港口？", "zh-Hant"),
        ("皇后大道在哪裡？", "zh-Hant"),
        ("How many containers?", "en"),
        ("潘淑是哪里人", "zh-Hant"),
    ],
)
def test_the_language_of_the_words_around_quotes_is_the_askers(text: str, language: str) -> None:
    assert understand(text).language == language


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("港口去年處理了多少貨櫃？", "多少"),
        ("誰創辦了公司", "谁"),
        ("邊個創辦咗公司", "边个"),
        ("請問為什麼停工", "为什么"),
    ],
)
def test_the_words_of_asking_are_not_searched_for(text: str, absent: str) -> None:
    assert absent not in understand(text).content


def test_cantonese_is_embedded_as_written_chinese() -> None:
    assert understand("邊間公司投資咗個港口？").text.startswith("哪家公司投資了")


def test_a_date_written_out_in_chinese_leaves_an_english_question_english() -> None:
    assert understand("How many cars were made 2024年?", "How many cars were made last year?").language == "en"


def test_a_greeting_before_a_question_is_not_part_of_it() -> None:
    assert understand("你好，港口在哪裡？").text == "港口在哪裡？"


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00", "\u200b\ufeff", "\ud800", "　"])
def test_a_blank_question_is_refused(text: str) -> None:
    with pytest.raises(QuestionError, match="blank"):
        check_question(text, 100)


def test_an_over_long_question_is_refused_with_both_lengths() -> None:
    with pytest.raises(QuestionError, match=r"100000 characters.*at most 2000"):
        check_question("長" * 100_000, 2000)


@pytest.mark.parametrize("value", [None, 3, b"bytes", ["a"]])
def test_what_is_not_text_is_refused(value: object) -> None:
    with pytest.raises(QuestionError, match="not text"):
        check_question(value, 100)


def test_invisible_characters_are_taken_out_of_a_question() -> None:
    assert check_question("港\u200b口\x00 在\u202e哪裡\ud800？", 100) == "港口 在哪裡 ？"


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("MiniMax邊年上市？", "minimax哪年上市?"),
        ("用幾耐上市？", "用多久上市?"),
        ("邊位創辦智譜？", "哪位创办智谱?"),
        ("琴日邊條線停駛？", "昨天哪条线停驶?"),
    ],
)
def test_cantonese_is_known_by_any_of_its_words(asked: str, written: str) -> None:
    assert written_chinese(asked) == written


@pytest.mark.parametrize("asked", ["左邊兩間房", "周邊幾個國家", "好聽日本歌", "仲裁結果如何？", "宜家何時開業？"])
def test_written_chinese_is_not_taken_for_cantonese(asked: str) -> None:
    assert written_chinese(asked) == asked
