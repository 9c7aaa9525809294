"""Other programs' own clients against a real server: the same answer through every door."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import openai
import pytest
from loops import run_apart
from mcp.client import Client

from .conftest import FERRY, FERRY_QUESTION, FERRY_QUOTE, LIBRARY, Site, serving, with_settings
from .test_http import ask_as_the_page_does

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "correct-horse-battery"
QUESTIONS = (FERRY_QUESTION, "市立圖書館開放到幾點？", "What time does the library close?", "你好", "青洲渡輪講什麼？")


@pytest.fixture(scope="module")
def closed_site(site: Site) -> Iterator[Site]:
    """A server that demands a token of programs."""
    with serving(with_settings(site.engine, api_tokens=(TOKEN,))) as closed:
        yield closed


def openai_client(site: Site, token: str = "none") -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{site.url}/v1", api_key=token, max_retries=0, timeout=60)


def completed(site: Site, *said: tuple[str, str], **options: Any) -> Any:
    messages: Any = [{"role": role, "content": content} for role, content in said]
    return openai_client(site).chat.completions.create(model="qa", messages=messages, **options)


def call_tool(site: Site, name: str, **arguments: object) -> Any:
    async def call() -> Any:
        async with Client(f"{site.url}/mcp") as client:
            return await client.call_tool(name, dict(arguments))

    return run_apart(call())


def without_trace(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "trace_id"}


def by_api(site: Site, question: str) -> dict[str, Any]:
    answer: dict[str, Any] = httpx.post(f"{site.url}/api/ask", json={"question": question}, timeout=60).json()
    return answer


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_is_the_same_through_every_door(site: Site, question: str) -> None:
    answer = without_trace(by_api(site, question))
    completion = completed(site, ("user", question))
    chunks = list(completed(site, ("user", question), stream=True))
    assert without_trace(completion.answer) == answer
    assert without_trace(chunks[-1].answer) == answer
    assert without_trace(call_tool(site, "ask", question=question).structured_content) == answer
    view = ask_as_the_page_does(site, question, [])
    assert view["status"] == answer["status"]
    quotes = ["".join(card["quote"]) for card in view.get("cards", [])]
    assert quotes == [citation["quote"].replace("\n", " ") for citation in answer["citations"]]


def test_an_openai_client_reads_the_citations_as_annotations(site: Site) -> None:
    message = completed(site, ("system", "Be brief."), ("user", FERRY_QUESTION)).choices[0].message
    assert FERRY_QUOTE in message.content
    first = message.annotations[0].url_citation
    assert (first.title, first.url) == (FERRY.title, FERRY.url)
    assert message.content[first.start_index : first.end_index] == "[1]"


def test_an_openai_client_reads_a_stream_that_adds_up_to_the_answer(site: Site) -> None:
    chunks = list(completed(site, ("user", FERRY_QUESTION), stream=True, stream_options={"include_usage": True}))
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert said == by_api(site, FERRY_QUESTION)["text"]
    last = next(chunk for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason)
    assert (last.choices[0].finish_reason, last.choices[0].delta.annotations[0]["type"]) == ("stop", "url_citation")
    assert chunks[-1].usage.total_tokens == 0


def test_an_article_without_an_address_is_cited_by_ours(site: Site) -> None:
    message = completed(site, ("user", "市立圖書館開放到幾點？")).choices[0].message
    url = message.annotations[0].url_citation.url
    assert url == f"{site.url}/api/articles/{LIBRARY.id}"
    assert httpx.get(url, timeout=30).json()["title"] == LIBRARY.title


def test_the_turns_before_are_history_for_an_openai_client(site: Site) -> None:
    parts: Any = [{"type": "text", "text": "那周末呢？"}]
    said = [("user", FERRY_QUESTION), ("assistant", FERRY_QUOTE), ("user", parts)]
    completion = completed(site, *said, extra_body={"article_id": "ferry"})
    assert completion.answer["standalone_question"] != "那周末呢？"
    assert completion.answer["question"] == "那周末呢？"


def test_an_openai_client_finds_the_model(site: Site) -> None:
    client = openai_client(site)
    assert [model.id for model in client.models.list()] == ["qa"]
    assert client.models.retrieve("qa").id == "qa"
    with pytest.raises(openai.NotFoundError, match="no model 'gpt'"):
        client.models.retrieve("gpt")
    with pytest.raises(openai.NotFoundError, match="no model 'gpt'"):
        client.chat.completions.create(model="gpt", messages=[{"role": "user", "content": "x"}])


@pytest.mark.parametrize("stream", [False, True])
def test_an_openai_client_is_told_what_is_wrong(site: Site, stream: bool) -> None:
    with pytest.raises(openai.UnprocessableEntityError) as error:
        completed(site, ("user", " "), stream=stream)
    body: Any = error.value.body
    assert body["type"] == "invalid_request_error"
    with pytest.raises(openai.UnprocessableEntityError):
        completed(site, ("assistant", "x"), stream=stream)


@pytest.mark.parametrize("wrong", [{"stream": "yes"}, {"stream": 1}, {"stream_options": {"include_usage": "on"}}])
def test_nothing_but_true_and_false_says_whether_to_stream(site: Site, wrong: dict[str, object]) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match=next(iter(wrong))):
        completed(site, ("user", FERRY_QUESTION), extra_body=wrong)


def test_an_mcp_client_finds_and_reads(site: Site) -> None:
    async def tools() -> list[str]:
        async with Client(f"{site.url}/mcp") as client:
            return sorted(tool.name for tool in (await client.list_tools()).tools)

    assert run_apart(tools()) == ["ask", "read_article", "search"]
    found = call_tool(site, "search", question="渡輪", top_k=2).structured_content["hits"]
    assert (
        found == httpx.get(f"{site.url}/api/search", params={"question": "渡輪", "top_k": 2}, timeout=60).json()["hits"]
    )
    article = call_tool(site, "read_article", article_id=FERRY.id).structured_content
    assert article == httpx.get(f"{site.url}/api/articles/{FERRY.id}", timeout=60).json()
    text = call_tool(site, "ask", question=FERRY_QUESTION).content[0].text
    assert f"[1] {FERRY.title}, {FERRY.source}, {FERRY.author}, 2026-03-05, {FERRY.url} (ferry)" in text


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("ask", {"question": ""}),
        ("ask", {"question": 5}),
        ("ask", {}),
        ("search", {"question": " "}),
        ("read_article", {"article_id": "gone"}),
        ("gone", {}),
    ],
)
def test_an_mcp_client_is_told_what_is_wrong(site: Site, tool: str, arguments: dict[str, object]) -> None:
    assert call_tool(site, tool, **arguments).is_error


def test_programs_need_a_token_where_tokens_are_set(closed_site: Site) -> None:
    question = {"question": FERRY_QUESTION}
    assert httpx.post(f"{closed_site.url}/api/ask", json=question, timeout=60).status_code == 401
    assert httpx.post(f"{closed_site.url}/mcp", json={}, timeout=60).status_code == 401
    for wrong in ("none", TOKEN[:-1], f"{TOKEN}x"):
        with pytest.raises(openai.AuthenticationError, match="Authorization: Bearer"):
            openai_client(closed_site, wrong).models.list()
    assert [model.id for model in openai_client(closed_site, TOKEN).models.list()] == ["qa"]
    sent = {"Authorization": f"Bearer {TOKEN}"}
    assert httpx.post(f"{closed_site.url}/api/ask", json=question, headers=sent, timeout=60).status_code == 200


def test_pages_need_no_token(closed_site: Site) -> None:
    question = {"question": FERRY_QUESTION}
    page = {"Origin": closed_site.url}
    assert httpx.post(f"{closed_site.url}/api/ask", json=question, headers=page, timeout=60).status_code == 200
    assert ask_as_the_page_does(closed_site, FERRY_QUESTION, [])["status"] == "answered"


def test_the_docs_load_nothing_from_another_host(site: Site) -> None:
    page = httpx.get(f"{site.url}/docs", timeout=30)
    assert page.status_code == 200
    assert "://" not in page.text.replace("http://www.w3.org", "")
    for path in ("docs-files/swagger-ui-bundle.js", "docs-files/swagger-ui.css"):
        assert path in page.text
        assert httpx.get(f"{site.url}/{path}", timeout=30).status_code == 200


def test_the_document_describes_the_doors(site: Site) -> None:
    document = httpx.get(f"{site.url}/openapi.json", timeout=30).json()
    assert {"/api/ask", "/api/search", "/api/articles/{article_id}", "/v1/chat/completions"} <= set(document["paths"])
    assert "gradio" not in json.dumps(document)
    answer = document["components"]["schemas"]["AnswerReply"]["properties"]
    assert set(answer) == set(by_api(site, FERRY_QUESTION))
