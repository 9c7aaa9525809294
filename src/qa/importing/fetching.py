"""An address -> what it answers, fetched politely: robots.txt, one request at a time, limits on time and size."""

from __future__ import annotations

import time
import urllib.parse
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpcore

from qa.importing.addresses import CheckedNetwork
from qa.importing.drafts import UnusableError
from qa.importing.urls import canonical_url

if TYPE_CHECKING:
    from qa.settings import Settings

__all__ = ["Fetched", "Fetcher"]

MAX_REDIRECTS = 5  # as many as RFC 9309 asks of readers of robots.txt; more are a loop or a trap
ROBOTS_MAX_BYTES = 512_000  # RFC 9309 asks for at least 500 KiB
CRAWL_DELAY_MAX_SECONDS = 30.0  # a longer Crawl-delay is meant to keep robots out; that is what Disallow is for
_REDIRECTS = (301, 302, 303, 307, 308)
_GZIP = 47  # zlib's window bits for gzip or zlib, told apart by their headers
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered in the end; `url` is where the redirects led to."""

    url: str
    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    data: bytes


class Fetcher:
    """Fetches addresses with one set of manners, and remembers each host's rules and its last request."""

    def __init__(self, settings: Settings) -> None:
        self._agent = settings.fetch_user_agent
        self._seconds = settings.fetch_timeout
        self._max_bytes = int(settings.fetch_max_mb * MEGABYTE)
        self._delay = settings.fetch_delay
        self._network = CheckedNetwork(settings.fetch_private == "on")
        self._pool = httpcore.ConnectionPool(network_backend=self._network, max_connections=4, keepalive_expiry=5.0)
        self._rules: dict[str, Any] = {}
        self._last: dict[str, float] = {}

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.close()

    def get(self, url: str) -> Fetched:
        """Fetches an address where robots.txt, the settings and its own answers allow.

        Raises:
            UnusableError: they do not, or it fails; the reason names what happened.
        """
        at = _checked(url)
        for _ in range(MAX_REDIRECTS + 1):
            self._ask_robots(at)
            answer = self._request(at, self._max_bytes)
            if answer.status not in _REDIRECTS:
                break
            at = _redirected(at, answer)
        else:
            raise UnusableError(f"is redirected more than {MAX_REDIRECTS} times, last to {at}")
        if answer.status != 200:
            raise UnusableError(f"answers {answer.status}")
        return Fetched(at, answer.data, answer.headers.get("content-type", ""))

    def _ask_robots(self, url: str) -> None:
        parts = urllib.parse.urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = self._robots(origin)
        if not self._rules[origin].can_fetch(url, self._agent):
            raise UnusableError("is not open to robots (robots.txt)")

    def _robots(self, origin: str) -> Any:
        """Reads a site's rules: none where it has no robots.txt, all refused where it cannot say (RFC 9309, 2.3.1)."""
        from protego import Protego

        at = f"{origin}/robots.txt"
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._request(at, ROBOTS_MAX_BYTES, whole=False)
            if answer.status not in _REDIRECTS:
                break
            at = _redirected(at, answer)
        if answer.status >= 500:
            raise UnusableError(f"is not fetched: its robots.txt answers {answer.status}")
        text = answer.data.decode("utf-8", "replace") if answer.status == 200 else ""
        return Protego.parse(text)

    def _request(self, url: str, max_bytes: int, whole: bool = True) -> _Answer:
        host = urllib.parse.urlsplit(url).netloc
        self._wait(url, host)
        self._network.deadline = time.monotonic() + self._seconds
        headers = [("Host", host), ("User-Agent", self._agent), ("Accept-Encoding", "gzip"), ("Accept", "*/*")]
        try:
            with self._pool.stream("GET", url, headers=headers) as response:
                told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                data = _read(response, told, max_bytes, whole) if response.status == 200 else b""
                return _Answer(response.status, told, data)
        except httpcore.TimeoutException as error:
            raise UnusableError(f"does not answer within {self._seconds:g} s (QA_FETCH_TIMEOUT)") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol, OSError) as error:
            raise UnusableError(f"cannot be reached: {str(error) or type(error).__name__}") from error
        except zlib.error as error:
            raise UnusableError("answers compressed data that is damaged") from error
        finally:
            self._last[host] = time.monotonic()

    def _wait(self, url: str, host: str) -> None:
        """Waits between two requests to one host, longer where its robots.txt asks for it."""
        parts = urllib.parse.urlsplit(url)
        rules = self._rules.get(f"{parts.scheme}://{parts.netloc}")
        asked = (rules.crawl_delay(self._agent) if rules else None) or 0.0
        until = self._last.get(host, -1e9) + max(self._delay, min(asked, CRAWL_DELAY_MAX_SECONDS))
        time.sleep(max(0.0, until - time.monotonic()))


def _checked(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError as error:
        raise UnusableError(str(error)) from error


def _redirected(url: str, answer: _Answer) -> str:
    location = answer.headers.get("location", "")
    try:
        target = urllib.parse.urljoin(url, location)
    except ValueError as error:
        raise UnusableError(f"is redirected to {location!r}, which is no address") from error
    return _checked(target)


def _read(response: Any, headers: Mapping[str, str], max_bytes: int, whole: bool) -> bytes:
    """Reads a body, unpacked, up to the limit; beyond it `whole` says whether that is an error or the end."""
    encoding = headers.get("content-encoding", "identity").lower().strip()
    if encoding not in ("identity", "", "gzip", "x-gzip"):
        raise UnusableError(f"answers in the encoding {encoding!r}, which was not asked for")
    unpacker = zlib.decompressobj(_GZIP) if "gzip" in encoding else None
    data = bytearray()
    for chunk in response.iter_stream():
        data += unpacker.decompress(chunk, max_bytes + 1 - len(data)) if unpacker else chunk
        if len(data) > max_bytes:
            if whole:
                raise UnusableError(f"is larger than {max_bytes / MEGABYTE:g} MB (QA_FETCH_MAX_MB)")
            break
    if unpacker and not unpacker.eof and len(data) <= max_bytes:
        raise UnusableError("ends in the middle")
    return bytes(data[:max_bytes])
