"""Follow-ups completed from the question before."""

from __future__ import annotations

from typing import Literal

import pytest

from qa.conversation import HISTORY_MAX_CHARS, MAX_READINGS, standalone_questions, typed_language, understood_as
from qa.records import Answer, Turn


@pytest.mark.parametrize(
    ("before", "question", "first"),
    [
        ("港口2024年的吞吐量是多少？", "那2023年呢？", "港口2023年的吞吐量是多少？"),
        ("港口的吞吐量是多少？", "2023年呢？", "2023年港口的吞吐量是多少？"),
        ("港口去年的吞吐量是多少？", "前年呢？", "港口前年的吞吐量是多少？"),
        ("港口2024年的吞吐量是多少？", "機場呢？", "機場2024年的吞吐量是多少？"),
        ("長榮的估值是多少？", "它的創始人是誰？", "長榮的創始人是誰？"),
        ("What is the valuation of Evergreen?", "what about Maersk?", "What is the valuation of Maersk?"),
        ("Who founded Evergreen?", "Where is it based?", "Where is Evergreen based?"),
        ("油價對長榮有什麼影響？", "對馬士基來說又會怎樣？", "油價對馬士基有什麼影響？"),
        ("長榮的估值是多少？", "And in English, what is Maersk?", "And in English, what is Maersk?"),
        ("2019年的計劃為2020年定的目標是多少？", "2022年呢？", "2019年的計劃為2022年定的目標是多少？"),
        ("港口2018年在全國排第幾？", "2024年？", "港口2024年在全國排第幾？"),
        ("長榮的估值是多少？", "馬士基？", "馬士基的估值是多少？"),
        ("長榮當年靠咩起家？", "咁而家呢？", "長榮而家靠咩起家？"),
        ("東港汽車產量有多少？", "西港呢？", "西港汽車產量有多少？"),
        ("Evergreen是哪家公司的產品？", "它在國內叫什麼？", "Evergreen在國內叫什麼？"),
        ("How far did the port's output fall in 2018?", "Why?", "Why did the port's output fall in 2018?"),
        ("What is the app called overseas?", "And in China?", "What is the app called in China?"),
        ("How many cars did Osaka export in 2024?", "And its imports?", "Osaka imports in 2024?"),
        ("How many cars did Osaka export in 2024?", "What about Kobe?", "How many cars did Kobe export in 2024?"),
    ],
)
def test_a_follow_up_is_completed_from_the_question_before(before: str, question: str, first: str) -> None:
    assert standalone_questions(question, [Turn(before)])[0] == first


def test_a_follow_up_about_something_else_of_the_same_subject_is_also_tried() -> None:
    readings = standalone_questions("那出口呢？", [Turn("港口2024年進口量是多少？")])
    assert "港口2024年出口是多少？" in readings


@pytest.mark.parametrize(
    ("before", "question", "completed"),
    [
        ("長榮在東南亞怎樣佈局？", "中南美那邊又是從哪裡切入？", "長榮中南美那邊又是從哪裡切入？"),
        ("長榮的計劃投了多少錢？", "那推出了哪些品牌？", "長榮推出了哪些品牌？"),
    ],
)
def test_a_question_that_leans_on_the_subject_before_is_also_tried_with_it(
    before: str, question: str, completed: str
) -> None:
    assert standalone_questions(question, [Turn(before)])[:2] == (question, completed)


@pytest.mark.parametrize(
    ("before", "question", "completed"),
    [
        ("2028年會剩下幾個港口？", "是誰說的？", "2028年會剩下港口是誰說的？"),
        ("港口2018年產量怎麼樣？", "為什麼會這樣？", "港口2018年產量為什麼會這樣？"),
        ("2024年港口出口多少輛車？", "增長了多少？", "2024年港口出口車增長了多少？"),
        ("2018年港口產量跌了多少？", "隔年有好轉嗎？", "2018年港口產量跌了2019年有好轉嗎？"),
        ("Where did Evergreen build the dry dock?", "When did it open?", "When did the dry dock open?"),
    ],
)
def test_a_question_that_leans_on_what_was_asked_is_also_tried_with_it(
    before: str, question: str, completed: str
) -> None:
    assert completed in standalone_questions(question, [Turn(before)])


@pytest.mark.parametrize(
    ("question", "completed"),
    [
        ("另一家呢？", "馬士基的估值是多少？"),
        ("And the other one?", "馬士基的估值是多少？"),
        ("後者呢？", "馬士基的估值是多少？"),
        ("前者呢？", "長榮的估值是多少？"),
    ],
)
def test_the_other_of_two_is_looked_up_in_what_was_said(question: str, completed: str) -> None:
    history = [Turn("誰上市了？", "長榮和馬士基，兩家都上市了。"), Turn("長榮的估值是多少？", "長榮值十億元。")]
    assert standalone_questions(question, history)[0] == completed


