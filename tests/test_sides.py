"""The two things that a question compares."""

from __future__ import annotations

import pytest

from qa.questions import understand
from qa.sides import respect_of


@pytest.mark.parametrize(
    ("question", "sides", "respect"),
    [
        ("白潮和林海，哪一家的市值比較高？", ("白潮", "林海"), "市值"),
        ("白潮同松山邊間市值高啲？", ("白潮", "松山"), "市值"),
        ("安徽和廣東誰造的車比較多？", ("安徽", "广东"), "造 车"),
        ("誰的市值高，白潮還是林海？", ("白潮", "林海"), "市值"),
        ("白潮的客群跟林海有什麼不一樣？", ("白潮的客群", "林海"), ""),
        ("白潮與林海的不同是什麼？", ("白潮", "林海"), ""),
        ("白潮和林海有什麼共同點？", ("白潮", "林海"), ""),
        ("白潮的市值比林海高多少？", ("白潮的市值", "林海"), ""),
        ("安徽產量高過廣東嗎？", ("安徽产量", "广东"), ""),
        ("比較白潮和林海的商業模式", ("白潮", "林海"), "商业模式"),
        ("港口的收入，和機場的收入比起來，哪個數字大？", ("港口的收入", "机场的收入"), ""),
        ("Which came first, Baichao's plan or Linhai's prospectus?", ("baichao's plan", "linhai's prospectus"), ""),
        ("Who is worth more, Baichao or Linhai?", ("baichao", "linhai"), "is worth"),
        ("Is Baichao older than Linhai?", ("baichao", "linhai"), "is"),
        ("How does Baichao differ from Linhai?", ("baichao", "linhai"), "how does"),
        ("What is the difference between Baichao and Linhai?", ("baichao", "linhai"), "is the"),
    ],
)
def test_a_comparison_names_two_sides_and_maybe_a_respect(question: str, sides: tuple[str, str], respect: str) -> None:
    understood = understand(question)
    assert understood.sides == sides
    assert respect_of(understood.content, sides).strip(" ,?，？") == respect


@pytest.mark.parametrize(
    "question",
    [
        "重慶的產量比去年高多少？",
        "女戶主的比例是多少？",
        "決賽的最終比分是多少？",
        "港口和機場在哪裡？",
        "朝陽市的北部與哪一個地區相比鄰？",
        "兩家公司共同主持哪個節目？",
        "誰認為城市比鄉村好？",
        "Who founded Baichao or paid for it?",
    ],
)
def test_other_questions_have_no_sides(question: str) -> None:
    assert understand(question).sides == ()


def test_marks_in_a_row_are_read_once_and_not_in_all_ways() -> None:
    assert understand(("," + "、" * 48) * 40).sides == ()
