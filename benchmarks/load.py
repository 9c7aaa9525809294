"""What a burst of visitors does to the server: many askers, the same with limits on, and posts that nobody reads."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import psutil

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

    from qa import Engine
    from qa.evaluation import GoldQuestion

__all__ = ["Load", "Run", "measure_load", "post_question", "post_to_queue"]

START_SECONDS = 120
PATIENCE_SECONDS = 120.0
USUAL = 15  # questions asked one after another, to know how long one usually takes
ALONE_SHARE = 1 / 3  # of the time, for one asker alone
MEMORY_SHARE = 1 / 6  # the first and the last ten seconds of sixty
MEGABYTE = 1e6
WITHOUT_LIMITS = {"QA_QUESTIONS_PER_MINUTE": "0", "QA_QUESTIONS_PER_DAY": "0", "QA_ANSWER_CACHE": "0"}
WITH_LIMITS = {"QA_ANSWER_CACHE": "0"}


@dataclass(frozen=True, slots=True)
class Load:
    """How much is asked: askers at once, for how many seconds, and how many posts are left unread."""

    askers: int = 50
    seconds: float = 60.0
    posts: int = 1000


@dataclass(slots=True)
class Run:
    """What came of a run: replies by status, seconds of each answer, and the server's memory, in MB, each second."""

    seconds: float
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds


def measure_load(engine: Engine, questions: Sequence[GoldQuestion], load: Load) -> list[list[str]]:
    """Returns rows of a measure and its value; the server is a process of its own, on this machine."""
    texts = itertools.cycle([gold.question for gold in questions])
    with _serving(engine, WITHOUT_LIMITS) as (url, process):
        rows = asyncio.run(_unlimited(url, process, texts, load))
    with _serving(engine, WITH_LIMITS) as (url, process):
        rows += asyncio.run(_limited(url, process, texts, load))
    return rows


async def _unlimited(url: str, process: psutil.Process, texts: Iterator[str], load: Load) -> list[list[str]]:
    async with _client(load) as client:
        await _usual(client, url, texts)  # warms up
        before = await _usual(client, url, texts)
        alone = await _run(client, url, process, texts, Load(1, load.seconds * ALONE_SHARE))
        many = await _run(client, url, process, texts, load)
        after = await _usual(client, url, texts)
        first, last = _ends(many.memory)
        rows = [
            ["one asker alone, answers a second", f"{alone.rate:.2f}"],
            [f"{load.askers} askers for {load.seconds:.0f} s, answers a second", f"{many.rate:.2f}"],
            ["replies by status", _counted(many.statuses)],
            ["seconds an answer, p50 / p95", f"{statistics.median(many.times):.1f} / {_p95(many.times):.1f}"],
            ["memory at the beginning / end, MB", f"{first:.0f} / {last:.0f} ({100 * (last / first - 1):+.1f} %)"],
            ["one question before / after, ms", f"{1000 * before:.0f} / {1000 * after:.0f}"],
        ]
        for name, post in (("/api/ask", post_question), ("the chat page's queue", post_to_queue)):
            usual = await _usual(client, url, texts)
            rows.append(await _beside_unread(client, url, texts, load, usual, (name, post)))
            await asyncio.sleep(PATIENCE_SECONDS / 4)  # what nobody reads is given up
    return rows


async def _limited(url: str, process: psutil.Process, texts: Iterator[str], load: Load) -> list[list[str]]:
    async with _client(load) as client:
        run = await _run(client, url, process, texts, load)
    return [["the same with limits on, replies by status", _counted(run.statuses)]]


