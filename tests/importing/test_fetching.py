"""Fetching: who asks, what is allowed, where it may go, how long and how much."""

from __future__ import annotations

import gzip
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from qa.importing.addresses import is_public
from qa.importing.drafts import UnusableError
from qa.importing.fetching import Fetched, Fetcher
from qa.importing.urls import canonical_url
from qa.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Site


def fetch(url: str, **settings: Any) -> Fetched:
    with Fetcher(Settings(**{"fetch_private": "on", "fetch_delay": 0, "fetch_timeout": 5, **settings})) as fetcher:
        return fetcher.get(url)


def refusal(url: str, **settings: Any) -> str:
    with pytest.raises(UnusableError) as caught:
        fetch(url, **settings)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def trickle(seconds: float, body: bytes) -> Callable[[Any], None]:
    """Answers a byte at a time, each in time for a limit on single reads."""

    def answer(handler: Any) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for byte in body:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(seconds)
        except OSError:
            pass

    return answer


def test_a_page_is_fetched_and_the_site_is_told_who_asks(site: Site) -> None:
    url = site.serve("/a", "<p>好</p>")
    fetched = fetch(url, fetch_user_agent="harbour-bot (+https://harbour.example/bot)")
    assert (fetched.url, fetched.data.decode(), fetched.content_type) == (url, "<p>好</p>", "text/html; charset=utf-8")
    assert {headers["User-Agent"] for _, headers in site.requests} == {"harbour-bot (+https://harbour.example/bot)"}


@pytest.mark.parametrize("agent", ["a\r\nX: y", "", "港"])
def test_a_user_agent_that_is_no_header_is_refused_at_once(agent: str) -> None:
    from qa.errors import SettingsError

    with pytest.raises(SettingsError, match="fetch_user_agent"):
        Settings(fetch_user_agent=agent)


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /private", "/private/a", False),
        ("User-agent: *\nDisallow: /private", "/a", True),
        ("User-agent: *\nDisallow: /*.html$", "/a.html", False),
        ("User-agent: *\nDisallow: /\nAllow: /a", "/a", True),
        ("User-agent: qa-add\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: otherbot\nDisallow: /", "/a", True),
        ("<html>not rules</html>", "/a", True),
        ("", "/a", True),
    ],
)
def test_robots_txt_is_obeyed(site: Site, rules: str, path: str, allowed: bool) -> None:
    site.serve("/robots.txt", rules, "text/plain")
    url = site.serve(path, "ok")
    if allowed:
        assert fetch(url).data == b"ok"
    else:
        assert refusal(url) == "is not open to robots (robots.txt)"
        assert site.asked() == []


def test_a_site_whose_robots_txt_fails_is_left_alone_and_one_without_is_open(site: Site) -> None:
    url = site.serve("/a", "ok")
    assert fetch(url).data == b"ok"
    site.serve("/robots.txt", "", status=503)
    assert refusal(url) == "is not fetched: its robots.txt answers 503"


def test_robots_txt_is_asked_for_once_a_site(site: Site) -> None:
    urls = [site.serve(path, "ok") for path in ("/a", "/b", "/c")]
    with Fetcher(Settings(fetch_private="on", fetch_delay=0)) as fetcher:
        for url in urls:
            fetcher.get(url)
    assert [path for path, _ in site.requests] == ["/robots.txt", "/a", "/b", "/c"]


def test_a_redirect_is_followed_and_where_it_leads_is_asked_too(site: Site) -> None:
    site.serve("/robots.txt", "User-agent: *\nDisallow: /secret", "text/plain")
    site.serve("/b", "ok")
    assert fetch(site.redirect("/a", "/b", 301)).url == f"{site.root}/b"
    site.serve("/secret", "no")
    assert refusal(site.redirect("/c", "/secret")) == "is not open to robots (robots.txt)"


def test_redirects_that_never_end_are_given_up(site: Site) -> None:
    site.redirect("/a", "/b")
    site.redirect("/b", "/a")
    assert refusal(f"{site.root}/a").startswith("is redirected more than 5 times")
    assert len(site.asked()) == 6


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://a.example/x", "gopher://a.example/", "javascript:alert(1)"]
)
def test_a_redirect_leads_to_the_web_only(site: Site, target: str) -> None:
    assert "is not an http or https address" in refusal(site.redirect("/a", target))


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "answers 404"), (500, "answers 500"), (429, "answers 429"), (403, "answers 403")]
)
def test_an_error_of_the_site_is_named(site: Site, status: int, reason: str) -> None:
    assert refusal(site.serve("/a", "x", status=status)) == reason


def test_a_host_that_does_not_answer_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert refusal(f"http://127.0.0.1:{port}/a").startswith("cannot be reached")
    assert "cannot be reached" in refusal("http://nowhere.invalid/a")


def test_a_page_that_is_fed_slowly_is_given_up_in_time(site: Site) -> None:
    site.answers["/slow"] = trickle(0.05, b"x" * 1000)
    started = time.monotonic()
    assert refusal(f"{site.root}/slow", fetch_timeout=0.5) == "does not answer within 0.5 s (QA_FETCH_TIMEOUT)"
    assert time.monotonic() - started < 3


def test_headers_that_are_fed_slowly_are_given_up_in_time(site: Site) -> None:
    def drip(handler: Any) -> None:
        try:
            for byte in b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 1000:
                handler.wfile.write(bytes([byte]))
                time.sleep(0.05)
        except OSError:
            pass

    site.answers["/slow"] = drip
    assert "does not answer within" in refusal(f"{site.root}/slow", fetch_timeout=0.5)


