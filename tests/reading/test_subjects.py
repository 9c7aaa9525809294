"""Questions about another subject or another year than the passage answers, to learn from."""

from __future__ import annotations

import random

import pytest

from training.reader.subjects import about_another

WINDOW = "安昌浩在大韓民國成立後，於1962年被尊稱為島山。"
OTHERS = ["托爾金的作品是？", "崇陵是谁的陵墓？"]


@pytest.mark.parametrize("seed", range(8))
def test_another_name_or_figure_stands_where_the_window_had_one(seed: int) -> None:
    asked = about_another("安昌浩在1962年被尊稱為什麼？", WINDOW, OTHERS, random.Random(seed))
    assert asked is not None
    assert ("安昌浩" in asked) != ("1962" in asked)
    assert asked.endswith("年被尊稱為什麼？")


def test_names_come_from_the_other_questions_and_are_not_in_the_window() -> None:
    asked = {about_another("安昌浩被尊稱為什麼？", WINDOW, OTHERS, random.Random(seed)) for seed in range(20)}
    assert asked == {"托爾金被尊稱為什麼？", "崇陵被尊稱為什麼？"}
    assert about_another("安昌浩被尊稱為什麼？", WINDOW, ["安昌浩是誰？"], random.Random(1)) is None


def test_keeps_the_script_of_a_simplified_question() -> None:
    asked = about_another("安昌浩在1962年被尊称为什么？", WINDOW, [], random.Random(3))
    assert asked is not None
    assert asked.endswith("年被尊称为什么？")
    assert "1962" not in asked


def test_a_question_without_name_or_figure_of_the_window_has_no_other_subject() -> None:
    assert about_another("什麼時候成立的？", WINDOW, OTHERS, random.Random(1)) is None


def test_an_english_question_gets_the_name_of_another_one() -> None:
    asked = about_another("When did England declare war?", WINDOW, ["Where is the Tyne?"], random.Random(1))
    assert asked == "When did Tyne declare war?"
