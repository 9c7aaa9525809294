"""`/api/ask` and `/api/search` for other programs and other sites."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from qa.interchange import to_json

from .conftest import FERRY, FERRY_QUESTION, FERRY_QUOTE, Site, serving, with_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

NEWS = "https://news.example"
EVIL = "https://evil.example"


@pytest.fixture(scope="module")
def open_site(site: Site) -> Iterator[Site]:
    """A server that another site may ask."""
    with serving(with_settings(site.engine, allowed_origins=(NEWS,))) as opened:
        yield opened


def asked(site: Site, body: object = None, **headers: str) -> httpx.Response:
    return httpx.post(f"{site.url}/api/ask", json=body or {"question": FERRY_QUESTION}, headers=headers, timeout=60)


def streamed(site: Site, body: object) -> list[tuple[str, Any]]:
    headers = {"Accept": "text/event-stream"}
    with httpx.stream("POST", f"{site.url}/api/ask", json=body, headers=headers, timeout=60) as reply:
        assert reply.headers["content-type"].startswith("text/event-stream")
        blocks = reply.read().decode().strip().split("\n\n")
    pairs = [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]
    return [(pair["event"], json.loads(pair["data"])) for pair in pairs]


def without_trace(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "trace_id"}


def test_an_answer_is_the_engines_own(site: Site) -> None:
    reply = asked(site)
    answer = reply.json()
    assert (reply.status_code, answer["status"], answer["abstained"]) == (200, "answered", False)
    citation = answer["citations"][0]
    assert citation["quote"] == FERRY.text[citation["start"] : citation["end"]] == FERRY_QUOTE
    assert citation["published"] == "2026-03-05"
    assert without_trace(answer) == without_trace(to_json(site.engine.ask(FERRY_QUESTION)))


def test_a_stream_brings_evidence_then_sentences_then_the_same_answer(site: Site) -> None:
    events = streamed(site, {"question": FERRY_QUESTION})
    assert [name for name, _ in events] == ["evidence", *["sentence"] * (len(events) - 2), "done"]
    answer = events[-1][1]["answer"]
    assert without_trace(answer) == without_trace(asked(site).json())
    assert events[0][1]["citations"] == answer["citations"]
    assert [data for name, data in events if name == "sentence"] == answer["sentences"]


def test_history_article_and_language_are_heeded(site: Site) -> None:
    follow_up = {
        "question": "那周末呢？",
        "history": [{"question": FERRY_QUESTION, "answer": FERRY_QUOTE}],
        "article_id": "library",
        "language": "en",
    }
    answer = asked(site, follow_up).json()
    assert answer["standalone_question"] != answer["question"]
    assert {citation["article_id"] for citation in answer["citations"]} <= {"library"}


@pytest.mark.parametrize(
    "body",
    [
        {"question": ""},
        {"question": " \u200b\n"},
        {"question": "長" * 2001},
        {"question": None},
        {"question": 5},
        {"question": ["x"]},
        {},
        [],
        "x",
        {"question": "x", "history": "x"},
        {"question": "x", "history": [{"answer": "x"}]},
        {"question": "x", "article_id": "gone"},
        {"question": "x", "article_id": 5},
        {"question": "x", "language": "fr"},
        {"question": "x", "language": "\ud800"},
    ],
)
def test_a_question_that_cannot_be_asked_gets_one_sentence(site: Site, body: object) -> None:
    content = json.dumps(body).encode()
    for accept in ("application/json", "text/event-stream"):
        headers = {"Content-Type": "application/json", "Accept": accept}
        reply = httpx.post(f"{site.url}/api/ask", content=content, headers=headers, timeout=60)
        assert reply.status_code == 422
        assert isinstance(reply.json()["detail"], str)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"NaN", b'{"question": 1e999}', b"[" * 100_000])
def test_a_body_that_is_no_json_is_refused(site: Site, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    reply = httpx.post(f"{site.url}/api/ask", content=content, headers=headers, timeout=60)
    assert (reply.status_code in (400, 422), isinstance(reply.json()["detail"], str)) == (True, True)


def test_half_a_character_in_a_question_breaks_nothing(site: Site) -> None:
    content = b'{"question": "\\ud83d ' + FERRY_QUESTION.encode() + b'"}'
    reply = httpx.post(f"{site.url}/api/ask", content=content, headers={"Content-Type": "application/json"}, timeout=60)
    assert reply.json()["status"] == "answered"


def test_a_thumb_is_taken_for_an_answer_of_the_api(site: Site) -> None:
    for trace_id in (
        asked(site).json()["trace_id"],
        streamed(site, {"question": FERRY_QUESTION})[-1][1]["answer"]["trace_id"],
    ):
        opinion = {"trace_id": trace_id, "rating": "up"}
        assert httpx.post(f"{site.url}/api/feedback", json=opinion, timeout=30).status_code == 200


def test_a_search_finds_the_same_by_get_and_by_post(site: Site) -> None:
    query: dict[str, Any] = {"question": "渡輪", "top_k": 3}
    found = httpx.get(f"{site.url}/api/search", params=query, timeout=60).json()
    assert found == httpx.post(f"{site.url}/api/search", json=query, timeout=60).json()
    assert [hit["article_id"] for hit in found["hits"]] == [hit.article_id for hit in site.engine.search("渡輪", 3)]
    assert all(set(hit["legs"]) >= {"dense", "keyword"} for hit in found["hits"])


@pytest.mark.parametrize("query", [{}, {"question": ""}, {"question": "x", "top_k": 0}, {"question": "x", "top_k": 51}])
def test_a_search_that_cannot_be_made_is_refused(site: Site, query: dict[str, Any]) -> None:
    assert httpx.get(f"{site.url}/api/search", params=query, timeout=60).status_code == 422
    assert httpx.post(f"{site.url}/api/search", json=query, timeout=60).status_code == 422


@pytest.mark.parametrize("top_k", [True, "3", 2.5])
def test_a_search_takes_no_true_nor_text_for_a_number(site: Site, top_k: object) -> None:
    reply = httpx.post(f"{site.url}/api/search", json={"question": "渡輪", "top_k": top_k}, timeout=60)
    assert (reply.status_code, "top_k" in reply.json()["detail"]) == (422, True)


def test_a_site_that_is_allowed_reads_and_posts(open_site: Site) -> None:
    reply = asked(open_site, Origin=NEWS)
    assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (200, NEWS)
    assert "access-control-allow-credentials" not in reply.headers
    opinion = {"trace_id": reply.json()["trace_id"], "rating": "up"}
    rated = httpx.post(f"{open_site.url}/api/feedback", json=opinion, headers={"Origin": NEWS}, timeout=30)
    assert rated.status_code == 200
    refused = asked(open_site, {"question": ""}, Origin=NEWS)  # it may read why
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (422, NEWS)


def test_a_site_that_is_allowed_may_ask_first_whether_it_may(open_site: Site) -> None:
    headers = {
        "Origin": NEWS,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    reply = httpx.options(f"{open_site.url}/api/ask", headers=headers, timeout=30)
    assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (200, NEWS)


@pytest.mark.parametrize(
    "origin",
    [
        EVIL,
        "null",
        "http://news.example",
        "https://news.example:8443",
        "https://news.example.evil.example",
        "file://",
        "x",
    ],
)
@pytest.mark.parametrize("path", ["/api/ask", "/api/feedback", "/api/search", "/gradio_api/queue/join"])
def test_a_site_that_is_not_allowed_can_neither_post_nor_read(open_site: Site, origin: str, path: str) -> None:
    reply = httpx.post(open_site.url + path, json={"question": "x"}, headers={"Origin": origin}, timeout=30)
    assert reply.status_code == 403
    assert "access-control-allow-origin" not in reply.headers
    assert httpx.get(f"{open_site.url}/api/articles", headers={"Origin": origin}, timeout=30).status_code == 403


def test_the_servers_own_page_may_ask(open_site: Site) -> None:
    assert asked(open_site, Origin=open_site.url).status_code == 200
    behind_tls = {"Origin": "https://ask.example", "Host": "ask.example"}  # the proxy in front speaks https
    assert asked(open_site, **behind_tls).status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/articles"])
def test_only_allowed_sites_may_frame_a_page(site: Site, open_site: Site, path: str) -> None:
    alone = httpx.get(site.url + path, timeout=30).headers["content-security-policy"]
    assert alone.endswith("; frame-ancestors 'self'")
    opened = httpx.get(open_site.url + path, timeout=30).headers["content-security-policy"]
    assert opened.endswith(f"; frame-ancestors 'self' {NEWS}")
