"""Which lines are boilerplate, and how long it takes to tell."""

from __future__ import annotations

import time

import pytest

from qa.importing.cleaning import boilerplate_kind

CELLS = ["首頁", *["新聞"] * 39]
SECONDS = 1.0  # it takes milliseconds; a pattern that can split a line in many ways takes years


@pytest.mark.parametrize("mark", ["|", "｜", "›", "»", ">"])
def test_a_long_row_of_cells_is_told_from_navigation_at_once(mark: str) -> None:
    ending = "本網站由某某資訊科技有限公司提供技術支援服務及維護" * 3
    started = time.perf_counter()
    assert boilerplate_kind(f" {mark} ".join([*CELLS, ending])) is None
    assert time.perf_counter() - started < SECONDS


@pytest.mark.parametrize(
    "line",
    [
        " | ".join(CELLS),
        " › ".join(CELLS),
        "首頁｜新聞｜港口",
        "首頁 » 新聞 » 青嶼海港的新碼頭昨日啟用，市長到場剪綵",
        "Home > News > Harbour",
        "首頁 >> 新聞",
        "一二三四五六七八九十甲乙丙丁 | 港口",
    ],
)
def test_rows_of_cells_are_navigation(line: str) -> None:
    assert boilerplate_kind(line) == "navigation"


@pytest.mark.parametrize(
    "line", ["一二三四五六七八九十甲乙丙丁戊 | 港口", "港口去年處理了十萬個貨櫃。| 市長說來年更好。"]
)
def test_a_headline_or_a_sentence_beside_a_mark_is_no_navigation(line: str) -> None:
    assert boilerplate_kind(line) is None
