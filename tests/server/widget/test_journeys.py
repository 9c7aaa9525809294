"""A reader's way through the widget on a publisher's page of another origin, in a real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from qa.feedback import Feedback
from qa.records import Done

from ..conftest import DESKTOP, FERRY, FERRY_QUESTION, FERRY_QUOTE, LIBRARY, PHONE
from ..test_page_in_browser import Slow
from .conftest import HEARING, WORDS, ask_panel, heard, launcher, newest_in_panel, open_panel, panel, panel_frame

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from qa.records import Event

    from ..conftest import Site
    from .conftest import HostSite, Visit

pytestmark = pytest.mark.browser

NONCE = "r4nd0m"
HOSTILE = """<style>
* { all: unset !important; }
html, body { font-size: 40px !important; transform: rotate(1deg); letter-spacing: 1em !important; }
div, button, iframe, svg, span { display: none !important; position: static !important; opacity: 0 !important;
  width: 1px !important; pointer-events: none !important; animation: none !important; z-index: -1 !important; }
button::before { content: "廣告"; font-size: 90px; }
.qa-widget, [role=region], [role=dialog] { visibility: hidden !important; transform: scale(0) !important; }
</style>"""
COVER = """<section style="all: initial !important; position: fixed !important; inset: 0 !important;
  z-index: 2147482000 !important; background: #eee !important"></section>"""


