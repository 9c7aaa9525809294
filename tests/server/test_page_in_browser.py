"""The chat page as a reader meets it, in a real Chromium."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from qa.records import Done, Evidence
from qa.wording import wording

from .conftest import ATTACKS, BROWSER_MS, FERRY, FERRY_QUESTION, FERRY_QUOTE, LIBRARY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.records import Event, Turn

    from .conftest import Site

pytestmark = pytest.mark.browser

WORDS = wording("zh-Hant")
PHONE = {"width": 375, "height": 740}
DESKTOP = {"width": 1280, "height": 860}
WIDE = {"width": 1920, "height": 1080}

Opened = Any  # playwright's Page
Open = Callable[..., Opened]


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Opened]]:
    """Opens pages that note down every request, dialog and error, and closes them afterwards."""
    contexts = []

    def open_page(site: Site, viewport: dict[str, int] = DESKTOP, query: str = "", **options: Any) -> Opened:
        context = browser.new_context(viewport=viewport, **options)
        contexts.append(context)
        context.set_default_timeout(BROWSER_MS)
        page = context.new_page()
        page.requested, page.ran = [], []
        page.on("request", lambda request: page.requested.append(request.url))
        page.on("dialog", lambda dialog: (page.ran.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: page.ran.append(str(error)))
        page.goto(f"{site.url}/{query}")
        page.locator("#qa-box textarea").wait_for()
        page.locator("#qa-conversation button.example").first.wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()


def ask(page: Opened, question: str, answers: int = 1) -> Any:
    """Types a question, sends it, and returns the newest of `answers` answers."""
    page.locator("#qa-box textarea").fill(question)
    page.locator("#qa-box .submit-button").click()
    return newest_answer(page, answers)


def newest_answer(page: Opened, answers: int = 1) -> Any:
    page.wait_for_function(
        "count => document.querySelectorAll('#qa-conversation .bot-row .qa-answer p').length"
        " && document.querySelectorAll('#qa-conversation .bot-row').length === count"
        " && !document.querySelector('#qa-conversation .dots')",
        arg=answers,
    )
    return page.locator("#qa-conversation .bot-row").last


def is_wider_than_the_window(page: Opened) -> bool:
    return bool(
        page.evaluate(
            "() => [document.documentElement, document.querySelector('#qa-conversation [role=log]')]"
            ".some(element => element.scrollWidth > element.clientWidth)"
        )
    )


def test_an_answer_shows_its_quote_with_headline_author_and_date(open_page: Open, site: Site) -> None:
    page = open_page(site)
    answer = ask(page, FERRY_QUESTION)
    assert "[1]" in answer.locator(".qa-answer").inner_text()
    card = answer.locator(".qa-card").first
    assert FERRY_QUOTE in card.locator(".qa-quote").inner_text()
    assert card.locator(".qa-title").inner_text() == FERRY.title
    assert card.locator(".qa-title").get_attribute("href") == FERRY.url
    assert card.locator(".qa-meta > *").all_inner_texts() == ["海港日報", "林海", "2026年3月5日"]
    assert page.locator("#qa-box textarea").input_value() == ""


def test_a_quote_can_be_read_in_its_paragraph(open_page: Open, site: Site) -> None:
    card = ask(open_page(site), FERRY_QUESTION).locator(".qa-card").first
    card.locator("summary").click()
    assert FERRY_QUOTE in card.locator("details mark").inner_text()
    assert "船公司說，周末另外加開四班。" in card.locator("details p").inner_text()


def test_the_enter_key_asks(open_page: Open, site: Site) -> None:
    page = open_page(site)
    page.locator("#qa-box textarea").fill(FERRY_QUESTION)
    page.keyboard.press("Enter")
    assert "[1]" in newest_answer(page).inner_text()


def test_an_enter_key_that_picks_a_word_in_an_input_method_does_not_ask(open_page: Open, site: Site) -> None:
    page = open_page(site)
    page.locator("#qa-box textarea").fill("青洲")
    page.evaluate(
        """() => {
            const box = document.querySelector("#qa-box textarea");
            for (const kind of ["keydown", "keypress", "keyup"])
                box.dispatchEvent(new KeyboardEvent(kind, { key: "Enter", isComposing: true, bubbles: true }));
        }"""
    )
    page.wait_for_timeout(1500)
    assert page.locator("#qa-conversation .user-row").count() == 0
    assert page.locator("#qa-box textarea").input_value() == "青洲"


def test_a_declined_question_offers_headlines_and_cites_nothing(open_page: Open, declining_site: Site) -> None:
    page = open_page(declining_site)
    answer = ask(page, "火星上最高的山有多高？")
    assert WORDS["declined"] in answer.inner_text()
    assert page.locator("#qa-conversation .qa-card").count() == 0
    assert set(page.locator("#qa-conversation button.option").all_inner_texts()) == {FERRY.title, LIBRARY.title}


def test_a_suggestion_asks_when_it_is_clicked(open_page: Open, declining_site: Site) -> None:
    page = open_page(declining_site)
    ask(page, "火星上最高的山有多高？")
    page.locator("#qa-conversation button.option", has_text=LIBRARY.title).click()
    newest_answer(page, 2)
    assert page.locator("#qa-conversation .user-row").last.inner_text().strip() == LIBRARY.title
    # What can no longer be clicked is still there to read.
    assert FERRY.title in page.locator("#qa-conversation .bot-row").first.inner_text()


def test_an_example_asks_when_it_is_clicked(open_page: Open, site: Site) -> None:
    page = open_page(site)
    page.locator("#qa-conversation button.example", has_text=FERRY_QUESTION).click()
    assert FERRY_QUOTE in newest_answer(page).inner_text()
    assert page.locator("#qa-conversation .user-row").inner_text().strip() == FERRY_QUESTION


def test_a_greeting_is_returned_with_questions_to_ask(open_page: Open, site: Site) -> None:
    page = open_page(site)
    assert WORDS["greeting"] in ask(page, "你好").inner_text()
    assert FERRY_QUESTION in page.locator("#qa-conversation button.option").all_inner_texts()


@pytest.mark.parametrize("blank", ["", "   ", "\u200b"])
def test_a_blank_question_gets_a_polite_message(open_page: Open, site: Site, blank: str) -> None:
    assert ask(open_page(site), blank).inner_text().strip() == WORDS["blank"]


def test_an_over_long_question_gets_a_polite_message(open_page: Open, site: Site) -> None:
    page = open_page(site)
    page.evaluate("() => document.querySelector('#qa-box textarea').removeAttribute('maxlength')")
    limit = site.engine.settings.max_question_chars
    assert ask(page, "船" * (limit + 1)).inner_text().strip() == WORDS["too_long"].format(limit=limit)


def test_an_unexpected_fault_gets_a_polite_message(
    open_page: Open, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(site.engine, "stream", fault)
    page = open_page(site)
    assert ask(page, FERRY_QUESTION).inner_text().strip() == WORDS["failed"]
    assert "secret detail" not in page.content()


def test_a_follow_up_is_asked_with_the_turns_before_it(
    open_page: Open, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    histories: list[list[Turn]] = []
    stream = site.engine.stream

    def recorded(question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        histories.append(list(history))
        return stream(question, history)

    monkeypatch.setattr(site.engine, "stream", recorded)
    page = open_page(site)
    ask(page, FERRY_QUESTION)
    ask(page, "那周末呢？", answers=2)
    assert histories[0] == []
    assert [turn.question for turn in histories[1]] == [FERRY_QUESTION]
    assert FERRY_QUOTE in histories[1][0].answer


def test_two_readers_do_not_see_each_other(open_page: Open, site: Site) -> None:
    one, other = open_page(site), open_page(site)
    ask(one, FERRY_QUESTION)
    ask(other, "你好")
    assert one.locator("#qa-conversation .user-row").count() == 1
    assert other.locator("#qa-conversation .user-row").all_inner_texts() == ["你好"]


def test_the_evidence_is_shown_before_the_words(open_page: Open, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    answer = site.engine.ask(FERRY_QUESTION)
    seen = threading.Event()

    def slow(*_: object) -> Iterator[Event]:
        yield Evidence(answer.citations)
        seen.wait(60)
        yield from answer.sentences
        yield Done(answer)

    monkeypatch.setattr(site.engine, "stream", slow)
    page = open_page(site)
    page.locator("#qa-box textarea").fill(FERRY_QUESTION)
    page.keyboard.press("Enter")
    page.locator("#qa-conversation .qa-card").first.wait_for()
    assert page.locator("#qa-conversation .qa-answer").inner_text() == ""
    seen.set()
    assert "[1]" in newest_answer(page).inner_text()


def test_nothing_in_an_article_or_a_question_runs_or_loads_or_links(open_page: Open, site: Site) -> None:
    page = open_page(site)
    for number, attack in enumerate(ATTACKS):
        question = f"第{number}號鑽機在北坡鑽到了多少米深？{attack}"
        ask(page, question, answers=number + 1)
        asked = page.locator("#qa-conversation .user-row .qa-question").last.inner_text()
        assert "".join(asked.split()) == "".join(question.split())
    page.wait_for_timeout(2000)
    cited = page.locator("#qa-conversation .qa-card").all_inner_texts()
    assert any("onerror=alert(1)" in card for card in cited)
    assert page.ran == []
    assert {urlsplit(url).hostname for url in page.requested if not url.startswith("data:")} == {"127.0.0.1"}
    foreign = "img, script, iframe, svg, style, link, form, math, object, embed, video, audio, .mermaid, .katex"
    assert page.locator("#qa-conversation .prose").locator(foreign).count() == 0
    allowed = {article.url for article in (FERRY, LIBRARY)} | {'https://evil.example/"onmouseover=alert(15)'}
    links = page.locator("#qa-conversation .prose a").evaluate_all(
        "links => links.map(link => [link.getAttribute('href'), link.rel, link.attributes.length])"
    )
    assert {href for href, _, _ in links} <= allowed
    assert all(rel == "noopener noreferrer" and attributes == 4 for _, rel, attributes in links)


def test_nothing_is_asked_of_another_host(open_page: Open, site: Site) -> None:
    page = open_page(site)
    ask(page, FERRY_QUESTION)
    assert {urlsplit(url).hostname for url in page.requested} == {"127.0.0.1"}


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP, WIDE], ids=["phone", "desktop", "wide"])
def test_nothing_is_wider_than_the_window(open_page: Open, site: Site, viewport: dict[str, int]) -> None:
    page = open_page(site, viewport)
    assert not is_wider_than_the_window(page)
    ask(page, FERRY_QUESTION)
    ask(page, f"第0號鑽機在北坡鑽到了多少米深？{'x' * 300}", answers=2)
    assert not is_wider_than_the_window(page)


def test_the_newest_question_is_in_view_after_a_long_answer(open_page: Open, site: Site) -> None:
    page = open_page(site, PHONE)
    for answers, question in enumerate((FERRY_QUESTION, "你好", "總結一下這些文章"), start=1):
        ask(page, question, answers)
    page.wait_for_timeout(1000)
    box = page.locator("#qa-conversation .user-row").last.bounding_box()
    log = page.locator("#qa-conversation [role=log]").bounding_box()
    assert log["y"] - 1 <= box["y"] < log["y"] + log["height"]


@pytest.mark.parametrize(
    ("query", "options", "is_dark"),
    [
        ("?__theme=dark", {}, True),
        ("?__theme=light", {"color_scheme": "dark"}, False),
        ("", {"color_scheme": "dark"}, True),
        ("", {"color_scheme": "light"}, False),
    ],
)
def test_dark_and_light_follow_the_address_and_then_the_reader(
    open_page: Open, site: Site, query: str, options: dict[str, str], is_dark: bool
) -> None:
    page = open_page(site, query=query, **options)
    ask(page, FERRY_QUESTION)
    brightness = page.evaluate(
        """() => ["body", ".qa-card"].map(selector =>
            getComputedStyle(document.querySelector(selector)).backgroundColor.match(/\\d+/g).slice(0, 3)
                .reduce((sum, part) => sum + Number(part), 0) / 3)"""
    )
    assert all((value < 80) is is_dark for value in brightness)


def test_the_page_speaks_chinese_to_a_screen_reader(open_page: Open, site: Site) -> None:
    page = open_page(site)
    ask(page, FERRY_QUESTION)
    assert page.title() == WORDS["page_title"]
    assert page.locator("html").get_attribute("lang") == "zh-Hant"
    assert page.get_by_role("log", name=WORDS["conversation"]).count() == 1
    assert page.get_by_role("textbox", name=WORDS["question"]).count() == 1
    assert page.get_by_role("button", name=WORDS["send"]).count() == 1
    assert page.locator("#qa-conversation [aria-label*='message']").count() == 0


def test_nothing_of_gradio_is_on_show(open_page: Open, site: Site) -> None:
    page = open_page(site)
    ask(page, FERRY_QUESTION)
    shown = page.locator("body").inner_text()
    assert not any(word in shown for word in ("Gradio", "Chatbot", "Submit", "API", "Settings", "Textbox"))
