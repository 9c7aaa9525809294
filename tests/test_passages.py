"""Articles cut into passages of whole sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.passages import cut_passages
from qa.records import Article
from qa.text.sentences import split_paragraphs

if TYPE_CHECKING:
    from collections.abc import Callable

SENTENCE = "這是二十個字長的句子它一直寫到了句號為止。"  # 21 characters
PIECES = st.sampled_from(
    ["甲乙丙丁。", SENTENCE, "字" * 90 + "。", "\n", "\n\n", "# 標題\n", "## 小標\n\n", "- 項目", "「引。」", "\r\n"]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


def texts(article: Article, max_chars: int) -> list[str]:
    return [passage.text for passage in cut_passages(article, max_chars)]


def test_short_neighbouring_paragraphs_share_a_passage(make_article: Callable[..., Article]) -> None:
    text = "甲。\n\n乙。\n\n丙。"
    assert texts(make_article(text), 80) == [text]


def test_a_full_passage_ends_at_a_paragraph(make_article: Callable[..., Article]) -> None:
    first, second = SENTENCE * 3, SENTENCE * 2  # 63 + 2 + 42 > 80
    assert texts(make_article(f"{first}\n\n{second}"), 80) == [first, second]


def test_a_long_paragraph_is_cut_into_even_parts(make_article: Callable[..., Article]) -> None:
    # 6 x 21 = 126 characters make two parts of 63, not 84 and 42.
    assert texts(make_article(SENTENCE * 6), 100) == [SENTENCE * 3, SENTENCE * 3]


def test_a_longer_sentence_is_a_passage_of_its_own(make_article: Callable[..., Article]) -> None:
    long = "字" * 200 + "。"
    assert texts(make_article(f"{SENTENCE}{long}{SENTENCE}"), 80) == [SENTENCE, long, SENTENCE]


def test_a_heading_opens_a_passage_and_stays_with_what_follows(make_article: Callable[..., Article]) -> None:
    article = make_article("# 一\n\n甲。\n\n## 二\n\n乙。")
    assert texts(article, 80) == ["# 一\n\n甲。", "## 二\n\n乙。"]
    assert [passage.sentences for passage in cut_passages(article, 80)] == [((5, 7),), ((15, 17),)]


def test_headings_in_a_row_stay_together(make_article: Callable[..., Article]) -> None:
    text = "# 一\n\n## 二\n\n乙。"
    assert texts(make_article(text), 80) == [text]


def test_a_heading_that_nothing_follows_can_be_found_too(make_article: Callable[..., Article]) -> None:
    (passage,) = cut_passages(make_article("甲。\n\n# 尾"), 80)
    assert passage.sentences == ((0, 2), (4, 7))


def test_a_heading_alone_is_a_passage(make_article: Callable[..., Article]) -> None:
    assert texts(make_article("# 只有標題"), 80) == ["# 只有標題"]


@pytest.mark.parametrize("text", ["😀。" * 10, "\x00。", "。", "甲", "\ufeff甲。"])
def test_odd_texts_give_a_passage_too(make_article: Callable[..., Article], text: str) -> None:
    assert "".join(texts(make_article(text), 80)) == text


def test_a_passage_names_its_place(make_article: Callable[..., Article]) -> None:
    (passage,) = cut_passages(make_article("\n甲。\n"), 80)
    assert passage.location == "harbour:1-3"


@given(TEXTS, st.integers(80, 300))
def test_passages_hold_every_sentence_once_and_whole(text: str, max_chars: int) -> None:
    passages = cut_passages(Article("a", "", text), max_chars)
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert passage.start <= passage.sentences[0][0]
        assert passage.sentences[-1][1] == passage.end
    held = [sentence for passage in passages for sentence in passage.sentences]
    assert held == sorted(set(held))
    wanted = [sentence for paragraph in split_paragraphs(text) for sentence in paragraph.sentences]
    assert set(wanted) <= set(held)


@given(TEXTS, st.integers(80, 300))
def test_passages_ascend_and_only_a_long_sentence_is_over_the_length(text: str, max_chars: int) -> None:
    end_before = 0
    for passage in cut_passages(Article("a", "", text), max_chars):
        assert end_before <= passage.start < passage.end
        end_before = passage.end
        assert passage.end - passage.sentences[0][0] <= max_chars or len(passage.sentences) == 1
