"""What whoever runs the server sees of it: readiness, metrics, the log; and how it stops."""

from __future__ import annotations

import gzip
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from qa.dictionary import Dictionary
from qa.errors import ServerError
from qa.server.questionlog import log_to
from qa.settings import Settings

from .conftest import FERRY_QUESTION, Site, free_port, serving, with_settings
from .test_http import ask_as_the_page_does

if TYPE_CHECKING:
    from pathlib import Path

    from qa.engine import Engine

READER_WORDS = "渡輪 my phone is 5550123"


def asked(site: Site, question: str = FERRY_QUESTION, **headers: str) -> httpx.Response:
    return httpx.post(f"{site.url}/api/ask", json={"question": question}, headers=headers, timeout=60)


def test_readiness_says_which_generation_serves_and_that_each_leg_finds(site: Site) -> None:
    report = httpx.get(f"{site.url}/health/ready", timeout=60).json()
    assert report["legs"] == {"vectors": "ok", "keywords": "ok", "dictionary": "ok"}
    assert (report["status"], report["generation"], report["articles"]) == ("ok", "in memory", 14)


def test_a_server_whose_vectors_find_nothing_is_not_ready(quick_engine: Engine) -> None:
    with serving(quick_engine) as site:
        reply = httpx.get(f"{site.url}/health/ready", timeout=60)
    assert (reply.status_code, reply.json()["legs"]["vectors"]) == (503, "finds nothing")


