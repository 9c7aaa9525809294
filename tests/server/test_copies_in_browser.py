"""What the chat page shows of a story that several outlets tell, and of articles that disagree."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

import pytest

from qa.engine import Engine
from qa.records import Article
from qa.settings import Settings
from qa.wording import wording

from .conftest import FERRY, FERRY_QUESTION, FERRY_QUOTE, ask, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Open, Site

pytestmark = pytest.mark.browser

COPY = dataclasses.replace(
    FERRY,
    id="ferry-copy",
    title="渡輪一天十二班",
    url="https://other.example/ferry",
    source="晨鐘報",
    published=dt.date(2026, 3, 4),
)
FARES = [
    Article("fare-old", "電車加價", "山頂電車的單程車費為12元。", published=dt.date(2024, 1, 5)),
    Article("fare-new", "電車再加價", "山頂電車的單程車費為15元。", published=dt.date(2026, 1, 6)),
]


@pytest.fixture(scope="module")
def stories() -> Iterator[Site]:
    with (
        Engine.from_articles([FERRY, COPY, *FARES], Settings(confidence_threshold=0)) as engine,
        serving(engine) as site,
    ):
        yield site


def test_the_copies_of_a_story_lie_folded_under_its_one_card_with_headline_link_and_date(
    open_page: Open, stories: Site
) -> None:
    answer = ask(open_page(stories), FERRY_QUESTION)
    (card,) = [card for card in answer.locator(".qa-card").all() if FERRY_QUOTE in card.inner_text()]
    folded = card.locator(".qa-copies")
    assert folded.locator("summary").inner_text() == wording("zh-Hant")["copies"].format(count=1)
    assert not folded.locator("li").is_visible()
    folded.locator("summary").click()
    assert folded.locator("a").inner_text() == COPY.title
    assert folded.locator("a").get_attribute("href") == COPY.url
    assert folded.locator(".qa-meta").inner_text().split("\n") == ["晨鐘報", "林海", "2026年3月4日"]


def test_articles_that_disagree_are_shown_by_date(open_page: Open, stories: Site) -> None:
    answer = ask(open_page(stories), "山頂電車的單程車費是多少？")
    said = answer.locator(".qa-answer").inner_text()
    assert said.index("2026-01-06：") < said.index(wording("zh-Hant")["differing"]) < said.index("2024-01-05：")
    assert answer.locator(".qa-card .qa-title").all_inner_texts() == ["電車再加價", "電車加價"]


def test_the_widget_shows_them_too_and_the_paragraph_around_a_quote(open_page: Open, stories: Site) -> None:
    answer = ask(open_page(stories, query="widget"), FERRY_QUESTION)
    (card,) = [card for card in answer.locator(".qa-card").all() if FERRY_QUOTE in card.inner_text()]
    folded = card.locator(".qa-copies")
    assert folded.locator("summary").inner_text() == wording("zh-Hant")["copies"].format(count=1)
    folded.locator("summary").click()
    assert folded.locator("a").get_attribute("href") == COPY.url
    card.locator(".qa-context summary").click()
    assert "周末另外加開四班" in card.locator(".qa-context p").inner_text()
