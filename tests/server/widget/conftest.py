"""Publishers' pages on another origin than the server's, and a reader who opens the widget on them."""

from __future__ import annotations

import http.server
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from qa.wording import wording

from ..conftest import BROWSER_MS, DESKTOP, FERRY_QUESTION, Site, free_port, serving, with_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..conftest import Opened

WORDS = wording("zh-Hant")
Visit = Any  # opens a publisher's page: (html="", path="/", headers={}, on=None, **context options) -> Opened


@dataclass
class HostSite:
    """A publisher's pages by path, each with its headers; what is not there is a plain page with the snippet."""

    port: int
    server: str
    pages: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def snippet(self, attributes: str = "") -> str:
        link = f'<a data-qa href="{self.server}/">問文章</a>'
        return f'{link}<script async src="{self.server}/widget.js" {attributes}></script>'

    def page(self, attributes: str = "", head: str = "", body: str = "", lang: str = "zh-Hant") -> str:
        """Writes a page of an article with the snippet at its end."""
        return (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>海港日報</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>'
            f'<body><main><h1>海港日報</h1><p>島上的居民等了兩年。</p><input aria-label="搜尋">'
            f"{body}{self.snippet(attributes)}</main></body></html>"
        )


def _hosting(host: HostSite) -> http.server.ThreadingHTTPServer:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            html, headers = host.pages.get(self.path.split("?")[0], (host.page(), {}))
            self.send_response(200)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            """Says nothing of each request."""

    return http.server.ThreadingHTTPServer(("127.0.0.1", host.port), Handler)


@pytest.fixture(scope="session")
def ports() -> tuple[int, int]:
    """Ports of a publisher's site that may embed the widget, and of one that may not."""
    return free_port(), free_port()


@pytest.fixture(scope="session")
def asking(site: Site, ports: tuple[int, int]) -> Iterator[Site]:
    """A server that answers whatever it is asked, to one other site."""
    with serving(with_settings(site.engine, allowed_origins=(f"http://localhost:{ports[0]}",))) as opened:
        yield opened


@pytest.fixture(scope="session")
def sites(asking: Site, ports: tuple[int, int]) -> Iterator[tuple[HostSite, HostSite]]:
    hosts = (HostSite(ports[0], asking.url), HostSite(ports[1], asking.url))
    servers = [_hosting(host) for host in hosts]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    yield hosts
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def host(sites: tuple[HostSite, HostSite]) -> HostSite:
    """The publisher whose site may embed the widget."""
    sites[0].pages.clear()
    return sites[0]


@pytest.fixture
def stranger(sites: tuple[HostSite, HostSite]) -> HostSite:
    """A site that may not."""
    sites[1].pages.clear()
    return sites[1]


@pytest.fixture
def visit(browser: Any, host: HostSite) -> Iterator[Callable[..., Opened]]:
    """Visits pages of publishers, noting down requests, dialogs, errors, and what the console says."""
    contexts = []

    def visit(html: str = "", path: str = "/", headers: dict[str, str] | None = None, **options: Any) -> Opened:
        on = options.pop("on", host)
        init = options.pop("init", "")
        context = browser.new_context(**{"viewport": DESKTOP, "locale": "zh-HK", **options})
        contexts.append(context)
        context.set_default_timeout(BROWSER_MS)
        context.route("https://news.example/**", lambda route: route.fulfill(body="原文"))
        if init:
            context.add_init_script(init)
        page = context.new_page()
        page.requested, page.ran, page.said = [], [], []
        context.on("request", lambda request: page.requested.append(request.url))
        page.on("dialog", lambda dialog: (page.ran.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: page.ran.append(str(error)))
        page.on("console", lambda message: page.said.append(message.text))
        if html:
            on.pages[path] = (html, headers or {})
        page.goto(on.url + path)
        return page

    yield visit
    for context in contexts:
        context.close()


def launcher(page: Opened) -> Any:
    """Returns the floating button."""
    return page.locator("div[role=region] > button")


def panel(page: Opened) -> Any:
    """Returns what is in the panel's frame."""
    return page.frame_locator("div[role=region] iframe")


def panel_frame(page: Opened) -> Any:
    """Returns the panel's frame, to run scripts in."""
    return next(frame for frame in page.frames if "/widget?" in frame.url)


def open_panel(page: Opened) -> Any:
    """Clicks the button, and returns the panel once it can be asked."""
    launcher(page).click()
    panel(page).locator("textarea").wait_for()
    page.locator("div[role=region] iframe:not(.waiting)").wait_for()
    return panel(page)


def ask_panel(page: Opened, question: str = FERRY_QUESTION, answers: int = 1) -> Any:
    """Asks in the open panel, and returns the newest of `answers` finished answers."""
    panel(page).locator("textarea").fill(question)
    panel(page).locator(".submit-button").click()
    return newest_in_panel(page, answers)


def newest_in_panel(page: Opened, answers: int = 1) -> Any:
    """Waits for as many finished answers, and returns the last."""
    panel(page).locator(f".qa-exchange[aria-busy=false]:nth-of-type({answers})").wait_for()
    return panel(page).locator(".qa-exchange").last


def heard(page: Opened, name: str) -> Any:
    """Returns what the page has heard of an event, of those that `HEARING` listens to."""
    return page.evaluate("name => (window.heard ?? []).filter(one => one[0] === name).map(one => one[1])", name)


EVENTS = ("ready", "open", "question", "answer", "source-click", "error")
HEARING = f"""
window.heard = [];
for (const name of {list(EVENTS)})
  window.addEventListener(`qa:${{name}}`, (event) => window.heard.push([name, event.detail]));
"""