def layouts(host: HostSite) -> dict[str, tuple[str, dict[str, str]]]:
    """Returns pages of publishers, each hard on a widget in its own way."""
    strict = "default-src 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    nonced = f"{strict}; script-src 'nonce-{NONCE}' 'strict-dynamic'; frame-src {host.server}"
    named = f"{strict}; script-src {host.server}; frame-src {host.server}"
    isolated = {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin"}
    return {
        "plain": (host.page(), {}),
        "hostile style": (host.page(head=HOSTILE, body=COVER), {}),
        "strict policy, nonce": (host.page(f'nonce="{NONCE}"'), {"Content-Security-Policy": nonced}),
        "strict policy, host": (host.page(), {"Content-Security-Policy": named}),
        "isolated": (host.page(), isolated),
    }


@pytest.mark.parametrize(
    "layout", ["plain", "hostile style", "strict policy, nonce", "strict policy, host", "isolated"]
)
def test_a_reader_asks_reads_opens_the_source_and_comes_back(visit: Visit, host: HostSite, layout: str) -> None:
    html, headers = layouts(host)[layout]
    page = visit(html, headers=headers, init=HEARING)
    launcher(page).wait_for()
    box = launcher(page).bounding_box()
    assert (box["height"] >= 44, DESKTOP["width"] - box["x"] - box["width"] < 60) == (True, True)
    asking = open_panel(page)
    frame = page.locator("iframe").bounding_box()
    assert (frame["width"] > 380, frame["height"] > 600) == (True, True)
    compose(page, "青洲渡輪每天開幾班？")
    page.keyboard.press("Enter")
    answer = newest_in_panel(page)
    assert answer.locator(".qa-question").inner_text() == FERRY_QUESTION
    card = answer.locator(".qa-card").first
    assert FERRY_QUOTE in card.locator(".qa-quote").inner_text()
    assert card.locator("blockquote mark").inner_text() == "十二班"
    assert card.locator(".qa-meta > *").all_inner_texts() == ["海港日報", "林海", "2026年3月5日"]
    link = card.locator("a.qa-title")
    assert (link.get_attribute("href") or "").startswith(f"{FERRY.url}#:~:text={quote(FERRY_QUOTE[:5])}")
    with page.context.expect_page() as opened:
        link.click()
    assert opened.value.url.startswith(str(FERRY.url))
    opened.value.close()
    assert [one["article_id"] for one in heard(page, "source-click")] == ["ferry"]
    asking.locator("textarea").press("Escape")
    page.locator("iframe").wait_for(state="hidden")
    assert launcher(page).evaluate("button => button.getRootNode().activeElement === button")
    assert page.ran == []
    assert not [text for text in page.said if "Content Security Policy" in text or "TrustedScript" in text]


def compose(page: Any, text: str) -> None:
    """Types as an input method does: a composition with its Enter, which must not send, and then the words."""
    panel(page).locator("textarea").focus()
    frame = panel_frame(page)
    session = page.context.new_cdp_session(frame)
    session.send("Input.imeSetComposition", {"text": "qing", "selectionStart": 4, "selectionEnd": 4})
    frame.evaluate(
        """() => {
            const box = document.querySelector("textarea");
            const enter = { key: "Enter", bubbles: true };
            box.dispatchEvent(new KeyboardEvent("keydown", { ...enter, isComposing: true }));
            box.dispatchEvent(new KeyboardEvent("keydown", { ...enter, keyCode: 229 })); // Safari's, a moment later
        }"""
    )
    session.send("Input.insertText", {"text": text})
    assert panel(page).locator("textarea").input_value() == text
    assert panel(page).locator(".qa-exchange").count() == 0


def test_the_evidence_comes_first_and_the_answer_can_be_stopped(
    visit: Visit, asking: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(asking)
    page = visit()
    inside = open_panel(page)
    with monkeypatch.context() as patched:
        patched.setattr(asking.engine, "astream", slow)
        inside.locator("textarea").fill(FERRY_QUESTION)
        inside.locator("textarea").press("Enter")
        inside.locator(".qa-card").first.wait_for()
        assert inside.locator(".qa-answer .qa-mark").count() == 0
        inside.locator("textarea").fill("下一個問題")
        inside.locator("textarea").press("Enter")
        assert inside.locator("textarea").input_value() == "下一個問題"  # it waits in the box
        inside.locator("[data-name=stop]").click()
        assert newest_in_panel(page).locator(".qa-notice").inner_text() == WORDS["stopped"]
        assert slow.ended.wait(10)
    assert LIBRARY.title in ask_panel(page, "市立圖書館開放到幾點？", 2).inner_text()


@pytest.mark.parametrize(
    ("status", "headers", "sentence"),
    [
        (429, {"Retry-After": "20"}, WORDS["too_many"].format(seconds=20)),
        (429, {"Retry-After": "40000"}, WORDS["closed_today"]),
        (503, {"Retry-After": "5"}, WORDS["busy"]),
        (500, {}, WORDS["failed"]),
        (None, {}, WORDS["unreachable"]),
    ],
)
def test_a_question_that_finds_no_answer_stays_and_a_sentence_says_why(
    visit: Visit, status: int | None, headers: dict[str, str], sentence: str
) -> None:
    page = visit(init=HEARING)
    inside = open_panel(page)
    fails = lambda route: route.abort() if status is None else route.fulfill(status=status, headers=headers)  # noqa: E731
    page.context.route("**/api/ask", fails)
    answer = ask_panel(page)
    assert answer.locator(".qa-notice").inner_text() == sentence
    assert inside.locator("textarea").input_value() == FERRY_QUESTION
    assert inside.locator(".qa-status").inner_text() == sentence
    assert [one["status"] for one in heard(page, "error")] == [status or 0]
    page.context.unroute("**/api/ask")
    inside.locator("textarea").press("Enter")
    inside.locator(".qa-card").first.wait_for()
    assert inside.locator(".qa-question").all_inner_texts() == [FERRY_QUESTION]


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ("", WORDS["unreachable"]),
        ('event: error\ndata: {"detail": "x"}\n\n', WORDS["failed"]),
        ("event: done\ndata: {\n\n", WORDS["failed"]),
    ],
)
def test_a_stream_that_breaks_off_is_said_to_have_failed(visit: Visit, rest: str, sentence: str) -> None:
    page = visit()
    open_panel(page)
    event = f'event: evidence\ndata: {{"citations": []}}\n\n{rest}'
    page.context.route("**/api/ask", lambda route: route.fulfill(content_type="text/event-stream", body=event))
    assert ask_panel(page).locator(".qa-notice").inner_text() == sentence


def test_a_follow_up_leans_on_what_was_asked_before(visit: Visit) -> None:
    page = visit()
    open_panel(page)
    ask_panel(page)
    answer = ask_panel(page, "那周末呢？", 2)
    assert answer.locator(".qa-understood").inner_text().startswith(WORDS["understood"].split("{")[0])


def test_a_thumb_is_kept_with_its_reason(visit: Visit, asking: Site) -> None:
    page = visit()
    open_panel(page)
    question = "市立圖書館的館長是誰？"
    answer = ask_panel(page, question)
    answer.locator("[data-name=down]").click()
    answer.locator(".qa-reason").fill("太短")
    answer.locator(".qa-reason").press("Enter")
    answer.locator(".qa-thanks").wait_for()
    kept = {row.question: row.reasons for row in Feedback(asking.engine.settings.feedback_file).report()}
    assert kept[question] == ("太短",)


