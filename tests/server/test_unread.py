"""Questions that nobody waits for."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest  # noqa: TC002 - fixtures are typed by it
from loops import run_apart

from benchmarks.load import post_question, post_to_queue
from qa.server import listening

from .conftest import Site, serving, with_settings
from .test_http import ask_as_the_page_does

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from qa.engine import Engine

POSTS = 200


async def flooded(url: str, post: Callable[[str, str], Awaitable[Any]]) -> list[Any]:
    return [await post(url, f"渡輪 {number}") for number in range(POSTS)]


def metrics(site: Site) -> str:
    return httpx.get(f"{site.url}/metrics", timeout=60).text


def test_a_post_to_the_chat_page_that_nobody_listens_to_is_not_answered_and_the_next_question_is(
    quick_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "PATIENCE_SECONDS", 0.5)
    with serving(with_settings(quick_engine, answer_cache=0)) as site:

        async def story() -> None:
            unread = await flooded(site.url, post_to_queue)
            view = await asyncio.to_thread(ask_as_the_page_does, site, "圖書館", [])
            assert view["status"] == "answered"
            for writer in unread:
                writer.close()

        run_apart(story())
        time.sleep(1)
        assert 'qa_questions_total{door="chat",status="answered"} 1.0' in metrics(site)


def test_beside_posts_to_the_api_that_nobody_reads_the_next_question_is_answered_among_the_first(
    quick_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = with_settings(quick_engine, answer_cache=0, concurrent_questions=1, waiting_questions=50)
    asked: list[str] = []
    all_came, stream = threading.Event(), engine.astream

    async def held(question: str, **options: Any) -> Any:
        asked.append(question)
        while not all_came.is_set():
            await asyncio.sleep(0.01)
        async for event in stream(question, **options):
            yield event

    monkeypatch.setattr(engine, "astream", held)
    with serving(engine) as site:

        async def story() -> None:
            unread = await flooded(site.url, post_question)
            async with httpx.AsyncClient(timeout=60) as client:
                asking = asyncio.create_task(client.post(f"{site.url}/api/ask", json={"question": "圖書館"}))
                while "qa_waiting 50.0" not in await asyncio.to_thread(metrics, site) or len(asked) < 1:
                    await asyncio.sleep(0.05)
                await asyncio.sleep(0.5)
                all_came.set()
                assert (await asking).status_code == 200
            assert asked.index("圖書館") <= 3
            for writer in unread:
                writer.close()

        run_apart(story())
        assert 'qa_turned_away_total{reason="busy"}' in metrics(site)
