"""How long a reader waits for the chat page: its first load, and from the Enter key to the first evidence."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
import uvicorn
from playwright.sync_api import sync_playwright

from benchmarks.chromium import CHROMIUM, FLAGS
from qa.server import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa import Engine
    from qa.evaluation import GoldQuestion

__all__ = ["measure_page", "serving"]

LOADS = 5
ASKED = 40
WARM_UP = 3
SEED = 1
# Counts from the key until the browser has painted the first card of the newest exchange.
WAIT_FOR_EVIDENCE = """
(count) => new Promise((seen) => {
  const started = performance.now();
  const look = () => {
    const newest = document.querySelectorAll(".qa-exchange")[count];
    if (newest?.querySelector(".qa-card, .qa-suggestion")) seen(performance.now() - started);
    else requestAnimationFrame(look);
  };
  window.addEventListener("keydown", () => requestAnimationFrame(look), { once: true, capture: true });
})
"""


def measure_page(engine: Engine, questions: Sequence[GoldQuestion]) -> list[list[str]]:
    """Returns rows of what was measured in headless Chromium, in milliseconds."""
    chosen = [gold.question for gold in random.Random(SEED).sample(list(questions), ASKED + WARM_UP)]
    with serving(engine) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        loads, hosts = zip(*(_load(browser, url) for _ in range(LOADS)), strict=True)
        waits = _ask(browser, url, chosen)[WARM_UP:]
        browser.close()
    p50, p95 = np.percentile(waits, [50, 95])
    return [
        ["first load, nothing cached, p50 / worst", f"{np.median(loads):.0f} / {max(loads):.0f}"],
        ["Enter to first evidence, p50 / p95", f"{p50:.0f} / {p95:.0f}"],
        ["hosts asked", ", ".join(sorted(set().union(*hosts)))],
    ]


@contextlib.contextmanager
def serving(engine: Engine) -> Iterator[str]:
    """Serves an engine from a thread, on a free port of this machine; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(engine), log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()


def _load(browser: Any, url: str) -> tuple[float, set[str]]:
    """Loads the page into a browser that has seen nothing yet, until it can be asked."""
    context = browser.new_context(locale="zh-HK")
    page = context.new_page()
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    started = time.perf_counter()
    page.goto(url)
    page.locator(".qa-welcome .qa-suggestion").first.wait_for()
    took = 1000 * (time.perf_counter() - started)
    context.close()
    return took, {urlsplit(address).hostname or "" for address in requested if not address.startswith("data:")}


def _ask(browser: Any, url: str, questions: Sequence[str]) -> list[float]:
    page = browser.new_context(locale="zh-HK").new_page()
    page.goto(url)
    page.locator(".qa-welcome .qa-suggestion").first.wait_for()
    waits = []
    for at, question in enumerate(questions):
        page.locator("#qa-box textarea").fill(question)
        page.evaluate(f"(count) => {{ window.waited = ({WAIT_FOR_EVIDENCE})(count); }}", at)
        page.keyboard.press("Enter")
        waits.append(float(page.evaluate("() => window.waited")))
        page.locator(".qa-exchange[aria-busy=false]").nth(at).wait_for()
    return waits
