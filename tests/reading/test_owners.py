"""Of several figures in one sentence, the one of the subject that the question names."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from qa.reading.owners import owned
from qa.reading.reader import Marked
from qa.retrieve import prepare

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.index import Generation

VALUES = "林海航運的市值約為400億元，白潮渡輪的市值約為288億元，兩家都要上市。"
PORTS = "今年上半年，安徽的貨運量為150萬噸，超越了廣東的131萬噸；浙江為122萬噸。"
EXPORTS = "2024年，港口汽車出口47.7萬輛，同比增長29.6%；出口貨值為431.1億元。"
PARTS = "2024年,港口汽車產量逾254萬輛,其中新能源車達95.3萬輛,同比增長逾9成。"


def marked_in(text: str, *words: str) -> list[Marked]:
    places = [(text.index(one), one) for one in words]
    return [Marked(at, at + len(one), 0.5 / (1 + rank)) for rank, (at, one) in enumerate(places)]


@pytest.mark.parametrize(
    ("text", "question", "read", "expected"),
    [
        (VALUES, "林海航運的市值是多少？", ("288億元", "400億元"), "400億元"),
        (VALUES, "白潮渡轮的市值是多少？", ("288億元", "400億元"), "288億元"),
        (VALUES, "兩家的市值是多少？", ("288億元", "400億元"), "288億元"),
        (PORTS, "上半年廣東的貨運量是多少？", ("150萬噸", "131萬噸"), "131萬噸"),
        (PORTS, "上半年安徽的貨運量是多少？", ("150萬噸", "131萬噸"), "150萬噸"),
        (PORTS, "上半年浙江的貨運量是多少？", ("150萬噸", "131萬噸", "122萬噸"), "122萬噸"),
        (EXPORTS, "港口汽車的出口貨值是多少？", ("431.1億元", "47.7萬輛"), "431.1億元"),
        (EXPORTS, "港口汽車出口增長百分之幾？", ("29.6%", "47.7萬輛"), "29.6%"),
        (PARTS, "港口2024年新能源車產量是多少？", ("逾254萬輛", "95.3萬輛"), "95.3萬輛"),
        (PARTS, "港口2024年汽車產量是多少？", ("逾254萬輛", "95.3萬輛"), "逾254萬輛"),
        (PARTS, "港口2024年新能源車產量是多少？", ("逾254萬輛,其中新能源車達95.3萬輛",), "95.3萬輛"),
        (PARTS, "港口2024年汽車產量是多少？", ("逾254萬輛,其中新能源車達95.3萬輛,同比增長逾9成",), "逾254萬輛"),
        (PARTS, "產量是多少？", ("港口汽車產量逾254萬輛,其中新能源車",), "港口汽車產量逾254萬輛"),
        (VALUES, "林海航運是做什麼的？", ("白潮渡輪", "400億元"), "白潮渡輪"),  # no figure is asked for
    ],
)
def test_a_figure_belongs_to_what_its_clause_speaks_of(
    text: str,
    question: str,
    read: tuple[str, ...],
    expected: str,
    make_generation: Callable[..., Generation],
    hash_embedder: Any,
) -> None:
    query = prepare(question, make_generation(text), hash_embedder, dt.date(2025, 6, 1))
    one = owned(query, text, marked_in(text, *read))
    assert text[one.start : one.end] == expected
