"""What the widget weighs, and how long a reader waits from the click on its button to a panel that can be asked."""

from __future__ import annotations

import contextlib
import http.server
import re
import threading
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np
from playwright.sync_api import sync_playwright

from benchmarks.chromium import CHROMIUM, FLAGS
from benchmarks.page import serving
from qa import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["measure_widget"]

VISITS = 15  # each in a browser that has seen nothing yet
# Counts from the click until the frame with the panel, which has told that it is ready, has been painted.
WAIT_FOR_PANEL = """
() => new Promise((seen) => {
  const root = document.querySelector("[role=region]").shadowRoot;
  const look = (started) => {
    if (root.querySelector("iframe:not(.waiting)")) requestAnimationFrame(() => seen(performance.now() - started));
    else requestAnimationFrame(() => look(started));
  };
  root.querySelector("button").addEventListener("click", () => look(performance.now()), { capture: true, once: true });
})
"""


def measure_widget(engine: Engine) -> list[list[str]]:
    """Returns rows of what was measured in headless Chromium: bytes as sent, compressed, and milliseconds."""
    with _host_page() as (origin, host), _allowing(engine, origin) as url, sync_playwright() as playwright:
        host.snippet = f'<script async src="{url}widget.js"></script>'
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        first, again = zip(*(_visit(browser, origin) for _ in range(VISITS)), strict=True)
        browser.close()
        loader, panel = _sent_bytes(url, ["widget.js"]), _sent_bytes(url, ["widget", *_panel_files(url)])
    return [
        ["loader, bytes", f"{loader:,}"],
        ["panel altogether, bytes", f"{panel:,}"],
        ["click to ready panel, nothing cached, p50 / worst, ms", f"{np.median(first):.0f} / {max(first):.0f}"],
        ["the same on the next page of the site, ms", f"{np.median(again):.0f} / {max(again):.0f}"],
    ]


class _Host(http.server.ThreadingHTTPServer):
    """A publisher's page with the snippet."""

    snippet = ""


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        html = f'<!doctype html><html lang="zh-Hant"><body><h1>海港日報</h1>{self.server.snippet}</body></html>'  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(html.encode())

    def log_message(self, *_: object) -> None:
        """Says nothing of each request."""


@contextlib.contextmanager
def _host_page() -> Iterator[tuple[str, _Host]]:
    """Serves the page under another name than the engine's server, so that the frame is one of another site."""
    with _Host(("127.0.0.1", 0), _Page) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        yield f"http://localhost:{host.server_address[1]}", host
        host.shutdown()


def _allowing(engine: Engine, origin: str) -> contextlib.AbstractContextManager[str]:
    settings = engine.settings.model_copy(update={"allowed_origins": (origin,)})
    return serving(Engine(settings, engine.generation(), engine.embedder, in_memory=True))


def _visit(browser: Any, origin: str) -> tuple[float, float]:
    """Opens the panel on one page and then on another of the same site, in one tab."""
    context = browser.new_context(locale="zh-HK")
    page = context.new_page()
    waits = []
    for path in ("/", "/other"):
        page.goto(origin + path)
        button = page.locator("[role=region] > button")
        button.wait_for()
        page.evaluate(f"() => {{ window.waited = ({WAIT_FOR_PANEL})(); }}")
        button.click()
        waits.append(float(page.evaluate("() => window.waited")))
    context.close()
    return waits[0], waits[1]


def _panel_files(url: str) -> list[str]:
    return sorted(set(re.findall(r'(?:href|src)="(widget/[^"]+)"', httpx.get(f"{url}widget").text)))


def _sent_bytes(url: str, paths: list[str]) -> int:
    return sum(int(httpx.get(url + path).headers["content-length"]) for path in paths)
