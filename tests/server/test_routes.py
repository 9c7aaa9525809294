"""The articles to browse and readers' thumbs, over HTTP."""

from __future__ import annotations

import httpx
import pytest

from qa.feedback import Feedback

from .conftest import FERRY, FERRY_QUESTION, LIBRARY, Site
from .test_http import ask_as_the_page_does


def rated(site: Site, **opinion: object) -> httpx.Response:
    return httpx.post(f"{site.url}/api/feedback", json=opinion, timeout=30)


def trace_of(site: Site, question: str) -> str:
    view = ask_as_the_page_does(site, question, [])
    assert isinstance(view["trace_id"], str)
    return view["trace_id"]


def report(site: Site) -> dict[str, tuple[int, int]]:
    """Counts dislikes and refusals by question; other tests leave some too."""
    kept = Feedback(site.engine.settings.feedback_file).report()
    return {row.question: (row.disliked, row.declined) for row in kept}


def test_the_newest_articles_come_first(site: Site) -> None:
    listed = httpx.get(f"{site.url}/api/articles", timeout=30).json()
    assert [article["id"] for article in listed["articles"]][:2] == [FERRY.id, LIBRARY.id]
    assert listed["articles"][0] == {
        "id": "ferry", "title": FERRY.title, "source": "海港日報", "author": "林海", "published": "2026-03-05",
    }  # fmt: skip
    rest = httpx.get(f"{site.url}/api/articles", params={"offset": 1}, timeout=30).json()
    assert (rest["total"], rest["articles"][0]["id"]) == (listed["total"], LIBRARY.id)


@pytest.mark.parametrize("search", ["渡轮", "青洲 渡輪", "周末另外加開四班"])
def test_a_search_finds_headlines_in_either_script_and_texts(site: Site, search: str) -> None:
    found = httpx.get(f"{site.url}/api/articles", params={"search": search}, timeout=30).json()
    assert found["articles"][0]["id"] == FERRY.id


@pytest.mark.parametrize("query", [{"offset": -1}, {"offset": "x"}, {"search": "長" * 201}])
def test_a_list_that_cannot_be_given_is_refused(site: Site, query: dict[str, str]) -> None:
    assert httpx.get(f"{site.url}/api/articles", params=query, timeout=30).status_code == 422


def test_an_article_opens_by_its_id(site: Site) -> None:
    article = httpx.get(f"{site.url}/api/articles/{FERRY.id}", timeout=30).json()
    assert (article["title"], article["link"], article["is_excerpt"]) == (FERRY.title, FERRY.url, False)
    assert article["paragraphs"][0] == {"text": "島上的居民等了兩年。", "is_heading": False}


@pytest.mark.parametrize("article_id", ["gone", "../config", "%00", "\ud83d"])
def test_an_article_that_is_not_there_is_not_found(site: Site, article_id: str) -> None:
    path = article_id.encode("utf-8", "surrogatepass").decode("latin-1")
    assert httpx.get(f"{site.url}/api/articles/{path}", timeout=30).status_code == 404


def test_a_thumb_is_kept_with_the_question_it_is_about(site: Site) -> None:
    before, _ = report(site).get(FERRY_QUESTION, (0, 0))
    trace_id = trace_of(site, FERRY_QUESTION)
    assert rated(site, trace_id=trace_id, rating="down", reason="少了周末").status_code == 200
    assert report(site)[FERRY_QUESTION][0] == before + 1
    assert rated(site, trace_id=trace_id, rating=None).status_code == 200
    assert report(site).get(FERRY_QUESTION, (0, 0))[0] == before


def test_a_declined_question_is_kept_and_an_answered_one_is_not(site: Site, declining_site: Site) -> None:
    question = "火星上有幾間戲院？"
    before = report(declining_site).get(question, (0, 0))
    trace_of(declining_site, question)
    assert report(declining_site)[question] == (before[0], before[1] + 1)
    trace_of(site, "市立圖書館開放到幾點？")
    assert "市立圖書館開放到幾點？" not in report(site)


def test_a_thumb_for_an_answer_that_was_never_given_is_not_found(site: Site) -> None:
    assert rated(site, trace_id="made-up", rating="up").status_code == 404


@pytest.mark.parametrize(
    "opinion",
    [
        {},
        {"trace_id": "x"},
        {"trace_id": "x", "rating": "sideways"},
        {"trace_id": 5, "rating": "up"},
        {"trace_id": "x" * 65, "rating": "up"},
        {"trace_id": "x", "rating": "up", "reason": "長" * 1001},
    ],
)
def test_an_opinion_that_is_none_is_refused(site: Site, opinion: dict[str, object]) -> None:
    assert rated(site, **opinion).status_code == 422


def test_a_form_of_another_site_cannot_send_an_opinion(site: Site) -> None:
    before = report(site)
    trace_id = trace_of(site, FERRY_QUESTION)
    body = f'{{"trace_id": "{trace_id}", "rating": "down"}}'
    reply = httpx.post(f"{site.url}/api/feedback", content=body, headers={"Content-Type": "text/plain"}, timeout=30)
    assert reply.status_code == 422
    assert report(site) == before


def test_a_feedback_file_that_cannot_be_written_is_said_and_answers_go_on(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.errors import FeedbackError

    def full(*_: object, **__: object) -> None:
        raise FeedbackError("The feedback file cannot be used: disk full.")

    monkeypatch.setattr(Feedback, "rate", full)
    monkeypatch.setattr(Feedback, "decline", full)
    reply = rated(site, trace_id=trace_of(site, FERRY_QUESTION), rating="up")
    assert (reply.status_code, "disk full" in reply.text) == (503, True)
