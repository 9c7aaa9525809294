"""The widget's files as they are sent: their size, their caching, and what the panel makes of an answer."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from qa.interchange import to_json
from qa.quoting import shown
from qa.server.view import answer_view, cards
from qa.server.widget.naming import same_address
from qa.text.folding import plain

from ..conftest import ATTACK_URLS, ATTACKS, FERRY, FERRY_QUESTION

if TYPE_CHECKING:
    from qa.records import Answer

    from ..conftest import Site
    from .conftest import Visit

LOADER_BYTES = 8 * 1024  # as sent, compressed
PANEL_BYTES = 40 * 1024


def fetched(site: Site, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{site.url}{path}", headers=headers)


def panel_files(site: Site) -> list[str]:
    return sorted(set(re.findall(r'(?:href|src)="(widget/[^"]+)"', fetched(site, "/widget").text)))


def sent_bytes(site: Site, path: str) -> int:
    reply = fetched(site, path, **{"Accept-Encoding": "gzip"})
    assert reply.headers["content-encoding"] == "gzip"
    return int(reply.headers["content-length"])


def test_the_loader_and_the_panel_are_light(site: Site) -> None:
    assert sent_bytes(site, "/widget.js") <= LOADER_BYTES
    sizes = {path: sent_bytes(site, path) for path in ["/widget", *(f"/{file}" for file in panel_files(site))]}
    assert len(sizes) > 10
    assert sum(sizes.values()) <= PANEL_BYTES, sizes


@pytest.mark.browser
def test_the_panel_loads_only_what_its_page_names(visit: Visit, site: Site) -> None:
    page = visit()
    page.requested.clear()
    page.goto(f"{site.url}/widget?lang=en#article=ferry")
    page.locator(".qa-scoped").wait_for()
    paths = {url.removeprefix(f"{site.url}/").split("#")[0].split("?")[0] for url in page.requested}
    assert paths <= {"widget", "widget/article", *panel_files(site), "favicon.ico"}


def test_the_panels_files_are_kept_for_good_under_their_version_and_the_loader_for_a_while(site: Site) -> None:
    path = f"/{panel_files(site)[0]}"
    reply = fetched(site, path)
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    outdated = fetched(site, re.sub(r"widget/\w+/", "widget/0123456789ab/", path))
    assert (outdated.content, outdated.headers["cache-control"]) == (reply.content, "no-cache")
    assert fetched(site, "/widget").headers["cache-control"] == "no-cache"
    assert fetched(site, "/widget.js").headers["cache-control"].startswith("public, max-age=600")


@pytest.mark.parametrize("path", ["/widget.js", "/widget", "/widget?lang=en"])
def test_what_has_not_changed_is_not_sent_again(site: Site, path: str) -> None:
    first = fetched(site, path)
    again = fetched(site, path, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert fetched(site, path, **{"If-None-Match": 'W/"other"'}).status_code == 200
    assert fetched(site, path, **{"Accept-Encoding": "identity"}).text == first.text
    assert "accept-encoding" in first.headers["vary"].lower()


@pytest.mark.parametrize("name", ["routes.py", "loader.js", "..%2f..%2fsettings.py", "panel.html", "page.js"])
def test_no_other_file_can_be_had(site: Site, name: str) -> None:
    assert fetched(site, f"/widget/0123456789ab/{name}").status_code == 404


def test_the_panels_page_holds_the_words_of_its_language_and_no_markup_of_an_article(site: Site) -> None:
    html = fetched(site, "/widget?lang=en").text
    given = re.search(r'<script type="application/json" id="qa-given">(.*?)</script>', html)
    assert given
    assert "<" not in given[1]
    assert json.loads(given[1])["texts"]["send"] == "Ask"
    assert '<html lang="zh-Hant">' in fetched(site, "/widget?lang=%3Cscript%3E").text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/ferry", "http://NEWS.example/ferry/#top"),
        ("https://news.example/a?id=1&utm_source=mail", "https://news.example:443/a/?id=1"),
        ("https://news.example/青洲", "https://news.example/%E9%9D%92%E6%B4%B2"),
        ("https://news.example/a?x=1&y=2", "https://news.example/a?y=2&x=1"),
        ("javascript:alert(1)", "ferry"),
        ("https://[", ""),
    ],
)
def test_addresses_of_one_page_are_the_same(one: str, other: str) -> None:
    assert same_address(one) == same_address(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/ferry", "https://news.example/ferries"),
        ("https://news.example/a?id=1", "https://news.example/a?id=2"),
        ("https://news.example/a", "https://www.news.example/a"),
        ("https://news.example/a", "https://news.example:8443/a"),
    ],
)
def test_addresses_of_two_pages_are_not(one: str, other: str) -> None:
    assert same_address(one) != same_address(other)


@pytest.mark.parametrize("name", [FERRY.id, FERRY.url, f"{FERRY.url}/?utm_medium=social"])
def test_an_article_is_found_by_its_id_and_by_its_address(site: Site, name: str) -> None:
    reply = httpx.get(f"{site.url}/widget/article", params={"name": name})
    assert reply.json() == {"article": {"id": "ferry", "title": FERRY.title, "questions": list(FERRY.questions)}}


@pytest.mark.parametrize("name", ["", "nobody", "https://news.example/", "\ud800"])
def test_an_article_that_is_not_there_is_no_error(site: Site, name: str) -> None:
    reply = httpx.get(f"{site.url}/widget/article", params={"name": name.encode("utf-8", "replace").decode()})
    assert (reply.status_code, reply.json()) == (200, {"article": None})


MARKDOWN = (
    "## 標題\n**第一** *第二* `第三` ~~第四~~ [連結](https://a.example/x) ![圖](x.png) [3] a*b_c",
    "青洲渡輪\n每天開十二班。\n  頭班船\tat 6.30\u200b，\u202e末班船 \x07 11pm",
    "𠮷野家在𡃁仔街開業 -- it's 100% new!",
)


def answers_to_show(site: Site) -> list[Answer]:
    """Returns answers of the engine, and one of each with what is hard to show in it."""
    answer = site.engine.ask(FERRY_QUESTION)
    citation = answer.citations[0]
    hard = []
    for number, text in enumerate([*MARKDOWN, *ATTACKS]):
        quote = f"{text}{citation.quote * (number % 2 * 4)}"
        changed = dataclasses.replace(
            citation,
            quote=quote,
            title=text,
            author=text,
            url=f"https://news.example/a-b?c=(d)#e{number}" if number % 3 else ATTACK_URLS[number % len(ATTACK_URLS)],
            answer_start=citation.start + 2 if number % 2 else None,
            answer_end=citation.start + 5 if number % 2 else None,
        )
        lines = f"{shown(quote)}[1]\n\n[2] 不是引文 [1][1] {text}\n- {text}"
        hard.append(dataclasses.replace(answer, text=lines, citations=(changed,), suggestions=(text, "別的")))
    return [answer, site.engine.ask("你好"), site.engine.ask("那周末呢？", [to_turn(answer)]), *hard]


def to_turn(answer: Answer) -> Any:
    from qa.records import Turn

    return Turn(answer.question, answer.text)


@pytest.mark.browser
def test_the_panel_shows_an_answer_as_the_chat_page_does(visit: Visit, site: Site) -> None:
    page = visit()
    page.goto(f"{site.url}/widget?lang=en")
    script = next(file for file in panel_files(site) if file.endswith("/view.js"))
    answers = answers_to_show(site)
    seen = page.evaluate(
        "async ([path, answers]) => { const view = await import(path); return answers.map(view.answerView); }",
        [f"/{script}", [to_json(answer) for answer in answers]],
    )
    catalogue = site.engine.generation().catalogue
    for answer, got in zip(answers, seen, strict=True):
        wanted = {**answer_view(answer), "cards": cards(answer.citations, catalogue)}
        assert {name: got[name] for name in answer_view(answer)} == answer_view(answer)
        left_out = {"paragraph", "copies"}  # they take the article's text, which the panel does not have
        assert [{key: card[key] for key in card.keys() - left_out} for card in got["cards"]] == [
            {key: card[key] for key in card.keys() - left_out} for card in wanted["cards"]
        ]
    assert plain("\u200b") == ""
