"""A language model behind the chat page: its checked words, its notices, and readers who leave."""

from __future__ import annotations

import json
import secrets
import time
from typing import TYPE_CHECKING, Any

import httpx
import openai
import pytest
from scripted_model import Reply, ScriptedModel, running, saying

from qa.engine import Engine
from qa.index import build_in_memory
from qa.settings import Settings
from qa.wording import wording

from .conftest import FERRY, FERRY_QUESTION, LIBRARY, Site, ask, newest_answer, serving
from .test_http import ask_as_the_page_does

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.embedding import Embedder

    from .conftest import Open

WORDS = wording("zh-Hant")
STOPPED_WITHIN = 1.0  # seconds, of which each tick is a part
TICK, WORK = 0.01, 0.001  # seconds; of each tick, what the process has to work: on a busy machine both last longer
SAID = "青洲渡輪每天開十二班。"
RIGHT = f"{SAID}[1]頭班船早上六時半開出。[1]"
WRONG = "青洲渡輪每天開二十班。[1]"


@pytest.fixture(scope="module")
def scripted() -> Iterator[ScriptedModel]:
    with running() as model:
        yield model


@pytest.fixture(scope="module")
def site(embedder: Embedder, scripted: ScriptedModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    settings = Settings(
        confidence_threshold=0.0, feedback_file=tmp_path_factory.mktemp("site") / "feedback.sqlite",
        llm_base_url=scripted.url, llm_model="scripted", answer_cache=0, questions_per_minute=0,
    )  # fmt: skip
    generation = build_in_memory([FERRY, LIBRARY], settings, embedder)
    with Engine(settings, generation, embedder, in_memory=True) as engine, serving(engine) as site:
        yield site


@pytest.fixture(autouse=True)
def _forgiven(site: Site) -> None:
    assert site.engine.model is not None
    site.engine.model.breaker.succeeded()


def slow_words(reply: Reply) -> None:
    reply.say(f"{RIGHT}\n")
    reply.say("慢" * 10_000, 0.2)


def nothing(reply: Reply) -> None:
    reply.delta({"role": "assistant", "content": ""})
    reply.wait(60)


def begun(site: Site) -> tuple[str, str]:
    """Asks as the page does, and returns the session and the event."""
    session = secrets.token_hex(8)
    sent = {"data": [FERRY_QUESTION, [], None], "fn_index": 0, "session_hash": session, "trigger_id": None}
    joined = httpx.post(f"{site.url}/gradio_api/queue/join", json=sent, timeout=60)
    return session, joined.json()["event_id"]


def until_asked(scripted: ScriptedModel) -> None:
    deadline = time.monotonic() + 60
    while not scripted.replies and time.monotonic() < deadline:
        time.sleep(0.02)
    assert scripted.replies


def is_stopped_in_time(scripted: ScriptedModel) -> bool:
    """Tells whether the model's connection is closed within a second, a busy machine's own delays left out."""
    for _ in range(round(STOPPED_WITHIN / TICK)):
        began = time.thread_time()
        while time.thread_time() - began < WORK:
            pass
        if scripted.left.wait(TICK - WORK):
            return True
    return False


def test_the_page_is_sent_the_models_checked_words(site: Site, scripted: ScriptedModel) -> None:
    scripted.does(saying(RIGHT))
    view = ask_as_the_page_does(site, FERRY_QUESTION, [])
    assert view["lines"] == [{"pieces": [SAID, 1, "頭班船早上六時半開出。", 1], "short": False}]
    assert (view["notice"], [card["n"] for card in view["cards"]]) == (None, [1])


@pytest.mark.parametrize(
    ("script", "notice"),
    [(saying(WRONG), "model_unsupported"), (lambda reply: reply.fail(500), "model_away"), (saying(""), "model_astray")],
)
def test_the_page_is_sent_quotes_and_a_notice_where_the_model_fails(
    site: Site, scripted: ScriptedModel, script: Any, notice: str
) -> None:
    scripted.does(script)
    view = ask_as_the_page_does(site, FERRY_QUESTION, [])
    assert view["notice"] == WORDS[notice]
    assert "二十班" not in json.dumps(view, ensure_ascii=False)
    assert "十二班" in json.dumps(view["lines"], ensure_ascii=False)


@pytest.mark.parametrize("streamed", [False, True])
def test_programs_get_the_models_checked_words_and_nothing_that_failed(
    site: Site, scripted: ScriptedModel, streamed: bool
) -> None:
    scripted.does(saying(f"{WRONG}{SAID}[1]"))
    client = openai.OpenAI(base_url=f"{site.url}/v1", api_key="none", timeout=60)
    asked: list[Any] = [{"role": "user", "content": FERRY_QUESTION}]
    if streamed:
        chunks = list(client.chat.completions.create(model="qa", messages=asked, stream=True))
        said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    else:
        said = client.chat.completions.create(model="qa", messages=asked).choices[0].message.content or ""
    assert said == f"{SAID}[1]"


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_the_api_gives_the_models_checked_words_and_says_what_failed(
    site: Site, scripted: ScriptedModel, accept: str
) -> None:
    scripted.does(saying(f"{WRONG}{SAID}[1]"))
    sent = {"question": FERRY_QUESTION}
    reply = httpx.post(f"{site.url}/api/ask", json=sent, headers={"Accept": accept}, timeout=60)
    told = reply.text.split("event: done\ndata: ")[-1].split("\n")[0]
    answer = json.loads(told)
    answer = answer.get("answer", answer)
    assert (answer["text"], answer["mode"]) == (f"{SAID}[1]", "scripted")
    assert answer["notice"] == WORDS["model_dropped"].format(count=1)
    assert [citation["n"] for citation in answer["citations"]] == [1]
    assert "二十班" not in reply.text


@pytest.mark.browser
def test_the_widgets_panel_shows_the_models_checked_words(browser: Any, site: Site, scripted: ScriptedModel) -> None:
    scripted.does(saying(RIGHT))
    page = browser.new_page(locale="zh-HK")
    page.goto(f"{site.url}/widget?lang=zh-Hant")
    page.locator("textarea").fill(FERRY_QUESTION)
    page.keyboard.press("Enter")
    page.locator(".qa-exchange[aria-busy=false]").wait_for()
    assert page.locator(".qa-said p").all_inner_texts() == [f"{SAID}[1]頭班船早上六時半開出。[1]"]
    assert page.locator(".qa-card").count() == 1
    page.close()


def test_a_reader_who_closes_the_page_stops_the_model(site: Site, scripted: ScriptedModel) -> None:
    scripted.does(nothing)
    session, _ = begun(site)
    query = {"session_hash": session}
    with httpx.stream("GET", f"{site.url}/gradio_api/queue/data", params=query, timeout=60) as events:
        next(line for line in events.iter_lines() if "process_generating" in line)
        until_asked(scripted)
    assert is_stopped_in_time(scripted)


@pytest.mark.parametrize(
    ("door", "sent"),
    [
        ("/api/ask", {"question": FERRY_QUESTION}),
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": FERRY_QUESTION}], "stream": True}),
    ],
)
def test_a_program_that_leaves_stops_the_model(
    site: Site, scripted: ScriptedModel, door: str, sent: dict[str, Any]
) -> None:
    scripted.does(slow_words)
    headers = {"Accept": "text/event-stream"}
    with httpx.stream("POST", f"{site.url}{door}", json=sent, headers=headers, timeout=60):
        until_asked(scripted)
    assert is_stopped_in_time(scripted)


@pytest.mark.parametrize("script", [nothing, slow_words])
def test_stopping_stops_the_model(site: Site, scripted: ScriptedModel, script: Any) -> None:
    scripted.does(script)
    session, event = begun(site)
    query = {"session_hash": session}
    with httpx.stream("GET", f"{site.url}/gradio_api/queue/data", params=query, timeout=60):
        until_asked(scripted)
        sent = {"session_hash": session, "fn_index": 0, "event_id": event}
        assert httpx.post(f"{site.url}/gradio_api/cancel", json=sent, timeout=30).status_code == 200
        assert is_stopped_in_time(scripted)


@pytest.mark.browser
def test_a_reader_sees_evidence_then_words_then_a_notice_and_can_stop(
    open_page: Open, site: Site, scripted: ScriptedModel
) -> None:
    page = open_page(site)
    scripted.does(nothing)
    page.locator("#qa-box textarea").fill(FERRY_QUESTION)
    page.keyboard.press("Enter")
    page.locator(".qa-card").first.wait_for()
    assert page.locator(".qa-searching").inner_text().startswith(WORDS["writing"])
    until_asked(scripted)
    page.locator("[data-name=stop]").click()
    assert newest_answer(page).locator(".qa-notice").inner_text() == WORDS["stopped"]
    assert is_stopped_in_time(scripted)
    scripted.does(saying(RIGHT))
    answer = ask(page, FERRY_QUESTION, 2)
    assert answer.locator(".qa-said p").all_inner_texts() == [f"{SAID}[1]頭班船早上六時半開出。[1]"]
    assert answer.locator(".qa-card").count() == 1
    scripted.does(saying(WRONG))
    answer = ask(page, FERRY_QUESTION, 3)
    assert answer.locator(".qa-notice").inner_text() == WORDS["model_unsupported"]
    scripted.does(saying(lambda prompt: "青洲渡輪周末加開幾班？" if "上文" in prompt else "周末另外加開四班。[1]"))
    answer = ask(page, "那周末呢？", 4)
    understood = answer.locator(".qa-understood").inner_text()
    assert understood == WORDS["understood"].format(question="青洲渡輪周末加開幾班？")
    assert page.ran == []
