"""What readers thought, and what was declined, as the editor's report has it."""

from __future__ import annotations

import dataclasses
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from qa.errors import FeedbackError
from qa.feedback import Feedback
from qa.records import Answer, Citation

if TYPE_CHECKING:
    from pathlib import Path

CITATION = Citation(
    n=1, article_id="ferry", title="渡輪", url=None, author=None, source=None, published=None,
    start=0, end=2, quote="甲。", paragraph_start=0, paragraph_end=2,
)  # fmt: skip


def answer(question: str, trace_id: str) -> Answer:
    return Answer(question, question, "甲。[1]", (), (CITATION,), "answered", 0.9, trace_id=trace_id)


@pytest.fixture
def feedback(tmp_path: Path) -> Feedback:
    return Feedback(tmp_path / "kept" / "feedback.sqlite")


def test_nothing_kept_is_an_empty_report_and_makes_no_file(feedback: Feedback) -> None:
    assert feedback.report() == []
    assert not feedback.path.exists()


def test_questions_that_differ_in_script_and_punctuation_are_one_and_the_most_frequent_is_first(
    feedback: Feedback,
) -> None:
    feedback.decline("船票多少錢？")
    for trace_id, question in enumerate(("渡輪幾點開？", "渡轮几点开", "渡輪幾點開?")):
        feedback.rate(answer(question, str(trace_id)), "down", "時間不對" if trace_id else "")
    first, second = feedback.report()
    assert (first.disliked, first.declined, first.reasons, first.articles) == (3, 0, ("時間不對",), ("ferry",))
    assert (second.question, second.disliked, second.declined) == ("船票多少錢？", 0, 1)


def test_a_reader_may_think_again_and_take_it_back(feedback: Feedback) -> None:
    asked = answer("渡輪幾點開？", "t")
    feedback.rate(asked, "down", "不對")
    feedback.rate(asked, "up")
    assert feedback.report() == []
    feedback.rate(asked, "down")
    assert feedback.report()[0].disliked == 1
    feedback.rate(asked, None)
    assert feedback.report() == []


def test_what_was_liked_elsewhere_is_told_beside_what_was_disliked(feedback: Feedback) -> None:
    feedback.rate(answer("渡輪幾點開？", "1"), "up")
    feedback.rate(answer("渡輪幾點開？", "2"), "down")
    assert [(row.liked, row.disliked) for row in feedback.report()] == [(1, 1)]


def test_what_cites_a_forgotten_article_or_names_its_headline_is_deleted_and_not_kept_again(feedback: Feedback) -> None:
    elsewhere = dataclasses.replace(answer("巴士幾點開？", "bus"), citations=())
    headline = dataclasses.replace(elsewhere, trace_id="near", text="文章沒有提到。最接近的是：\n- 渡輪加班的消息")
    feedback.rate(elsewhere, "down")
    feedback.rate(headline, "down")
    feedback.rate(answer("渡輪幾點開？", "ferry"), "down", "很私人的理由")
    feedback.decline("渡輪加班的消息")
    feedback.decline("渡輪")
    assert feedback.forget(["ferry", "unknown"], ["渡輪加班的消息", "渡輪"]) == 3  # a short headline tells nothing
    assert {row.question for row in feedback.report()} == {"巴士幾點開？", "渡輪"}
    content = feedback.path.read_bytes()
    assert "很私人的理由".encode() not in content
    assert "渡輪加班的消息".encode() not in content
    feedback.rate(answer("渡輪幾點開？", "later"), "down")  # an answer given before the takedown
    assert {row.question for row in feedback.report()} == {"巴士幾點開？", "渡輪"}
    assert feedback.forget(["ferry"]) == 0


def test_an_id_that_is_part_of_another_is_not_meant(feedback: Feedback) -> None:
    feedback.rate(answer("渡輪幾點開？", "t"), "down")
    assert feedback.forget(["fer", "ry"]) == 0
    assert len(feedback.report()) == 1


def test_questions_of_marks_alone_are_kept_apart(feedback: Feedback) -> None:
    feedback.decline("？？")
    feedback.decline("！")
    assert len(feedback.report()) == 2


def test_many_at_once_are_all_kept(feedback: Feedback) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(feedback.decline, ["同一個問題"] * 40))
    assert feedback.report()[0].declined == 40


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "feedback.sqlite"
    path.write_text("no database, but text long enough to be taken for one" * 10)
    with pytest.raises(FeedbackError, match=r"feedback\.sqlite.* cannot be used: .*Set feedback_file"):
        Feedback(path).report()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FeedbackError, match="cannot be used"):
        Feedback(tmp_path / "file" / "feedback.sqlite").decline("問")


def test_a_long_reason_is_cut_and_kept(feedback: Feedback) -> None:
    feedback.rate(answer("問", "t"), "down", "長" * 5000)
    with sqlite3.connect(feedback.path) as file:
        [(reason,)] = file.execute("SELECT reason FROM ratings").fetchall()
    assert len(reason) == 1000


def test_the_answer_is_kept_as_it_was(feedback: Feedback) -> None:
    feedback.rate(dataclasses.replace(answer("問", "t"), text="乙[1]"), "up")
    with sqlite3.connect(feedback.path) as file:
        assert file.execute("SELECT answer, rating FROM ratings").fetchall() == [("乙[1]", "up")]
