"""What an answer and an article become before the page puts them in as text."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from qa.index.catalogue import Catalogue
from qa.records import Answer, Article, Citation, Sentence
from qa.server.view import EXCERPT_CHARS, answer_view, article_view, cards, lines_of, sentence_lines, text_fragment

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTICLE = Article(
    id="a",
    title="標題",
    text="前文。\n\n港口**去年**處理了83萬個貨櫃。船公司說沒有加價。",
    url="https://news.example/1",
)
QUOTE = "港口**去年**處理了83萬個貨櫃。"


@pytest.fixture
def catalogue() -> Iterator[Catalogue]:
    catalogue = Catalogue.create(None)
    catalogue.add_article(ARTICLE, [])
    catalogue.add_article(Article(id="b", title="轉載", text="甲。"), [])
    yield catalogue
    catalogue.close()


def cite(**changes: Any) -> Citation:
    start = ARTICLE.text.index(QUOTE)
    citation = Citation(
        n=1, article_id="a", title="標題", url=ARTICLE.url, author="林海", source="海港日報",
        published=dt.date(2026, 3, 5), start=start, end=start + len(QUOTE), quote=QUOTE,
        paragraph_start=start, paragraph_end=len(ARTICLE.text),
    )  # fmt: skip
    return dataclasses.replace(citation, **changes)


def answer(text: str, sentences: tuple[Sentence, ...] = (), suggestions: tuple[str, ...] = ()) -> Answer:
    return Answer("問", "問", text, sentences, (cite(),), "answered", 1.0, suggestions)


def test_marks_are_cut_from_the_text_and_a_mark_without_a_citation_stays_text() -> None:
    assert lines_of(answer("甲[1]乙[2]\n\n丙[1][1]")) == [
        {"pieces": ["甲", 1, "乙[2]"], "short": False},
        {"pieces": ["丙", 1, 1], "short": False},
    ]


def test_the_words_that_answer_open_an_answer_and_look_the_same_while_it_is_written() -> None:
    said = (Sentence("83萬個", (1,)), Sentence("港口去年處理了83萬個貨櫃。", (1,)))
    lines = lines_of(answer("83萬個[1]\n\n港口去年處理了83萬個貨櫃。[1]", said))
    assert [line["short"] for line in lines] == [True, False]
    assert lines == sentence_lines(said, [cite()])


def test_an_answer_of_quotes_alone_has_no_short_line() -> None:
    said = (Sentence("港口去年處理了83萬個貨櫃。", (1,)),)
    assert [line["short"] for line in sentence_lines(said, [cite()])] == [False]


def test_suggestions_are_not_said_twice() -> None:
    view = answer_view(answer("沒有找到。\n- 甲\n- 乙", suggestions=("甲", "乙")))
    assert view["suggestions"] == ["甲", "乙"]
    assert [line["pieces"] for line in view["lines"]] == [["沒有找到。"]]


def test_a_question_that_was_completed_is_told_and_one_that_stands_alone_is_not() -> None:
    asked = answer("甲[1]")
    assert answer_view(asked)["standalone"] is None
    assert answer_view(dataclasses.replace(asked, standalone_question="港口呢"))["standalone"] == "港口呢"


def test_a_card_shows_the_quote_without_markdown_around_the_words_that_answer(catalogue: Catalogue) -> None:
    at = ARTICLE.text.index("83萬個")
    [card] = cards([cite(answer_start=at, answer_end=at + 4, copies=("b", "gone"))], catalogue)
    assert card["quote"] == ["港口去年處理了", "83萬個", "貨櫃。"]
    assert card["paragraph"] == ["", "船公司說沒有加價。"]
    assert (card["source"], card["author"], card["published"]) == ("海港日報", "林海", "2026-03-05")
    assert [(copy["title"], copy["link"], copy["published"]) for copy in card["copies"]] == [("轉載", None, None)]


def test_a_quote_that_is_its_paragraph_or_has_been_replaced_has_no_context(catalogue: Catalogue) -> None:
    whole = cite(paragraph_end=cite().end)
    replaced = cite(quote="別的字句。")
    gone = cite(article_id="gone")
    assert [card["paragraph"] for card in cards([whole, replaced, gone], catalogue)] == [None, None, None]


@pytest.mark.parametrize(
    ("url", "is_linked"),
    [
        ("https://news.example/1", True),
        ("HTTP://news.example/1", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//evil.example", False),
        ("/local", False),
        ("https:", False),
        ("https://[broken", False),
        ("", False),
        (None, False),
    ],
)
def test_only_a_web_address_becomes_a_link(url: str | None, is_linked: bool, catalogue: Catalogue) -> None:
    [card] = cards([cite(url=url)], catalogue)
    assert (card["link"] is not None) is is_linked
    article = article_view(dataclasses.replace(ARTICLE, url=url), whole=True)
    assert (article["link"] is not None) is is_linked


@pytest.mark.parametrize(
    ("url", "text", "expected"),
    [
        ("https://n.example/1", "A-b, c&d", "https://n.example/1#:~:text=A%2Db%2C%20c%26d"),
        ("https://n.example/1#top", "甲", "https://n.example/1#top:~:text=%E7%94%B2"),
        ("https://n.example/1", "a" * 50 + "b" * 50, f"https://n.example/1#:~:text={'a' * 16},{'b' * 16}"),
    ],
)
def test_a_link_leads_to_the_quote_on_its_page(url: str, text: str, expected: str) -> None:
    assert text_fragment(url, text) == expected


def test_an_article_is_shown_whole_only_where_that_is_wished() -> None:
    article = Article(id="long", title="", text="# 小題\n\n" + "\n\n".join(["字" * 290] * 4))
    whole, excerpt = article_view(article, whole=True), article_view(article, whole=False)
    assert whole["paragraphs"][0] == {"text": "小題", "is_heading": True}
    assert (len(whole["paragraphs"]), whole["is_excerpt"]) == (5, False)
    assert (len(excerpt["paragraphs"]), excerpt["is_excerpt"]) == (3, True)


def test_an_article_of_one_long_paragraph_is_not_given_away_in_its_excerpt() -> None:
    view = article_view(Article(id="one", title="", text="字" * 5000), whole=False)
    assert len(view["paragraphs"][0]["text"]) == EXCERPT_CHARS + 1
    assert view["is_excerpt"]
