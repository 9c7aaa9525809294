"""What an answer becomes before the browser sees it."""

from __future__ import annotations

import dataclasses
import html
from html.parser import HTMLParser

import pytest

from qa.records import Answer, Citation, Sentence
from qa.server.render import answer_html, link_of, literal, question_html, sentences_html
from qa.wording import wording

from .conftest import ATTACKS

WORDS = wording("zh-Hant")
TAGS = {"div", "p", "sup", "ol", "li", "span", "a", "time", "blockquote", "details", "summary", "mark"}


class Tags(HTMLParser):
    """Collects the tags of a document, and the names of their attributes."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def make_answer(text: str, *, title: str = "標題", url: str | None = None, quote: str = "引文。") -> Answer:
    citation = Citation(
        n=1, article_id="a", title=title, url=url, author=title, source=title, published=None,
        start=0, end=len(quote), quote=quote, paragraph_start=0, paragraph_end=len(quote),
    )  # fmt: skip
    return Answer("問", "問", text, (), (citation,), "answered", 1.0)


@pytest.mark.parametrize("attack", ATTACKS)
def test_only_our_own_tags_come_out(attack: str) -> None:
    answer = make_answer(f"{attack}[1]", title=attack, url=f"https://news.example/{attack}", quote=attack)
    document = question_html(attack) + answer_html(answer, WORDS, {1: (attack, attack, attack)})
    assert Tags(document).tags <= TAGS
    assert Tags(document).attributes <= {"class", "href", "target", "rel"}
    assert "\n" not in document  # a blank line would end an HTML block, and Markdown would begin


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_literal_reads_as_it_was_written(attack: str) -> None:
    assert html.unescape(literal(attack)) == attack


def test_a_mark_without_a_citation_is_plain_text() -> None:
    document = answer_html(make_answer("甲[1]乙[2]"), WORDS, {})
    assert '<sup class="qa-mark">[1]</sup>' in document
    assert literal("乙[2]") in document


@pytest.mark.parametrize(
    ("url", "is_linked"),
    [
        ("https://news.example/1", True),
        ("http://news.example/1", True),
        ("HTTPS://news.example/1", True),
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
def test_only_a_web_address_becomes_a_link(url: str | None, is_linked: bool) -> None:
    assert (link_of(url) is not None) is is_linked
    assert ("<a " in answer_html(make_answer("甲[1]", url=url), WORDS, {})) is is_linked


def test_an_article_without_a_headline_says_so() -> None:
    assert literal(WORDS["untitled"]) in answer_html(make_answer("甲[1]", title=""), WORDS, {})


def test_the_words_that_answer_are_marked_in_the_quote_and_open_the_answer() -> None:
    quote = "The output was 953,000 vehicles in **2024**."
    words = (quote.index("953"), quote.index(" in"))
    plain = make_answer("", quote=quote)
    citation = dataclasses.replace(plain.citations[0], answer_start=words[0], answer_end=words[1])
    short, whole = Sentence("953,000 vehicles", (1,)), Sentence("The output was 953,000 vehicles in 2024.", (1,))
    text = f"{short.text}[1]\n\n{whole.text}[1]"
    answer = dataclasses.replace(plain, text=text, sentences=(short, whole), citations=(citation,))
    document = answer_html(answer, WORDS, {})
    assert '<p class="qa-short">' in document
    assert "The output was <mark>953,000 vehicles</mark> in 2024." in html.unescape(document)
    assert document == sentences_html((short, whole), (citation,), WORDS, {})


def test_an_answer_of_quotes_alone_has_no_short_line() -> None:
    answer = dataclasses.replace(make_answer("引文。[1]"), sentences=(Sentence("引文。", (1,)),))
    assert "qa-short" not in answer_html(answer, WORDS, {})
