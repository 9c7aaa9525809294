"""Who may show the widget and ask through it, and what an article, a question or a page may not do."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import httpx
import pytest

from ..conftest import ATTACKS, FERRY_QUESTION, FERRY_QUOTE
from .conftest import HEARING, WORDS, ask_panel, heard, launcher, open_panel, panel, panel_frame

if TYPE_CHECKING:
    from ..conftest import Site
    from .conftest import HostSite, Visit

pytestmark = pytest.mark.browser


def test_a_site_that_is_not_allowed_can_neither_frame_nor_read_nor_post(
    visit: Visit, stranger: HostSite, asking: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(asking.engine, "aask", lambda question, **_: asked.append(question))
    monkeypatch.setattr(asking.engine, "astream", lambda question, **_: asked.append(question))
    page = visit(on=stranger)
    launcher(page).click()
    page.get_by_role("link", name=WORDS["open_apart"]).wait_for()
    assert any("frame-ancestors" in text for text in page.said)
    assert page.frame_locator("iframe").locator("textarea").count() == 0
    readings = page.evaluate(
        """async (server) => {
            const post = { method: "POST", body: '{"question": "x"}' };
            const tries = [
                ["/api/articles", {}],
                ["/api/search?question=x", {}],
                ["/widget/article?name=ferry", {}],
                ["/api/ask", { ...post, headers: { "Content-Type": "application/json" } }],
                ["/api/ask", { ...post, mode: "no-cors" }],
            ];
            const type = ([path, options]) => fetch(server + path, options).then((reply) => reply.type);
            return Promise.all(tries.map((one) => type(one).catch(() => "refused")));
        }""",
        stranger.server,
    )
    assert readings == ["refused", "refused", "refused", "refused", "opaque"]
    assert asked == []


def test_messages_of_other_windows_and_origins_are_not_believed(
    visit: Visit, host: HostSite, stranger: HostSite
) -> None:
    attack = """<script>
        const send = (target, message) => target.postMessage(message, "*");
        setInterval(() => {
            for (const type of ["ready", "close"]) send(parent, { qa: 1, type });
            send(parent, { qa: 1, type: "event", name: "answer", detail: { text: "forged" } });
            for (let at = 0; at < parent.length; at++) {
                for (const type of ["ask", "kept", "constructor"]) send(parent[at], { qa: 1, type, text: "forged" });
                for (const message of [null, 1, "qa"]) send(parent[at], message);
            }
        }, 50);
    </script>"""
    stranger.pages["/attack"] = (attack, {})
    page = visit(host.page(body=f'<iframe src="{stranger.url}/attack" title="x"></iframe>'), init=HEARING)
    open_panel(page)
    panel_frame(page).evaluate("() => window.postMessage({ qa: 1, type: 'ask', text: 'forged' }, '*')")
    page.evaluate("() => window.postMessage({ qa: 1, type: 'event', name: 'answer', detail: {} }, '*')")
    page.wait_for_timeout(500)
    assert panel(page).locator(".qa-exchange").count() == 0
    assert page.locator("div[role=region] iframe").is_visible()
    assert heard(page, "answer") == []
    assert page.ran == []


def test_a_panel_whose_page_lies_about_its_origin_tells_it_nothing(visit: Visit, host: HostSite) -> None:
    frame = f'<iframe id="lie" src="{host.server}/widget?lang=en#origin=https://evil.example" title="x"></iframe>'
    heard_all = "<script>window.all = []; addEventListener('message', (event) => all.push(event.data));</script>"
    page = visit(host.page(head=heard_all, body=frame))
    inside = page.frame_locator("#lie")
    inside.locator("textarea").fill(FERRY_QUESTION)
    inside.locator("textarea").press("Enter")
    inside.locator(".qa-card").first.wait_for()
    assert page.evaluate("() => window.all") == []


def test_nothing_in_an_article_a_question_or_an_attribute_runs_or_loads_or_links(visit: Visit, host: HostSite) -> None:
    def written(text: str) -> str:
        return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")

    attributes = (
        f'data-title="{written(ATTACKS[0])}" data-questions="{written("|".join(ATTACKS[:4]))}"'
        f' data-privacy-url="javascript:alert(20)" data-color="url(https://evil.example/c)"'
        f' data-article="{written(ATTACKS[3])}" data-theme="{written(ATTACKS[1])}"'
    )
    page = visit(host.page(attributes))
    inside = open_panel(page)
    assert inside.get_by_role("link", name=WORDS["privacy"]).count() == 0
    for number, attack in enumerate(ATTACKS):
        question = f"第{number}號鑽機在北坡鑽到了多少米深？{attack}"
        answer = ask_panel(page, question, number + 1)
        assert "".join(answer.locator(".qa-question").inner_text().split()) == "".join(question.split())
    page.wait_for_timeout(1000)
    assert any("onerror=alert(1)" in card for card in inside.locator(".qa-card").all_inner_texts())
    assert page.ran == []
    assert {urlsplit(url).hostname for url in page.requested if not url.startswith("data:")} == {
        "localhost",
        "127.0.0.1",
    }
    assert inside.locator("img, iframe, svg, style, math, object, embed, video, audio, body script").count() == 0
    links = inside.locator("a:not(.qa-mark)").evaluate_all("links => links.map(link => [link.href, link.rel])")
    assert {(urlsplit(href).scheme, urlsplit(href).hostname, rel) for href, rel in links} <= {
        ("https", "news.example", "noopener noreferrer"),
        ("https", "evil.example", "noopener noreferrer"),  # an article's own address
    }


def test_an_attack_in_the_panels_own_address_is_shown_as_text(visit: Visit, host: HostSite) -> None:
    page = visit()
    hash_ = "&".join(f"{name}={quote(ATTACKS[0])}" for name in ("title", "questions", "privacy", "color", "article"))
    page.goto(f"{host.server}/widget?lang={quote(ATTACKS[1])}#{hash_}")
    page.locator("textarea").wait_for()
    assert page.locator("h1").inner_text() == ATTACKS[0]
    page.wait_for_timeout(300)
    assert page.ran == []
    assert page.locator("img").count() == 0


def test_the_panel_runs_no_script_and_no_style_but_its_own(asking: Site) -> None:
    headers = httpx.get(f"{asking.url}/widget").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert (policy["script-src"], policy["style-src"], policy["connect-src"]) == ("'self'", "'self'", "'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert policy["frame-ancestors"].split() == ["'self'", *asking.engine.settings.allowed_origins]


def test_the_chat_page_can_be_framed_by_a_site_that_is_allowed_and_by_no_other(
    visit: Visit, host: HostSite, stranger: HostSite
) -> None:
    framed = (
        f'<iframe id="chat" src="{host.server}/?lang=zh-Hant" title="問文章" style="width:100%;height:600px"></iframe>'
    )
    page = visit(host.page(body=framed))
    inside = page.frame_locator("#chat")
    inside.locator("#qa-box textarea").fill(FERRY_QUESTION)
    inside.locator(".qa-welcome .qa-suggestion").first.wait_for()
    inside.locator("#qa-box textarea").press("Enter")
    inside.locator(".qa-exchange[aria-busy=false]").wait_for()
    assert FERRY_QUOTE in inside.locator(".qa-quote").first.inner_text()
    other = visit(stranger.page(body=framed), on=stranger)
    other.wait_for_timeout(1000)
    assert any("frame-ancestors" in text for text in other.said)
    assert other.frame_locator("#chat").locator("#qa-box").count() == 0
