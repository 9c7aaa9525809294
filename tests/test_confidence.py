"""What speaks against evidence although the words are there."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from qa import Article, Engine, Settings
from qa.confidence import asks_who_someone_is

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRMS = Article(
    id="firms",
    title="大模型公司的出路",
    text="百川智能轉向醫療賽道，放下通用業務。各家的路數各不相同。明月科技的創始人林海生說，產品就是模型本身。明月科技去年的營收是3.2億元。",
)
PORTS = Article(
    id="ports",
    title="兩個城市的港口",
    text="2024年重慶的港口處理了95萬個貨櫃。上海的公司也來投資。\n\nMiniMax在2024年的收入有63.9%來自社交產品。"
    "Kimi在2025年的收入有82%來自私有化部署。張予彤是Kimi的總裁。",
)
PAST = Article(
    id="past", title="渡輪公司的那幾年", text="陸明時任渡輪公司的總經理。2023年上半年，渡輪公司載了310萬名乘客。"
)
HARBOUR = Article(
    id="harbour",
    title="青嶼港",
    text="2024年青嶼港處理貨櫃逾254萬個，其中冷藏貨櫃達95.3萬個，同比增長逾9成。港務局說，碼頭已經滿負荷運作。"
    "2019年4月出台的《青嶼港貨櫃業高質發展方案》，提出貨櫃處理要向冷藏轉型。",
)
FILLER = [
    Article(id=f"f{at}", title=f"渡輪第{at}號", text=f"渡輪第{at}號今天照常行駛，乘客須在碼頭排隊。") for at in range(8)
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine.from_articles([FIRMS, PORTS, PAST, HARBOUR, *FILLER], Settings(confidence_threshold=0.0)) as engine:
        yield engine


@pytest.mark.parametrize(
    ("about_it", "about_another"),
    [
        ("明月科技的創始人是誰？", "百川智能的創始人是誰？"),
        ("明月科技去年的營收是多少？", "百川智能去年的營收是多少？"),
    ],
)
def test_what_is_said_of_another_is_less_of_an_answer(engine: Engine, about_it: str, about_another: str) -> None:
    right, wrong = engine.ask(about_it), engine.ask(about_another)
    assert right.confidence > 0.6
    assert wrong.confidence < 0.45


def test_a_figure_of_another_place_is_declined(engine: Engine) -> None:
    right, wrong = engine.ask("重慶的港口2024年處理了多少貨櫃？"), engine.ask("成都的港口2024年處理了多少貨櫃？")
    assert right.confidence > 0.8
    assert wrong.confidence < 0.45


@pytest.mark.parametrize(
    ("of_its_year", "of_another_year"),
    [
        ("2024年MiniMax的收入有多少來自社交產品？", "2025年MiniMax的收入有多少來自社交產品？"),
        (
            "What share of MiniMax revenue came from social products in 2024?",
            "What share of MiniMax revenue came from social products in 2025?",
        ),
    ],
)
def test_what_another_firm_did_in_the_year_asked_for_does_not_answer(
    engine: Engine, of_its_year: str, of_another_year: str
) -> None:
    assert engine.ask(of_its_year).confidence > 0.6
    assert engine.ask(of_another_year).confidence < 0.2


def test_who_held_an_office_is_no_answer_to_who_holds_it(engine: Engine) -> None:
    assert engine.ask("陸明時任什麼職務？").confidence > 0.6
    assert engine.ask("陸明現在擔任什麼職務？").confidence < 0.2


def test_half_a_year_is_no_answer_to_a_question_for_the_whole(engine: Engine) -> None:
    assert engine.ask("2023年上半年渡輪公司載了多少乘客？").confidence > 0.6
    assert engine.ask("2023年全年渡輪公司載了多少乘客？").confidence < 0.2


def test_who_counts_back_far_may_count_from_the_day_of_the_article() -> None:
    port = Article(
        id="port", title="青嶼港", text="青嶼港12年前喊出「北方門戶」的口號。", published=dt.date(2025, 6, 1)
    )
    settings = Settings(confidence_threshold=0.0, today=dt.date(2026, 3, 1))
    with Engine.from_articles([port, *FILLER], settings) as engine:
        assert engine.ask("青嶼港十二年前喊過什麼口號？").confidence > 0.6
        assert engine.ask("青嶼港二十年前喊過什麼口號？").confidence < 0.2


def test_who_someone_is_is_judged_without_the_reader(engine: Engine) -> None:
    with Engine.from_articles([FIRMS, PORTS, *FILLER], Settings(confidence_threshold=0.0, reader="off")) as other:
        asked = "Who is Zhang Yutong?"
        assert engine.ask(asked).confidence == pytest.approx(other.ask(asked).confidence, abs=0.05)
        assert engine.ask("Where is Zhang Yutong?").confidence != pytest.approx(
            other.ask("Where is Zhang Yutong?").confidence, abs=0.05
        )


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("閆俊傑是誰", True),
        ("居琰係邊個？", True),
        ("谁是唐杰？", True),
        ("馬斯克是誰", True),
        ("Who is Zhang Yutong?", True),
        ("冠軍是誰", False),
        ("百川智能的創始人是誰", False),
        ("閆俊傑是誰的學生", False),
        ("Who is the founder of MiniMax?", False),
        (f"Who is {'A' * 1900}?x", False),  # read in one way: many would hold everybody up for hours
        (f"Who is {'Ab ' * 600}?", False),
    ],
)
def test_a_question_for_who_somebody_is_is_known(question: str, expected: bool) -> None:
    assert asks_who_someone_is(question) is expected


def test_who_somebody_is_is_answered_where_they_are_introduced_and_nowhere_else(engine: Engine) -> None:
    assert engine.ask("林海生是誰").confidence > 0.5
    assert engine.ask("邊個係林海生？").confidence > 0.45
    assert engine.ask("王海明是誰").confidence < 0.1


def test_a_figure_of_another_year_is_declined_though_something_else_is_told_of_the_one_asked_for(
    engine: Engine,
) -> None:
    assert engine.ask("青嶼港2024年冷藏貨櫃處理量是多少？").confidence > 0.8
    assert engine.ask("青嶼港2019年冷藏貨櫃處理量是多少？").confidence < 0.1
    assert engine.ask("2019年青嶼港的方案提出什麼？").confidence > 0.8


@pytest.mark.parametrize("said", ["shut up", "fuck you"])
def test_one_english_word_that_some_reading_of_is_found_says_nothing(said: str) -> None:
    island = Article("island", "青嶼", "青嶼夏天炎熱，冬天氣候乾燥。碼頭每逢週日關閉，渡輪公司的門關上了。")
    with Engine.from_articles([island, *FILLER], Settings(confidence_threshold=0.0)) as engine:
        assert engine.ask(said).confidence < 0.35
