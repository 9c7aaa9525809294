"""One server with a real engine over a few articles, one that always declines, and a real browser."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.chromium import CHROMIUM, FLAGS
from qa.engine import Engine
from qa.records import Article
from qa.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

START_SECONDS = 120
BROWSER_MS = 60_000  # generous: a slow machine is no failure
PHONE = {"width": 375, "height": 740}
DESKTOP = {"width": 1280, "height": 860}

Opened = Any  # playwright's Page
Open = Callable[..., Opened]

FERRY_QUESTION = "青洲渡輪每天開幾班？"
FERRY_QUOTE = "青洲渡輪每天開十二班，頭班船早上六時半開出。"
FERRY = Article(
    id="ferry",
    title="青洲渡輪加開班次",
    text=f"島上的居民等了兩年。\n\n{FERRY_QUOTE}船公司說，周末另外加開四班。",
    url="https://news.example/ferry",
    published=dt.date(2026, 3, 5),
    author="林海",
    source="海港日報",
    questions=(FERRY_QUESTION, "青洲渡輪周末加開幾班？"),
)
LIBRARY = Article(
    id="library",
    title="市立圖書館延長開放時間",
    text="市立圖書館由四月起開放到晚上十時。館長陳一鳴表示，夜間的讀者以學生為主。",
    published=dt.date(2026, 2, 1),
    source="城市周刊",
)

# What must be shown as text and never run, load or link. Each stands in a title, a body, a name and a question.
ATTACKS = (
    "<img src=x onerror=alert(1)>",
    "<script>alert(2)</script>",
    "<svg/onload=alert(3)>",
    '"><iframe srcdoc="<script>alert(4)</script>"></iframe>',
    "![追蹤](https://evil.example/pixel.png)",
    "[按此](javascript:alert(5))",
    "[按此][evil]\n\n[evil]: javascript:alert(6)",
    "<https://evil.example/auto> https://evil.example/bare www.evil.example",
    '```mermaid\ngraph TD; A-->B; click A href "javascript:alert(7)"\n```',
    r"$$\href{javascript:alert(8)}{x}$$ \(\includegraphics{https://evil.example/x.png}\)",
    "<details open ontoggle=alert(9)><style>@import 'https://evil.example/x.css'</style>",
    "&lt;img src=x onerror=alert(10)&gt; ${alert(11)} {{constructor.constructor('alert(12)')()}}",
)
ATTACK_URLS = (
    "javascript:alert(13)",
    "data:text/html,<script>alert(14)</script>",
    'https://evil.example/"onmouseover=alert(15)',
)


def attack_articles() -> list[Article]:
    """Makes one article of each attack, about a machine of its own number."""
    return [
        Article(
            id=f"attack-{number}",
            title=f"第{number}號鑽機報告 {attack}",
            text=f"第{number}號鑽機在北坡鑽到了{number + 300}米深，日誌寫着{attack}。",
            url=ATTACK_URLS[number % len(ATTACK_URLS)],
            author=attack,
            source=attack,
        )
        for number, attack in enumerate(ATTACKS)
    ]


@dataclass(frozen=True)
class Site:
    """A running server."""

    url: str
    engine: Engine


def with_settings(engine: Engine, **changes: Any) -> Engine:
    """Returns another engine over the same index and model, with other settings."""
    changed = Settings(**{**engine.settings.model_dump(), **changes})
    return Engine(changed, engine.generation(), engine.embedder, in_memory=True)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(engine: Engine) -> Iterator[Site]:
    """Serves an engine from a thread, on a free port of this machine."""
    import uvicorn

    from qa.server import create_app

    port = free_port()
    config = uvicorn.Config(
        create_app(engine),
        host="127.0.0.1",
        port=port,
        log_level="warning",
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started and thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.started
    try:
        yield Site(f"http://127.0.0.1:{port}", engine)
    finally:
        server.should_exit = True
        thread.join(timeout=30)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that answers whatever it is asked."""
    articles = [FERRY, LIBRARY, *attack_articles()]
    settings = Settings(
        confidence_threshold=0.0,
        feedback_file=tmp_path_factory.mktemp("site") / "feedback.sqlite",
        questions_per_minute=0,
        answer_cache=0,
    )
    with Engine.from_articles(articles, settings) as engine, serving(engine) as site:
        yield site


@pytest.fixture(scope="session")
def quick_engine(make_generation: Callable[..., Any], embedder_of_hashes: Any, tmp_path_factory: Any) -> Engine:
    """An engine that answers at once, if not well: its vectors mean nothing."""
    settings = Settings(
        reader="off",
        confidence_threshold=0.0,
        questions_per_minute=0,
        questions_per_day=0,
        feedback_file=tmp_path_factory.mktemp("quick") / "feedback.sqlite",
    )
    generation = make_generation("青洲渡輪每天開十二班。", "圖書館開放到晚上十時。")
    return Engine(settings, generation, embedder_of_hashes, in_memory=True)


@pytest.fixture(scope="session")
def declining_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that is never sure enough to answer."""
    settings = Settings(
        confidence_threshold=1.0,
        feedback_file=tmp_path_factory.mktemp("site") / "feedback.sqlite",
        questions_per_minute=0,
        answer_cache=0,
    )
    with Engine.from_articles([FERRY, LIBRARY], settings) as engine, serving(engine) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        reason = f"No Chromium at {CHROMIUM}. Install Debian's package chromium."
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Opened]]:
    """Opens pages that note down every request, dialog and error, and closes them afterwards."""
    contexts = []

    def open_page(site: Site, viewport: dict[str, int] = DESKTOP, query: str = "", **options: Any) -> Opened:
        context = browser.new_context(viewport=viewport, **{"locale": "zh-HK", **options})
        contexts.append(context)
        context.set_default_timeout(BROWSER_MS)
        page = context.new_page()
        page.requested, page.ran = [], []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("dialog", lambda dialog: (page.ran.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: page.ran.append(str(error)))
        page.goto(f"{site.url}/{query}")
        page.locator("#qa-box textarea").wait_for()
        page.locator(":is(.qa-welcome .qa-suggestion, .qa-exchange)").first.wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()


def ask(page: Opened, question: str, answers: int = 1) -> Any:
    """Types a question, sends it, and returns the newest of `answers` answers."""
    page.locator("#qa-box textarea").fill(question)
    page.locator("#qa-box .submit-button").click()
    return newest_answer(page, answers)


def newest_answer(page: Opened, answers: int = 1) -> Any:
    """Waits for as many finished answers, and returns the last."""
    page.wait_for_function(
        "count => document.querySelectorAll('.qa-exchange[aria-busy=false]').length === count", arg=answers
    )
    return page.locator(".qa-exchange").last