def test_a_page_over_the_limit_is_not_read_to_its_end(site: Site) -> None:
    sent = []

    def flood(handler: Any) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            for _ in range(1000):
                handler.wfile.write(b"x" * 100_000)  # 100 MB in all
                sent.append(1)
        except OSError:
            pass

    site.answers["/huge"] = flood
    assert refusal(f"{site.root}/huge", fetch_max_mb=1) == "is larger than 1 MB (QA_FETCH_MAX_MB)"
    time.sleep(0.2)
    assert len(sent) < 500


def test_a_compressed_page_is_unpacked_up_to_the_limit(site: Site) -> None:
    packed = gzip.compress(b"x" * 50_000_000)
    assert len(packed) < 100_000
    url = site.serve("/bomb", packed, headers={"Content-Encoding": "gzip"})
    assert refusal(url, fetch_max_mb=1) == "is larger than 1 MB (QA_FETCH_MAX_MB)"
    assert fetch(site.serve("/a", gzip.compress(b"ok"), headers={"Content-Encoding": "gzip"})).data == b"ok"


@pytest.mark.parametrize(
    ("body", "encoding", "reason"),
    [
        (b"not gzip", "gzip", "answers compressed data that is damaged"),
        (gzip.compress(b"half of it" * 1000)[:-20], "gzip", "ends in the middle"),
        (b"x", "br", "answers in the encoding 'br', which was not asked for"),
    ],
)
def test_a_damaged_answer_is_named(site: Site, body: bytes, encoding: str, reason: str) -> None:
    assert refusal(site.serve("/a", body, headers={"Content-Encoding": encoding})) == reason


def test_an_answer_that_breaks_off_is_named(site: Site) -> None:
    url = site.serve("/a", "short", headers={"Content-Length": "500"})
    assert refusal(url, fetch_timeout=1).startswith(("cannot be reached", "does not answer"))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_private_addresses_are_known_in_every_spelling(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "[::1]", "0.0.0.0"])
def test_this_machine_is_not_asked_unless_allowed(site: Site, host: str) -> None:
    port = site.root.rpartition(":")[2]
    reason = refusal(f"http://{host}:{port}/a", fetch_private="off")
    assert "is the private address" in reason or "cannot be reached" in reason
    assert site.requests == []


def test_a_redirect_to_a_private_address_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    # The first host counts as public; what it redirects to is this machine by its other name.
    resolve = socket.getaddrinfo
    monkeypatch.setattr("qa.importing.addresses.is_public", lambda address: address != "127.0.0.2")
    port = site.root.rpartition(":")[2]
    names = {"public.example": "127.0.0.1", "inner.example": "127.0.0.2"}
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *rest, **more: resolve(names.get(host, host), *rest, **more)
    )
    site.redirect("/a", f"http://inner.example:{port}/metadata")
    site.serve("/metadata", "secret")
    reason = refusal(f"http://public.example:{port}/a", fetch_private="off")
    assert reason == "'inner.example' is the private address 127.0.0.2; QA_FETCH_PRIVATE=on allows it"
    assert site.asked() == ["/a"]


def test_a_host_is_resolved_once_and_the_address_that_was_checked_is_used(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A name that first shows a public address and then this machine (DNS rebinding).
    port = int(site.root.rpartition(":")[2])
    answers = iter([("198.51.100.7", port), *[("127.0.0.1", port)] * 9])
    asked: list[str] = []

    def resolve(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", next(answers))]

    connected: list[str] = []

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> Any:
        connected.append(address[0])
        raise OSError("unreachable")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr("qa.importing.addresses.is_public", lambda address: address == "198.51.100.7")
    monkeypatch.setattr(socket, "create_connection", connect)
    assert "cannot be reached" in refusal(f"http://rebinding.example:{port}/a", fetch_private="off")
    assert (asked, connected) == (["rebinding.example"], ["198.51.100.7"])
    assert site.requests == []


def test_a_host_with_one_private_address_among_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    assert "'mixed.example' is the private address 10.0.0.1" in refusal("http://mixed.example/a", fetch_private="off")


def test_requests_to_one_host_keep_their_distance(site: Site) -> None:
    urls = [site.serve("/a", "ok"), site.serve("/b", "ok")]
    started = time.monotonic()
    with Fetcher(Settings(fetch_private="on", fetch_delay=0.2)) as fetcher:
        for url in urls:
            fetcher.get(url)
    assert time.monotonic() - started >= 0.4  # robots.txt, 0.2 s, /a, 0.2 s, /b


def test_a_crawl_delay_is_kept(site: Site) -> None:
    site.serve("/robots.txt", "User-agent: *\nCrawl-delay: 0.3", "text/plain")
    started = time.monotonic()
    fetch(site.serve("/a", "ok"))
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Example.ORG:443/a/?utm_source=x&id=7&fbclid=y#part", "https://example.org/a/?id=7"),
        ("http://example.org", "http://example.org/"),
        ("http://example.org:8080/港口", "http://example.org:8080/%E6%B8%AF%E5%8F%A3"),
        ("http://example.org/%E6%B8%AF", "http://example.org/%E6%B8%AF"),
        ("http://香港.example/", "http://xn--j6w193g.example/"),
        ("http://[2001:db8::1]/a", "http://[2001:db8::1]/a"),
    ],
)
def test_an_address_has_one_form(url: str, expected: str) -> None:
    assert canonical_url(url) == expected
    assert canonical_url(expected) == expected


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "http:///a", "http://user:secret@a.example/", "data:text/plain,x", "http://a..example/"]
)
def test_an_address_that_is_not_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        canonical_url(url)
