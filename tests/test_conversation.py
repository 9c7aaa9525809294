"""Follow-ups completed from the question before."""

from __future__ import annotations

import pytest

from qa.conversation import HISTORY_MAX_CHARS, MAX_READINGS, standalone_questions, understood_as
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