async def _run(client: httpx.AsyncClient, url: str, process: psutil.Process, texts: Iterator[str], load: Load) -> Run:
    """Lets askers ask one question after another; what is under way in the end is waited for, and not counted."""
    run = Run(load.seconds)
    end = time.perf_counter() + load.seconds

    async def ask() -> None:
        while time.perf_counter() < end:
            began = time.perf_counter()
            status = await _ask(client, url, next(texts))
            run.statuses[status] += 1
            if status == httpx.codes.OK and time.perf_counter() < end:
                run.times.append(time.perf_counter() - began)
            elif status != httpx.codes.OK:
                await asyncio.sleep(1)  # as the reply says

    async def watch() -> None:
        while time.perf_counter() < end:
            run.memory.append(process.memory_info().rss / MEGABYTE)
            await asyncio.sleep(1)

    await asyncio.gather(watch(), *(ask() for _ in range(load.askers)))
    return run


async def _usual(client: httpx.AsyncClient, url: str, texts: Iterator[str]) -> float:
    """Returns the median seconds of questions asked one after another."""
    return statistics.median([await _timed(client, url, next(texts)) for _ in range(USUAL)])


async def _timed(client: httpx.AsyncClient, url: str, text: str) -> float:
    began = time.perf_counter()
    status = await _ask(client, url, text)
    assert status == httpx.codes.OK, status
    return time.perf_counter() - began


async def _ask(client: httpx.AsyncClient, url: str, text: str) -> int:
    reply = await client.post(f"{url}/api/ask", json={"question": text})
    return reply.status_code


async def _beside_unread(
    client: httpx.AsyncClient, url: str, texts: Iterator[str], load: Load, usual: float, kind: tuple[str, Any]
) -> list[str]:
    """Sends posts whose answers nobody reads, and asks one question beside them."""
    name, post = kind
    unread = [await post(url, next(texts)) for _ in range(load.posts)]
    took = await _timed(client, url, next(texts))
    for writer in unread:
        writer.transport.abort()
    measure = f"a question beside {load.posts} unread posts to {name}, ms (usually)"
    return [measure, f"{1000 * took:.0f} ({1000 * usual:.0f}; {took / usual:.1f} times)"]


async def post_question(url: str, text: str) -> asyncio.StreamWriter:
    """Asks over the API, and leaves the answer unread."""
    return await _post(url, "/api/ask", {"question": text})


async def post_to_queue(url: str, text: str) -> asyncio.StreamWriter:
    """Asks as the chat page does, and opens no stream to read the answer from."""
    sent = {"data": [text, [], None], "fn_index": 0, "session_hash": secrets.token_hex(8), "trigger_id": None}
    return await _post(url, "/gradio_api/queue/join", sent)


async def _post(url: str, path: str, sent: object) -> asyncio.StreamWriter:
    """Posts JSON over a connection of its own, and leaves the answer unread."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    _, writer = await asyncio.open_connection(host, port)
    body = json.dumps(sent).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    await writer.drain()
    return writer


@contextlib.asynccontextmanager
async def _client(load: Load) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=load.askers + 1)
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS, limits=limits) as client:
        yield client


@contextlib.contextmanager
def _serving(engine: Engine, environment: dict[str, str]) -> Iterator[tuple[str, psutil.Process]]:
    """Runs `qa serve` over the engine's index until the block is left."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = engine.settings
    named = {"QA_CORPUS_DIR": str(settings.corpus_dir), "QA_INDEX_DIR": str(settings.index_dir), "QA_PORT": str(port)}
    command = [sys.executable, "-c", "from qa.cli import main; main()", "serve"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env={**os.environ, **named, **environment}, **quiet) as server:  # type: ignore[call-overload]
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url)
            yield url, psutil.Process(server.pid)
        finally:
            server.terminate()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}/health/ready", timeout=START_SECONDS).status_code == httpx.codes.OK:
                return
        time.sleep(0.5)
    raise TimeoutError(f"No server at {url} after {START_SECONDS} seconds.")


def _ends(memory: Sequence[float]) -> tuple[float, float]:
    count = max(1, round(len(memory) * MEMORY_SHARE))
    return statistics.mean(memory[:count]), statistics.mean(memory[-count:])


def _counted(statuses: Counter[int]) -> str:
    return ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]