@pytest.mark.parametrize(
    ("asked", "answered", "question", "completed"),
    [
        ("誰創辦了長榮？", "張榮發[1]\n\n長榮由張榮發創辦。[1]", "他哪年出生？", "張榮發哪年出生？"),
        ("Which port is the oldest?", "基隆港。", "Who built it?", "Who built 基隆港?"),
        ("港口的吞吐量是多少？", "十萬個。", "它在哪裡？", "港口在哪裡？"),
        ("誰創辦了長榮？", "這件事說來話長，要從頭講起。" * 9, "他哪年出生？", "他哪年出生？"),
    ],
)
def test_a_pronoun_stands_for_what_the_last_answer_names(
    asked: str, answered: str, question: str, completed: str
) -> None:
    assert standalone_questions(question, [Turn(asked, answered)])[0] == completed


@pytest.mark.parametrize("question", ["好的？", "謝謝！", "為什麼？", "Really?", "OK?"])
def test_a_word_of_talk_is_no_new_subject(question: str) -> None:
    assert standalone_questions(question, [Turn("長榮的估值是多少？")])[0] == question


def test_a_question_with_whitespace_was_not_completed() -> None:
    assert understood_as(answer(" 港口\u200b 在哪裡？ ", "港口 在哪裡？")) is None
    assert understood_as(answer("它在哪裡？", "港口在哪裡？")) == "港口在哪裡？"


def answer(question: str, standalone: str) -> Answer:
    return Answer(question, standalone, "", (), (), "declined", 0.0)


def test_another_subject_of_what_is_named_last_is_not_mixed_with_the_first() -> None:
    assert all(
        "長榮馬士基" not in reading for reading in standalone_questions("馬士基呢？", [Turn("長榮是誰創辦的？")])
    )


def test_a_follow_up_may_follow_a_follow_up() -> None:
    history = [Turn("港口2024年的吞吐量是多少？"), Turn("那2023年呢？")]
    assert standalone_questions("機場呢？", history)[0] == "機場2023年的吞吐量是多少？"


def test_a_follow_up_stays_bounded_however_long_the_chain() -> None:
    history = [Turn("港口2024年進口量是多少？"), *(Turn(f"那{'長' * 15}{number}呢？") for number in range(20))]
    readings = standalone_questions("那出口呢？", history)
    assert len(readings) <= MAX_READINGS
    assert max(map(len, readings)) <= HISTORY_MAX_CHARS + 40


@pytest.mark.parametrize("question", ["機場在哪裡？", "Who founded Maersk?", "那座港口在哪裡建成？"])
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert standalone_questions(question, [Turn("港口的吞吐量是多少？")]) == (question,)


def test_without_history_a_follow_up_is_left_as_it_is() -> None:
    assert standalone_questions("那2023年呢？", []) == ("那2023年呢？",)


def test_history_from_the_client_is_bounded() -> None:
    (reading,) = standalone_questions("那2023年呢？", [Turn("港口2024年" + "長" * 10_000)])
    assert len(reading) <= HISTORY_MAX_CHARS + 20


CHONGQING = Turn("重慶2024年新能源車產量是多少？", "95.3萬輛。")


@pytest.mark.parametrize(
    "question",
    [
        "其他城市的產量是多少？",
        "土耳其進口多少輛？",
        "尤其是出口增長多少？",
        "其次是哪個城市？",
        "其後發生什麼？",
        "維他奶的營收是多少？",
        "與其出口不如在哪裡設廠？",
        "How many IT companies are there?",
        "Who is He Xiaopeng?",
    ],
)
def test_a_word_that_only_contains_a_pronoun_stands_for_nothing(question: str) -> None:
    assert standalone_questions(question, [CHONGQING])[0] == question


@pytest.mark.parametrize("question", ["它的出口呢？", "佢嘅出口呢？", "其出口呢？", "它們的出口呢？"])
def test_what_is_asked_of_its_own_is_asked_of_the_subject_before(question: str) -> None:
    assert standalone_questions(question, [CHONGQING])[0] == "重慶2024年出口是多少？"


def test_what_is_done_with_it_names_the_subject_before() -> None:
    assert standalone_questions("與其合作的公司有哪些？", [CHONGQING]) == ("與重慶合作的公司有哪些？",)


@pytest.mark.parametrize(
    ("question", "plainly"),
    [
        ("不，我是說2018年", "2018年呢？"),
        ("不是，我是說2018", "2018年呢？"),
        ("唔係，我係講2018年", "2018年呢？"),
        ("No, I meant 2018", "2018年呢？"),
        ("不是，我是說廣東", "廣東呢？"),
        ("No, I meant Guangdong.", "What about Guangdong?"),
        ("不是，我想問它的出口有多少？", "它的出口有多少？"),
        ("不，2018年呢？", "2018年呢？"),
        ("謝謝，那2023年呢？", "那2023年呢？"),
        ("謝謝你🙏 那2023年呢？", "那2023年呢？"),
        ("你好，2023年呢？", "2023年呢？"),
        ("好的，那出口呢？", "那出口呢？"),
        ("Thanks! And in 2023?", "And in 2023?"),
    ],
)
def test_what_is_said_before_a_follow_up_is_no_part_of_it(question: str, plainly: str) -> None:
    readings = standalone_questions(question, [CHONGQING])
    assert readings == standalone_questions(plainly, [CHONGQING])
    assert standalone_questions("機場呢？", [CHONGQING, Turn(question)]) == standalone_questions(
        "機場呢？", [CHONGQING, Turn(plainly)]
    )


