"""What speaks against evidence although the words are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa import Article, Engine, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRMS = Article(
    id="firms",
    title="大模型公司的出路",
    text="百川智能轉向醫療賽道，放下通用業務。各家的路數各不相同。明月科技的創始人林海生說，產品就是模型本身。明月科技去年的營收是3.2億元。",
)
FILLER = [
    Article(id=f"f{at}", title=f"渡輪第{at}號", text=f"渡輪第{at}號今天照常行駛，乘客須在碼頭排隊。") for at in range(8)
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine.from_articles([FIRMS, *FILLER], Settings(confidence_threshold=0.0)) as engine:
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
    assert wrong.confidence < right.confidence - 0.15
