"""Follow-ups completed from the question before."""

from __future__ import annotations

import pytest

from qa.conversation import HISTORY_MAX_CHARS, MAX_READINGS, standalone_questions
from qa.records import Turn


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
