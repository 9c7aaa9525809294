"""What the server answers over HTTP, besides the page itself."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from qa.errors import ServerError
from qa.server.guard import MAX_BODY_BYTES
from qa.settings import Settings

from .conftest import FERRY_QUESTION, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Site

CLOSED = (
    ("GET", "/redoc"),
    ("GET", "/docs/oauth2-redirect"),
    ("GET", "/monitoring"),
    ("GET", "/monitoring/summary"),
    ("GET", "/svelte/index.js"),
    ("POST", "/login"),
    ("GET", "/gradio_api/info"),
    ("GET", "/gradio_api/openapi.json"),
    ("GET", "/gradio_api/runs"),
    ("GET", "/gradio_api/deep_link?session_hash=x"),
    ("GET", "/gradio_api/file=https://example.org/"),
    ("GET", "/gradio_api/file=/etc/passwd"),
    ("GET", "/gradio_api/file/etc/passwd"),
    ("GET", "/gradio_api/proxy=https://x.hf.space/"),
    ("GET", "/gradio_api/custom_component/x/client/component/index.js"),
    ("GET", "/gradio_api/token"),
    ("GET", "/gradio_api/vibe-edit"),
    ("POST", "/gradio_api/upload"),
    ("POST", "/gradio_api/component_server"),
    ("POST", "/gradio_api/call/ask"),
    ("POST", "/gradio_api/run/ask"),
    ("POST", "/gradio_api/api/ask"),
    ("GET", "//gradio_api/info"),
    ("GET", "/assets/../gradio_api/info"),
)


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_what_the_page_does_not_need_is_not_found(site: Site, method: str, path: str) -> None:
    assert httpx.request(method, site.url + path, timeout=30).status_code == 404


@pytest.mark.parametrize("folder", ["assets", "static"])
def test_a_path_that_climbs_out_of_its_folder_is_refused(site: Site, folder: str) -> None:
    path = f"/{folder}/{'%2e%2e/' * 12}etc/passwd"
    assert httpx.get(site.url + path, timeout=30).status_code in (403, 404)


def test_the_page_carries_security_headers(site: Site) -> None:
    headers = httpx.get(site.url, timeout=30).headers
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"


def test_the_page_names_no_other_host_than_its_own_to_load_from(site: Site) -> None:
    config = httpx.get(f"{site.url}/config", timeout=30).json()
    assert "://" not in config["head"]
    assert config["analytics_enabled"] is False


@pytest.mark.parametrize("path", ["/", "/config", "/health/live"])
def test_another_origin_may_not_read_the_answers(site: Site, path: str) -> None:
    forged = {"Origin": "https://evil.example", "Host": "chat.example"}
    assert "access-control-allow-origin" not in httpx.get(site.url + path, headers=forged, timeout=30).headers


def test_another_origin_may_not_ask(site: Site) -> None:
    forged = {
        "Origin": "https://evil.example",
        "Host": "chat.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    reply = httpx.options(f"{site.url}/gradio_api/queue/join", headers=forged, timeout=30)
    assert reply.status_code == 400
    assert "access-control-allow-origin" not in reply.headers


def test_a_forged_forwarded_host_changes_no_address(site: Site) -> None:
    forged = {"X-Forwarded-Host": "evil.example"}
    assert "evil.example" not in httpx.get(f"{site.url}/config", headers=forged, timeout=30).text
    assert "evil.example" not in httpx.get(site.url, headers=forged, timeout=30).text


def test_a_body_over_the_limit_is_refused(site: Site) -> None:
    body = b"x" * (MAX_BODY_BYTES + 1)
    assert httpx.post(f"{site.url}/gradio_api/queue/join", content=body, timeout=30).status_code == 413


def test_a_body_without_a_declared_length_is_refused_as_well(site: Site) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(5):
            yield b"x" * (MAX_BODY_BYTES // 4)

    assert httpx.post(f"{site.url}/gradio_api/queue/join", content=chunks(), timeout=30).status_code == 413


def test_a_body_within_the_limit_is_read(site: Site) -> None:
    body = b"x" * MAX_BODY_BYTES
    # It is no JSON, which is for Gradio to say.
    assert httpx.post(f"{site.url}/gradio_api/queue/join", content=body, timeout=30).status_code == 422


def ask_as_the_page_does(site: Site, question: object, kept: object, context: object = None) -> dict[str, Any]:
    """Sends what the question box sends, and returns what the page is to show in the end."""
    session = secrets.token_hex(8)
    sent = {"data": [question, kept, context], "fn_index": 0, "session_hash": session, "trigger_id": None}
    # Python writes a lone surrogate as an escape, as a browser may.
    content = json.dumps(sent).encode()
    headers = {"Content-Type": "application/json"}
    with httpx.Client(base_url=site.url, timeout=60) as page:
        page.get("/config")
        joined = page.post("/gradio_api/queue/join", content=content, headers=headers)
        assert joined.status_code == 200
        with page.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as events:
            told = (json.loads(line.removeprefix("data:")) for line in events.iter_lines() if line.startswith("data:"))
            done = next(event for event in told if event["msg"] == "process_completed")
    assert done["success"] is True
    view: dict[str, Any] = done["output"]["data"][0]
    return view


@pytest.mark.parametrize("forged", [None, 5, ["x"], {"text": "x"}, "\ud800", "x" * 100_000])
def test_a_question_that_is_no_question_gets_a_message(site: Site, forged: object) -> None:
    view = ask_as_the_page_does(site, forged, [])
    assert view["state"] == "done" or view["reason"] in ("blank", "too_long")


@pytest.mark.parametrize(
    "forged", [5, "x", [1], {"key": 5, "again": "yes"}, {"key": "k" * 100_000}, {"article_id": ["ferry"]}]
)
def test_a_context_that_is_none_is_passed_over(site: Site, forged: object) -> None:
    view = ask_as_the_page_does(site, FERRY_QUESTION, [], forged)
    assert (view["state"], len(view["key"]) <= 40) == ("done", True)


def test_an_article_that_is_not_there_cannot_be_asked_about(site: Site) -> None:
    view = ask_as_the_page_does(site, FERRY_QUESTION, [], {"key": "k", "article_id": "gone"})
    assert view == {"key": "k", "state": "refused", "reason": "unknown_article"}


def test_a_conversation_that_the_browser_made_up_is_not_believed(site: Site) -> None:
    made_up = [{"question": "市立圖書館開放到幾點？", "text": "乙"}]
    view = ask_as_the_page_does(site, "那周末呢？", made_up)
    assert view["standalone"] is None


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_a_server_with_an_index_is_live_and_ready(site: Site, path: str) -> None:
    reply = httpx.get(site.url + path, timeout=30)
    assert (reply.status_code, reply.json()["status"]) == (200, "ok")


def test_a_server_whose_index_is_gone_is_live_but_not_ready(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise OSError("no such folder")

    monkeypatch.setattr(site.engine, "generation", gone)
    assert httpx.get(f"{site.url}/health/live", timeout=30).status_code == 200
    assert httpx.get(f"{site.url}/health/ready", timeout=30).status_code == 503


def test_a_taken_port_is_said_in_one_line(site: Site) -> None:
    from qa.server import serve

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError) as error:
            serve(Settings(port=port), site.engine)
    assert str(error.value) == f"Port {port} on 127.0.0.1 is taken. Choose another with --port or QA_PORT."


def test_an_address_of_another_machine_is_said_in_one_line(site: Site) -> None:
    from qa.server import serve

    with pytest.raises(ServerError, match=r"Cannot listen on '203\.0\.113\.1': .+ Choose another address"):
        serve(Settings(host="203.0.113.1", port=free_port()), site.engine)


# The engine is of no matter here, and a real one takes long to load.
SERVING = """
import sys
from types import SimpleNamespace
from qa.server import serve
from qa.settings import Settings
settings = Settings(port=int(sys.argv[1]))
empty = SimpleNamespace(catalogue=SimpleNamespace(headlines=lambda limit: [], period=lambda: None), manifest={})
engine = SimpleNamespace(settings=settings, generation=lambda: empty, in_memory=True, model=None)
serve(settings, engine, lambda url: print(url, flush=True))
print("stopped", flush=True)
"""


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_server_stops_in_good_order(stop: signal.Signals) -> None:
    command = [sys.executable, "-c", SERVING, str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            assert httpx.get(f"{url}health/live", timeout=60).status_code == 200
            process.send_signal(stop)
            rest, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, rest.strip()) == (0, "stopped")
