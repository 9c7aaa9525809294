"""How much one client and all together may ask."""

from __future__ import annotations

import datetime as dt
import logging
import time
from typing import TYPE_CHECKING, Any

import httpx
import openai
import pytest

from qa.errors import TurnedAwayError
from qa.server.limits import Limits, client_of
from qa.settings import Settings

from .conftest import serving, with_settings
from .test_http import ask_as_the_page_does

if TYPE_CHECKING:
    from qa.engine import Engine

    from .conftest import Site

PROXY = "127.0.0.1"


def asked(site: Site, question: str = "渡輪", **headers: str) -> httpx.Response:
    return httpx.post(f"{site.url}/api/ask", json={"question": question}, headers=headers, timeout=60)


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_a_client_is_an_address_or_in_ipv6_a_network(address: str, client: str) -> None:
    assert client_of(address) == client


def test_a_client_that_asks_too_fast_waits_and_others_do_not() -> None:
    counts = Limits(Settings(questions_per_minute=3))
    for _ in range(3):
        counts.count_question("a")
    with pytest.raises(TurnedAwayError) as error:
        counts.count_question("a")
    assert (error.value.reason, 1 <= error.value.seconds <= 60) == ("too_many", True)
    counts.count_question("b")


def test_a_day_ends_at_the_publishers_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(dt.datetime):
        hour_now = 22

        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Clock:
            return cls(2026, 3, 5, cls.hour_now, 30, tzinfo=tz)

    monkeypatch.setattr(dt, "datetime", Clock)
    monkeypatch.setattr(time, "time", lambda: Clock.now(dt.timezone(dt.timedelta(hours=8))).timestamp())
    counts = Limits(Settings(questions_per_minute=0, questions_per_day=20))
    for number in range(20):
        counts.count_question(str(number))
    with pytest.raises(TurnedAwayError) as error:
        counts.count_question("late")
    assert (error.value.reason, error.value.seconds) == ("closed_today", 90 * 60)


def test_one_client_cannot_use_up_the_day_of_all() -> None:
    counts = Limits(Settings(questions_per_minute=0, questions_per_day=50))
    for _ in range(5):  # a tenth
        counts.count_question("greedy")
    with pytest.raises(TurnedAwayError, match="closed_today"):
        counts.count_question("greedy")
    counts.count_question("modest")


def test_without_limits_nothing_is_counted() -> None:
    counts = Limits(Settings(questions_per_minute=0, questions_per_day=0))
    for _ in range(1000):
        counts.count_question("a")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "你問得太快了"),
        ("zh-CN,zh;q=0.9", "你问得太快了"),
        ("en-GB,en;q=0.9,zh-TW;q=0.5", "You are asking too fast"),
        ("fr,en;q=0.1", "You are asking too fast"),
        ("fr", "你問得太快了"),
        ("*;q=x,;,en;q=0", "你問得太快了"),
    ],
)
def test_who_asks_too_fast_is_told_when_to_come_back_in_a_language_they_read(
    quick_engine: Engine, language: str, said: str
) -> None:
    with serving(with_settings(quick_engine, questions_per_minute=1)) as site:
        assert asked(site).status_code == 200
        reply = asked(site, **{"Accept-Language": language})
        assert (reply.status_code, 1 <= int(reply.headers["retry-after"]) <= 60) == (429, True)
        assert reply.json()["detail"].startswith(said)
        assert reply.headers["retry-after"] in reply.json()["detail"]


def test_every_door_counts_and_says_so(quick_engine: Engine) -> None:
    with serving(with_settings(quick_engine, questions_per_minute=1)) as site:
        assert asked(site).status_code == 200
        for get in ("/api/search?question=x", "/api/articles?search=x"):
            assert httpx.get(site.url + get, timeout=60).status_code == 429
        view = ask_as_the_page_does(site, "渡輪", [])
        assert (view["state"], view["reason"], view["seconds"] > 0) == ("refused", "too_many", True)
        client = openai.OpenAI(base_url=f"{site.url}/v1", api_key="x", max_retries=0)
        with pytest.raises(openai.RateLimitError) as error:
            client.chat.completions.create(model="qa", messages=[{"role": "user", "content": "x"}])
        assert error.value.response.headers["retry-after"]
        assert httpx.get(f"{site.url}/api/articles", timeout=60).status_code == 200  # costs little


@pytest.mark.parametrize("proxies", [(), (PROXY,), ("127.0.0.0/8",), ("203.0.113.9",)])
def test_a_forwarded_address_is_believed_of_known_proxies_only(quick_engine: Engine, proxies: tuple[str, ...]) -> None:
    is_known = any(name.startswith("127.") for name in proxies)
    with serving(with_settings(quick_engine, questions_per_minute=1, trusted_proxies=proxies)) as site:
        forwarded = [asked(site, **{"X-Forwarded-For": f"203.0.113.{number}"}).status_code for number in (1, 2, 1)]
        assert forwarded == ([200, 200, 429] if is_known else [200, 429, 429])
        # What a client wrote before the proxy added its address is not believed either.
        forged = {"X-Forwarded-For": "198.51.100.77, 203.0.113.1"}
        assert asked(site, **forged).status_code == 429
        assert asked(site, Forwarded="for=198.51.100.78", **forged).status_code == 429


def test_an_ipv6_client_cannot_change_its_address_to_ask_more(quick_engine: Engine) -> None:
    with serving(with_settings(quick_engine, questions_per_minute=1, trusted_proxies=(PROXY,))) as site:
        sent = [asked(site, **{"X-Forwarded-For": f"2001:db8::{number}"}).status_code for number in (1, 2)]
        assert sent == [200, 429]


def test_a_token_counts_on_its_own(quick_engine: Engine) -> None:
    tokens = ("first-token-of-two", "second-token-of-two")
    with serving(with_settings(quick_engine, questions_per_minute=1, api_tokens=tokens)) as site:
        sent = [asked(site, Authorization=f"Bearer {token}").status_code for token in (*tokens, *tokens)]
        assert sent == [200, 200, 429, 429]


def test_thumbs_are_limited(quick_engine: Engine) -> None:
    opinion = {"trace_id": "x", "rating": "up"}
    with serving(quick_engine) as site, httpx.Client(timeout=60) as client:
        sent = [client.post(f"{site.url}/api/feedback", json=opinion).status_code for _ in range(61)]
        assert (sent[:60], sent[60]) == ([404] * 60, 429)


def test_what_was_refused_is_counted(quick_engine: Engine, caplog: Any) -> None:
    with serving(with_settings(quick_engine, questions_per_minute=1)) as site:
        caplog.set_level(logging.INFO, logger="qa.questions")
        assert [asked(site, question).status_code for question in ("渡輪", "渡輪", "")] == [200, 429, 422]
        metrics = httpx.get(f"{site.url}/metrics", timeout=60).text
        assert 'qa_questions_total{door="api",status="answered"} 1.0' in metrics
        assert 'qa_turned_away_total{reason="too_many"} 1.0' in metrics
