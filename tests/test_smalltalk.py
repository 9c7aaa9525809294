"""Greetings, thanks and questions about this itself are told from questions of the articles."""

from __future__ import annotations

import pytest

from qa.conversation import standalone_questions
from qa.questions import Kind, understand
from qa.records import Turn
from qa.smalltalk import is_small_talk, is_thanks, without_greeting

ASKED = Turn("重慶2024年新能源車產量是多少？", "95.3萬輛。[1]")
THANKS = [
    "多謝",
    "多謝晒！",
    "谢谢你",
    "唔該晒",
    "Thank you very much!",
    "thanks a lot",
    "OK",
    "好的，謝謝",
    "明白了",
    "got it, thanks",
    "再見",
    "bye bye",
    "好",
    "好呀",
    "嗯",
    "係呀",
    "哈哈",
    "原來如此",
    "對",
    "yes",
    "yeah",
    "thx",
    "👍",
    "👍🏽",
    "❤️",
    "😊👍",
    "謝謝🙏",
    "OK👌",
    "好的，明白了👍",
]
GREETINGS = [
    "你好",
    "您好！",
    "hi there",
    "Good morning",
    "早晨",
    "你是誰？",
    "what can you do for me?",
    "help me",
    "你好，你可以做乜嘢？",
    "你好👋",
    "👋",
]
QUESTIONS = [
    "為什麼？",
    "還有呢？",
    "多謝了誰？",
    "好的公司有哪些？",
    "Who thanked you?",
    "OK是誰的品牌？",
    "明白了什麼？",
    "help whom?",
    "好嗎？",
    "對嗎？",
    "對不起",
    "👍是什麼意思？",
]


@pytest.mark.parametrize("text", THANKS)
def test_thanks_ask_nothing_whatever_was_asked_before(text: str) -> None:
    assert is_thanks(text)
    assert understand(text).kind is Kind.GREETING
    assert standalone_questions(text, [ASKED]) == (text,)


@pytest.mark.parametrize("text", GREETINGS)
def test_a_greeting_is_answered_with_what_can_be_asked(text: str) -> None:
    assert is_small_talk(text)
    assert not is_thanks(text)
    assert standalone_questions(text, [ASKED]) == (text,)


@pytest.mark.parametrize("text", QUESTIONS)
def test_what_only_begins_like_it_is_a_question(text: str) -> None:
    assert not is_small_talk(text)


@pytest.mark.parametrize("text", ["多謝", "你好", "OK"])
def test_a_follow_up_leans_on_the_question_before_the_thanks(text: str) -> None:
    history = [ASKED, Turn(text, "歡迎隨時再問。")]
    assert standalone_questions("那2019年呢？", history) == standalone_questions("那2019年呢？", [ASKED])


@pytest.mark.parametrize("part", ["thank you ", "what can you do ", "你好", "hi ", "help me ", "你可以做什麼"])
def test_a_long_repetition_is_read_once_and_not_in_all_ways(part: str) -> None:
    assert not is_small_talk(part * 200 + "x")
    assert not is_small_talk(f"{part * 200}👍x")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("謝謝，港口在哪裡？", "港口在哪裡？"),
        ("你好，謝謝🙏，港口在哪裡？", "港口在哪裡？"),
        ("好的。那港口呢？", "那港口呢？"),
        ("多謝 咁港口呢？", "咁港口呢？"),
        ("Thanks! And the port?", "And the port?"),
        ("OK. And the port?", "And the port?"),
        ("thank you and the port?", "and the port?"),
    ],
)
def test_greetings_and_thanks_are_taken_from_before_a_question(text: str, question: str) -> None:
    assert without_greeting(text) == question


@pytest.mark.parametrize(
    "text",
    [
        "好的公司有哪些",
        "好的公司，有哪些",
        "OK是誰的品牌",
        "OK.com是誰的？",
        "OK Mart有多少家？",
        "好、壞消息各是什麼？",
        "謝謝，",
    ],
)
def test_what_only_begins_like_thanks_stays_whole(text: str) -> None:
    assert without_greeting(text) == text


def test_thanks_said_over_and_over_are_taken_away_too() -> None:
    assert without_greeting(f"{'謝謝，' * 2000}港口？") == "港口？"
