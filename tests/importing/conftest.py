"""A web site on this machine, and a corpus folder to add its articles to."""

from __future__ import annotations

import http.server
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.articles import read_corpus
from qa.importing import AddReport, add_articles
from qa.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qa.records import Article

PAGES = Path(__file__).parent / "pages"
HTML = "text/html; charset=utf-8"
STORY = "港口去年處理了十萬個貨櫃，這個數字創下新高。"
MORE = "市長說，來年會更好，因為新碼頭將會啟用。"


class Site:
    """A web site: what it answers at each path, and the requests that it got."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, dict[str, str], bytes] | Callable[[Any], None]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.requests.append((self.path, dict(self.headers)))
                answer = site.answers.get(self.path, (404, {}, b""))
                if callable(answer):
                    answer(self)
                    return
                status, headers, body = answer
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.root = f"http://127.0.0.1:{self._server.server_port}"

    def serve(
        self,
        path: str,
        body: str | bytes,
        content_type: str = HTML,
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> str:
        """Answers a path from now on; returns its address."""
        data = body.encode() if isinstance(body, str) else body
        self.answers[path] = (status, {"Content-Type": content_type, **(headers or {})}, data)
        return self.root + path

    def page(self, path: str, name: str) -> str:
        """Answers a path with one of the pages kept beside the tests."""
        return self.serve(path, (PAGES / name).read_bytes())

    def redirect(self, path: str, target: str, status: int = 302) -> str:
        """Answers a path with a redirect."""
        return self.serve(path, "", status=status, headers={"Location": target})

    def asked(self) -> list[str]:
        """Lists the paths asked for, robots.txt aside."""
        return [path for path, _ in self.requests if path != "/robots.txt"]

    def close(self) -> None:
        """Ends the server."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()
    yield served
    served.close()


@pytest.fixture
def corpus_dir(tmp_path: Path) -> Path:
    return tmp_path / "corpus"


@pytest.fixture
def add(corpus_dir: Path) -> Callable[..., AddReport]:
    """Returns `qa add` with this machine allowed and no waiting between requests."""

    def run(*sources: str | Path, options: dict[str, Any] | None = None, **settings: Any) -> AddReport:
        given = {"fetch_private": "on", "fetch_delay": 0, "fetch_timeout": 5, **settings}
        return add_articles(
            [str(source) for source in sources], Settings(corpus_dir=corpus_dir, **given), **options or {}
        )

    return run


def reasons(report: AddReport) -> list[str]:
    """Lists why sources were left out."""
    return [problem.reason for problem in report.problems]


def story(title: str, *paragraphs: str) -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or (STORY, MORE))
    head = f"<head><meta charset=utf-8><title>{title}</title></head>"
    return f"<html>{head}<body><article><h1>{title}</h1>{body}</article></body></html>"


def rss(*items: str, title: str = "海港週刊") -> str:
    root = '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{root}<channel><title>{title}</title>{"".join(items)}</channel></rss>'
    )


def item(url: str, title: str = "題目", extra: str = "") -> str:
    return (
        f"<item><title>{title}</title><link>{url}</link><pubDate>Tue, 29 Jul 2025 23:30:00 GMT</pubDate>{extra}</item>"
    )


def outcomes(report: AddReport) -> list[str]:
    return [article.outcome for article in report.articles]


def only(corpus_dir: Path) -> Article:
    (article,) = read_corpus(corpus_dir).articles
    return article