@pytest.mark.parametrize("question", ["謝謝，機場在哪裡？", "不，機場在哪裡？", "我想問機場", "I mean..."])
def test_a_question_that_stands_alone_keeps_what_is_said_before_it(question: str) -> None:
    assert standalone_questions(question, [])[0] == question


@pytest.mark.parametrize(
    ("question", "time"),
    [
        ("上個月呢？", "上個月"),
        ("3月呢？", "2024年3月"),
        ("第一季呢？", "2024年第一季"),
        ("上半年呢？", "2024年上半年"),
        ("2023年上半年呢？", "2023年上半年"),
        ("去年同期呢？", "去年同期"),
        ("And in 2023?", "2023年"),
        ("What about last year?", "去年"),
        ("And in March?", "2024年3月"),
        ("2018呢？", "2018年"),
        ("2018?", "2018年"),
        ("And 2023?", "2023年"),
        ("2018年", "2018年"),
        ("喺2018年呢？", "2018年"),
    ],
)
def test_a_follow_up_that_names_a_time_keeps_the_subject(question: str, time: str) -> None:
    assert standalone_questions(question, [CHONGQING])[0] == f"重慶{time}新能源車產量是多少？"
    then = standalone_questions("2017?", [CHONGQING, Turn(question)])[0]
    assert then.startswith("重慶2017年")


@pytest.mark.parametrize(
    ("before", "question", "completed"),
    [
        ("2025年上半年港口產量多少？", "下半年呢？", "2025年下半年港口產量多少？"),
        ("2025年上半年港口產量多少？", "2024年呢？", "2024年上半年港口產量多少？"),
        ("2025年的上半年港口產量多少？", "2023年3月呢？", "2023年3月港口產量多少？"),
        ("三月港口產量多少？", "2023年呢？", "2023年三月港口產量多少？"),
        ("上個月港口產量多少？", "2023年呢？", "2023年港口產量多少？"),
        ("港口目前年產量多少？", "2023年呢？", "2023年港口目前年產量多少？"),
        ("What did Osaka export in 2024?", "And in 2023?", "What did Osaka export in 2023?"),
        ("What did Osaka export in 2024?", "2023年呢？", "What did Osaka export in 2023?"),
        ("What did Osaka export in 2024?", "What about last year?", "What did Osaka export last year?"),
        ("What did Osaka export last year?", "And in 2023?", "What did Osaka export in 2023?"),
        ("What did Osaka export in 2024?", "去年呢？", "What did Osaka export last year?"),
        ("What did Osaka export in 2024?", "3月呢？", "What did Osaka export in 2024年3月?"),
        (
            "What did Osaka export in the first half of 2024?",
            "2023?",
            "What did Osaka export in the first half of 2023?",
        ),
        (
            "What did Osaka export in 2024?",
            "And in the first half?",
            "What did Osaka export in the first half of 2024?",
        ),
    ],
)
def test_another_time_takes_the_place_of_the_one_before(before: str, question: str, completed: str) -> None:
    assert standalone_questions(question, [Turn(before)])[0] == completed


def test_a_part_of_a_year_may_also_be_the_last_one() -> None:
    assert "重慶3月新能源車產量是多少？" in standalone_questions("3月呢？", [CHONGQING])


@pytest.mark.parametrize("question", ["and Guangdong?", "why?", "Who is he?", "Thanks! And Guangdong?"])
def test_what_is_typed_in_english_is_an_english_turn(question: str) -> None:
    assert typed_language(question, "zh-Hant") == "en"


@pytest.mark.parametrize("completed", ["zh-Hant", "zh-Hans", "en"])
@pytest.mark.parametrize("question", ["2018?", "MiniMax?", "IT?"])
def test_a_year_or_a_name_has_the_language_of_the_completed_question(
    question: str, completed: Literal["zh-Hant", "zh-Hans", "en"]
) -> None:
    assert typed_language(question, completed) == completed


def test_what_is_typed_in_chinese_is_a_chinese_turn_in_its_script() -> None:
    assert typed_language("2023呢？", "en") == "zh-Hant"
    assert typed_language("2023年呢？", "zh-Hans") == "zh-Hans"
    assert typed_language("重庆呢？", "zh-Hant") == "zh-Hans"
    assert typed_language("廣東呢？", "zh-Hans") == "zh-Hant"