def test_a_server_whose_dictionary_leads_nowhere_is_not_ready(
    quick_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = quick_engine.generation()
    monkeypatch.setattr(generation, "dictionary", Dictionary({}, {}))
    with serving(quick_engine) as site:
        reply = httpx.get(f"{site.url}/health/ready", timeout=60)
    assert (reply.status_code, reply.json()["legs"]["dictionary"]) == (503, "finds nothing")


def test_metrics_count_questions_by_door_and_time_each_stage(quick_engine: Engine) -> None:
    with serving(with_settings(quick_engine, answer_cache=0)) as site:
        asked(site, "渡輪")
        ask_as_the_page_does(site, "渡輪", [])
        text = httpx.get(f"{site.url}/metrics", timeout=60).text
    assert 'qa_questions_total{door="api",status="answered"} 1.0' in text
    assert 'qa_questions_total{door="chat",status="answered"} 1.0' in text
    assert "qa_waiting 0.0" in text
    for stage in ("waiting", "embedding", "retrieval", "reading", "answering", "first", "total"):
        assert f'qa_seconds_count{{stage="{stage}"}} 2.0' in text


def test_metrics_are_for_this_machine_or_who_has_a_token(quick_engine: Engine) -> None:
    token = "a-token-of-the-publisher"
    settings: dict[str, Any] = {"api_tokens": (token,), "trusted_proxies": ("127.0.0.1",)}
    with serving(with_settings(quick_engine, **settings)) as site:
        outside = {"X-Forwarded-For": "203.0.113.7"}
        assert httpx.get(f"{site.url}/metrics", timeout=60).status_code == 200
        assert httpx.get(f"{site.url}/metrics", headers=outside, timeout=60).status_code == 404
        outside["Authorization"] = f"Bearer {token}"
        assert httpx.get(f"{site.url}/metrics", headers=outside, timeout=60).status_code == 200


@pytest.mark.parametrize("kept", ["figures", "text"])
def test_the_log_has_one_line_a_question_and_words_only_if_asked(
    quick_engine: Engine, caplog: pytest.LogCaptureFixture, kept: str
) -> None:
    caplog.set_level(logging.INFO, logger="qa.questions")
    with serving(with_settings(quick_engine, question_log=kept)) as site:
        answer = asked(site, f"{READER_WORDS}\n\x1b[31m").json()
    lines = [record.getMessage() for record in caplog.records if record.name == "qa.questions"]
    assert len(lines) == 1
    line = json.loads(lines[0])
    assert (line["door"], line["status"], line["trace_id"]) == ("api", "answered", answer["trace_id"])
    assert line["confidence"] == answer["confidence"]
    assert {"waiting", "answering", "total"} <= set(line["ms"])
    assert ("5550123" in lines[0]) is (kept == "text")
    assert "127.0.0.1" not in lines[0]
    assert "\x1b" not in lines[0]


def test_the_log_goes_to_a_file_that_is_changed_every_day(tmp_path: Path) -> None:
    log = logging.getLogger("qa.questions")
    before = (log.handlers, log.propagate, log.level)
    try:
        log_to(Settings(log_file=tmp_path / "logs" / "questions.jsonl", keep_days=7))
        handler: Any = log.handlers[0]
        log.info("{}")
        assert (handler.backupCount, handler.when) == (7, "MIDNIGHT")
        assert (tmp_path / "logs" / "questions.jsonl").read_text() == "{}\n"
        (tmp_path / "file").touch()
        with pytest.raises(ServerError, match="Set log_file to another"):
            log_to(Settings(log_file=tmp_path / "file" / "questions.jsonl"))
    finally:
        log.handlers[0].close()
        log.handlers, log.propagate, log.level = before


def test_an_answer_is_given_again_until_the_articles_change(quick_engine: Engine, make_generation: Any) -> None:
    engine = with_settings(quick_engine)
    with serving(engine) as site:
        first, again = asked(site, "渡輪").json(), asked(site, "渡輪").json()
        assert "qa_cached_total 1.0" in httpx.get(f"{site.url}/metrics", timeout=60).text
        assert first["trace_id"] != again["trace_id"]
        assert {**first, "trace_id": ""} == {**again, "trace_id": ""}
        for trace_id in (first["trace_id"], again["trace_id"]):
            opinion = {"trace_id": trace_id, "rating": "up"}
            assert httpx.post(f"{site.url}/api/feedback", json=opinion, timeout=60).status_code == 200
        engine._generation = make_generation("青洲渡輪每天開十三班。")
        time.sleep(1.1)  # it looks once a second
        assert "十三班" in asked(site, "渡輪").json()["text"]


class Slow:
    """An engine's stream that waits before its last event."""

    def __init__(self, engine: Engine, question: str) -> None:
        self.answer = engine.ask(question)
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.ended = threading.Event()

    async def __call__(self, *_: object, **__: object) -> Any:
        import asyncio

        from qa.records import Done, Evidence

        try:
            yield Evidence(self.answer.citations)
            self.begun.set()
            while not self.go_on.is_set():
                await asyncio.sleep(0.01)
            yield Done(self.answer)
        finally:
            self.ended.set()


def test_a_stream_that_is_left_is_ended(quick_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = with_settings(quick_engine)
    slow = Slow(engine, "渡輪")
    monkeypatch.setattr(engine, "astream", slow)
    headers = {"Accept": "text/event-stream"}
    with serving(engine) as site:
        with httpx.stream(
            "POST", f"{site.url}/api/ask", json={"question": "渡輪"}, headers=headers, timeout=60
        ) as reply:
            assert next(reply.iter_lines()) == "event: evidence"
        assert slow.ended.wait(30)
        slow.go_on.set()
        assert asked(site, "圖書館").status_code == 200  # its place is free


def test_an_answer_that_takes_too_long_is_given_up(quick_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = with_settings(quick_engine, answer_seconds=1)
    monkeypatch.setattr(engine, "astream", Slow(engine, "渡輪"))
    with serving(engine) as site:
        reply = asked(site, "渡輪", **{"Accept-Language": "en"})
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "5")
    assert reply.json()["detail"].startswith("Too many people are asking right now")


def test_a_fault_is_said_politely_and_counted(quick_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    engine = with_settings(quick_engine)
    monkeypatch.setattr(engine, "astream", fault)
    with serving(engine) as site:
        for path, body in (
            ("/api/ask", {"question": "渡輪"}),
            ("/v1/chat/completions", {"model": "qa", "messages": [{"role": "user", "content": "渡輪"}]}),
        ):
            reply = httpx.post(site.url + path, json=body, timeout=60)
            assert (reply.status_code, "secret detail" in reply.text) == (500, False)
        text = httpx.get(f"{site.url}/metrics", timeout=60).text
    assert 'qa_errors_total{door="api"} 1.0' in text
    assert 'qa_errors_total{door="openai"} 1.0' in text


STREAMING = """
import asyncio, sys, types
from qa.records import Answer, Done, Evidence
from qa.server import serve
from qa.settings import Settings

settings = Settings(port=int(sys.argv[1]))
catalogue = types.SimpleNamespace(headlines=lambda limit: [], period=lambda: None)

class Generation(types.SimpleNamespace):
    pass

generation = Generation(catalogue=catalogue, manifest={})

async def astream(question, **_):
    yield Evidence(())
    await asyncio.sleep(2)
    yield Done(Answer(question, question, "done", (), (), "greeting", 0.0))

engine = types.SimpleNamespace(
    settings=settings, generation=lambda: generation, astream=astream, in_memory=True, model=None
)
serve(settings, engine, lambda url: print(url, flush=True))
print("stopped", flush=True)
"""


def test_a_server_that_is_told_to_stop_finishes_its_streams_first() -> None:
    command = [sys.executable, "-c", STREAMING, str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            headers = {"Accept": "text/event-stream"}
            with httpx.stream("POST", f"{url}api/ask", json={"question": "x"}, headers=headers, timeout=60) as reply:
                lines = reply.iter_lines()
                assert next(lines) == "event: evidence"
                process.send_signal(signal.SIGTERM)
                time.sleep(0.5)
                with pytest.raises(httpx.ConnectError):
                    httpx.get(f"{url}health/live", timeout=5)
                assert "event: done" in list(lines)
            rest, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, rest.strip()) == (0, "stopped")


@pytest.mark.parametrize(
    "path", ["/api/ask", "/v1/chat/completions", "/api/feedback", "/mcp", "/gradio_api/queue/join"]
)
def test_a_body_that_would_grow_or_is_too_large_is_refused(site: Site, path: str) -> None:
    bomb = gzip.compress(b'{"question": "' + b"x" * 10_000_000 + b'"}')
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    grown = httpx.post(site.url + path, content=bomb, headers=headers, timeout=60)
    large = httpx.post(site.url + path, json={"question": "x" * 300_000}, timeout=60)
    assert (grown.status_code, large.status_code) == (415, 413)
    said = (
        reply.json()["error"]["message"] if path.startswith("/v1/") else reply.json()["detail"]
        for reply in (grown, large)
    )
    assert all(sentence.endswith(".") for sentence in said)


def test_a_body_that_does_not_arrive_is_given_up(quick_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    from qa.server import guard

    monkeypatch.setattr(guard, "BODY_SECONDS", 0.2)
    with (
        serving(quick_engine) as site,
        socket.create_connection(("127.0.0.1", int(site.url.rpartition(":")[2]))) as line,
    ):
        line.sendall(b"POST /api/ask HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert line.recv(100).startswith(b"HTTP/1.1 408 ")
        line.close()


class TestUnderAPath:
    """The server where readers reach it as https://news.example/ask."""

    @pytest.fixture(scope="class")
    def site(self, quick_engine: Engine) -> Any:
        with serving(with_settings(quick_engine, public_url="https://news.example/ask/")) as site:
            yield site

    @pytest.mark.parametrize("prefix", ["", "/ask"])
    def test_a_proxy_may_leave_the_path_in_or_take_it_out(self, site: Site, prefix: str) -> None:
        for path in ("/", "/config", "/page/page.js", "/docs", "/docs-files/swagger-ui.css", "/health/live"):
            assert httpx.get(site.url + prefix + path, timeout=60).status_code == 200
        reply = httpx.post(f"{site.url}{prefix}/api/ask", json={"question": "渡輪"}, timeout=60)
        assert reply.json()["status"] == "answered"
        assert httpx.get(f"{site.url}{prefix}/gradio_api/info", timeout=60).status_code == 404

    def test_the_path_alone_leads_to_the_page(self, site: Site) -> None:
        reply = httpx.get(f"{site.url}/ask", timeout=60)
        assert (reply.status_code, reply.headers["location"]) == (307, "/ask/")
        assert httpx.get(f"{site.url}/asking", timeout=60).status_code == 404

    def test_the_page_counts_its_addresses_from_there(self, site: Site) -> None:
        forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http", "Host": "evil.example"}
        config = httpx.get(f"{site.url}/ask/config", headers=forged, timeout=60).json()
        assert config["root"] == "https://news.example/ask"
        document = httpx.get(f"{site.url}/ask/openapi.json", headers=forged, timeout=60).json()
        assert document["servers"] == [{"url": "https://news.example/ask"}]

    def test_the_public_site_may_ask(self, site: Site) -> None:
        assert asked(site, "渡輪", Origin="https://news.example", Host="10.0.0.7:7860").status_code == 200
        assert asked(site, "渡輪", Origin="https://evil.example", Host="10.0.0.7:7860").status_code == 403