def test_a_declined_question_within_an_article_can_be_asked_of_all_of_them(
    visit: Visit, host: HostSite, asking: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []
    declines = asking.engine.settings.model_copy(update={"confidence_threshold": 1.0})

    async def stream(question: str, article_id: str | None, **options: Any) -> AsyncIterator[Event]:
        asked.append(article_id)
        with monkeypatch.context() as patched:
            patched.setattr(asking.engine, "settings", declines if article_id else asking.engine.settings)
            answer = asking.engine.ask(question, options["history"], article_id, options["language"])
        yield Done(answer)

    monkeypatch.setattr(asking.engine, "astream", stream)
    page = visit(host.page('data-article="ferry"'))
    inside = open_panel(page)
    inside.locator(".qa-scoped", has_text=FERRY.title).wait_for()
    answer = ask_panel(page, "館長是誰？")
    assert WORDS["declined"] in answer.inner_text()
    answer.get_by_role("button", name=WORDS["unscope"]).click()
    inside.locator(".qa-card", has_text=LIBRARY.title).first.wait_for()
    assert asked == ["ferry", None]


@pytest.mark.parametrize(
    ("attributes", "head", "title"),
    [
        ('data-article="library"', "", LIBRARY.title),
        ("", f'<link rel="canonical" href="{FERRY.url}/?utm_source=mail#top">', FERRY.title),
        ('data-article="https://NEWS.example/ferry"', "", FERRY.title),
        ('data-article=""', f'<link rel="canonical" href="{FERRY.url}">', None),
        ("", '<link rel="canonical" href="https://news.example/front-page">', None),
        ('data-article="no such one"', "", None),
    ],
)
def test_the_article_on_the_page_is_asked_first_and_one_click_asks_all(
    visit: Visit, host: HostSite, attributes: str, head: str, title: str | None
) -> None:
    page = visit(host.page(attributes, head))
    inside = open_panel(page)
    if title is None:
        page.wait_for_timeout(300)
        assert inside.locator(".qa-scope").inner_text() == ""
        return
    inside.locator(".qa-scoped", has_text=title).wait_for()
    other = LIBRARY.title if title == FERRY.title else FERRY.title
    question = "市立圖書館開放到幾點？" if title == FERRY.title else FERRY_QUESTION
    assert other not in ask_panel(page, question).inner_text()
    inside.locator(".qa-unscope").click()
    assert other in ask_panel(page, question, 2).inner_text()


def test_on_a_phone_the_panel_takes_the_screen_and_nothing_behind_it_can_be_reached(visit: Visit) -> None:
    page = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    launcher(page).tap()
    inside = panel(page)
    inside.locator("textarea").wait_for()
    page.locator("iframe:not(.waiting)").wait_for()
    box = page.locator("iframe").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, PHONE["width"], PHONE["height"])
    assert page.evaluate("() => [document.body.inert, document.documentElement.style.overflow]") == [True, "hidden"]
    assert page.locator("[role=dialog]").get_attribute("aria-modal") == "true"
    ask_panel(page)
    assert panel_frame(page).evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    inside.get_by_role("button", name=WORDS["close"]).tap()
    page.locator("iframe").wait_for(state="hidden")
    assert page.evaluate("() => [document.body.inert, document.documentElement.style.overflow]") == [False, ""]


def test_the_keyboard_of_a_phone_makes_the_panel_smaller_and_pinching_does_not(visit: Visit) -> None:
    page = visit(
        viewport=PHONE,
        init="""{
            const view = Object.assign(new EventTarget(), { height: 740, offsetTop: 0, scale: 1 });
            Object.defineProperty(window, "visualViewport", { value: view });
        }""",
    )
    open_panel(page)
    shown = """([height, offsetTop, scale]) => {
        Object.assign(visualViewport, { height, offsetTop, scale });
        visualViewport.dispatchEvent(new Event("resize"));
        const root = document.querySelector("[role=region]").shadowRoot;
        const { top, bottom } = root.querySelector("iframe").getBoundingClientRect();
        return [top, bottom];
    }"""
    assert page.evaluate(shown, [410, 30, 1]) == [30, 440]
    assert page.evaluate(shown, [370, 100, 2]) == [30, 440]
    assert page.evaluate(shown, [740, 0, 1]) == [0, 740]
