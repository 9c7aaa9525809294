"""The chat page as a reader meets it, in a real Chromium."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pytest

from qa.feedback import Feedback
from qa.records import Done, Evidence
from qa.wording import wording

from .conftest import ATTACKS, DESKTOP, FERRY, FERRY_QUESTION, FERRY_QUOTE, LIBRARY, PHONE, ask, newest_answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.records import Event, Turn

    from .conftest import Open, Opened, Site

pytestmark = pytest.mark.browser

WORDS = wording("zh-Hant")
WIDE = {"width": 1920, "height": 1080}
MARS = "火星上最高的山有多高？"


def is_wider_than_the_window(page: Opened) -> bool:
    return bool(
        page.evaluate(
            "() => [document.documentElement, document.querySelector('.qa-log')]"
            ".some(element => element.scrollWidth > element.clientWidth)"
        )
    )


def questions(page: Opened) -> list[str]:
    return [text.strip() for text in page.locator(".qa-question").all_inner_texts()]


# Asking and reading


def test_an_answer_shows_its_quote_with_headline_author_and_date(open_page: Open, site: Site) -> None:
    page = open_page(site)
    answer = ask(page, FERRY_QUESTION)
    assert "[1]" in answer.locator(".qa-answer").inner_text()
    card = answer.locator(".qa-card").first
    assert FERRY_QUOTE in card.locator(".qa-quote").inner_text()
    assert card.locator(".qa-title").inner_text() == FERRY.title
    link = card.locator(".qa-title").get_attribute("href")
    assert link is not None
    assert link.startswith(f"{FERRY.url}#:~:text={quote(FERRY_QUOTE[:5])}")
    assert card.locator(".qa-meta > *").all_inner_texts() == ["海港日報", "林海", "2026年3月5日"]
    assert page.locator("#qa-box textarea").input_value() == ""


def test_a_quote_can_be_read_in_its_paragraph_and_stays_open_while_another_answer_comes(
    open_page: Open, site: Site
) -> None:
    page = open_page(site)
    card = ask(page, FERRY_QUESTION).locator(".qa-card").first
    card.locator(".qa-context summary").click()
    assert FERRY_QUOTE in card.locator(".qa-here").inner_text()
    assert "船公司說，周末另外加開四班。" in card.locator(".qa-context p").inner_text()
    card.locator(".qa-context summary").press("Tab")
    ask(page, "你好", 2)
    assert page.locator(".qa-context").first.evaluate("part => part.open")


def test_a_mark_and_its_card_light_each_other_up_and_lead_to_each_other(open_page: Open, site: Site) -> None:
    page = open_page(site)
    answer = ask(page, FERRY_QUESTION)
    mark, card = answer.locator(".qa-mark").first, answer.locator(".qa-card").first
    mark.hover()
    assert "qa-lit" in (card.get_attribute("class") or "")
    mark.press("Enter")
    assert card.evaluate("card => card === document.activeElement")
    assert "qa-lit" in (mark.get_attribute("class") or "")
    card.locator(".qa-number").press("Enter")
    assert mark.evaluate("mark => mark === document.activeElement")


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
    assert questions(page) == []
    assert page.locator("#qa-box textarea").input_value() == "青洲"


def test_a_declined_question_looks_different_offers_headlines_and_cites_nothing(
    open_page: Open, declining_site: Site
) -> None:
    page = open_page(declining_site)
    answer = ask(page, MARS)
    assert WORDS["declined"] in answer.inner_text()
    assert answer.locator(".qa-answer").evaluate("part => getComputedStyle(part).borderTopStyle") == "dashed"
    assert page.locator(".qa-card").count() == 0
    assert set(answer.locator(".qa-suggestion").all_inner_texts()) == {FERRY.title, LIBRARY.title}


def test_a_suggestion_asks_when_it_is_clicked(open_page: Open, declining_site: Site) -> None:
    page = open_page(declining_site)
    ask(page, MARS)
    page.locator(".qa-suggestion", has_text=LIBRARY.title).click()
    newest_answer(page, 2)
    assert questions(page) == [MARS, LIBRARY.title]


def test_an_example_asks_when_it_is_clicked(open_page: Open, site: Site) -> None:
    page = open_page(site)
    page.locator(".qa-suggestion", has_text=FERRY_QUESTION).click()
    assert FERRY_QUOTE in newest_answer(page).inner_text()
    assert questions(page) == [FERRY_QUESTION]


def test_the_page_opens_with_what_there_is_to_ask_about(open_page: Open, site: Site) -> None:
    welcome = open_page(site).locator(".qa-welcome").inner_text()
    count = site.engine.generation().manifest["articles"]
    days = {"oldest": "2026年2月1日", "newest": "2026年3月5日"}
    assert WORDS["holdings_from_to"].format(articles=count, **days) in welcome
    assert FERRY_QUESTION in welcome


def test_a_greeting_is_returned_with_questions_to_ask(open_page: Open, site: Site) -> None:
    answer = ask(open_page(site), "你好")
    assert WORDS["greeting"] in answer.inner_text()
    assert FERRY_QUESTION in answer.locator(".qa-suggestion").all_inner_texts()


@pytest.mark.parametrize("blank", ["", "   ", "\u200b"])
def test_a_blank_question_gets_a_polite_message(open_page: Open, site: Site, blank: str) -> None:
    assert ask(open_page(site), blank).locator(".qa-notice").inner_text() == WORDS["blank"]


def test_an_over_long_question_gets_a_polite_message(open_page: Open, site: Site) -> None:
    page = open_page(site)
    page.evaluate("() => document.querySelector('#qa-box textarea').removeAttribute('maxlength')")
    limit = site.engine.settings.max_question_chars
    notice = ask(page, "船" * (limit + 1)).locator(".qa-notice").inner_text()
    assert notice == WORDS["too_long"].format(limit=limit)


def test_an_unexpected_fault_gets_a_polite_message_and_can_be_tried_again(
    open_page: Open, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise RuntimeError("secret detail")

    page = open_page(site)
    with monkeypatch.context() as patched:
        patched.setattr(site.engine, "stream", fault)
        assert ask(page, FERRY_QUESTION).locator(".qa-notice").inner_text() == WORDS["failed"]
    assert "secret detail" not in page.content()
    page.locator("[data-name=retry]").click()
    page.locator(".qa-card").first.wait_for()
    assert questions(page) == [FERRY_QUESTION]


def test_a_follow_up_is_asked_with_the_turns_before_it(
    open_page: Open, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    histories: list[list[Turn]] = []
    stream = site.engine.stream

    def recorded(question: str, history: Sequence[Turn] = (), *rest: str | None) -> Iterator[Event]:
        histories.append(list(history))
        return stream(question, history, *rest)

    monkeypatch.setattr(site.engine, "stream", recorded)
    page = open_page(site)
    ask(page, FERRY_QUESTION)
    answer = ask(page, "那周末呢？", 2)
    assert histories[0] == []
    assert [turn.question for turn in histories[1]] == [FERRY_QUESTION]
    assert FERRY_QUOTE in histories[1][0].answer
    assert answer.locator(".qa-understood").inner_text().startswith(WORDS["understood"].split("{")[0])


def test_two_readers_do_not_see_each_other(open_page: Open, site: Site) -> None:
    one, other = open_page(site), open_page(site)
    ask(one, FERRY_QUESTION)
    ask(other, "你好")
    assert questions(one) == [FERRY_QUESTION]
    assert questions(other) == ["你好"]


# While an answer is on its way


class Slow:
    """An engine's stream that gives the evidence, and the rest when it is told to."""

    def __init__(self, site: Site) -> None:
        self.answer = site.engine.ask(FERRY_QUESTION)
        self.go_on = threading.Event()
        self.ended = threading.Event()

    def __call__(self, *_: object) -> Iterator[Event]:
        try:
            yield Evidence(self.answer.citations)
            while not self.go_on.wait(0.1):
                yield Evidence(self.answer.citations)
            yield from self.answer.sentences
            yield Done(self.answer)
        finally:
            self.ended.set()


def test_the_evidence_is_shown_before_the_words(open_page: Open, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(site)
    monkeypatch.setattr(site.engine, "stream", slow)
    page = open_page(site)
    page.locator("#qa-box textarea").fill(FERRY_QUESTION)
    page.keyboard.press("Enter")
    page.locator(".qa-card").first.wait_for()
    assert page.locator(".qa-answer .qa-mark").count() == 0
    slow.go_on.set()
    assert "[1]" in newest_answer(page).inner_text()


def test_an_answer_can_be_stopped_and_the_next_question_is_answered(
    open_page: Open, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(site)
    page = open_page(site)
    with monkeypatch.context() as patched:
        patched.setattr(site.engine, "stream", slow)
        page.locator("#qa-box textarea").fill(FERRY_QUESTION)
        page.keyboard.press("Enter")
        page.locator("[data-name=stop]").click()
        assert newest_answer(page).locator(".qa-notice").inner_text() == WORDS["stopped"]
        assert slow.ended.wait(10)
    assert LIBRARY.title in ask(page, "市立圖書館開放到幾點？", 2).inner_text()


def test_a_question_typed_too_early_waits_in_the_box(
    open_page: Open, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(site)
    page = open_page(site)
    monkeypatch.setattr(site.engine, "stream", slow)
    page.locator("#qa-box textarea").fill(FERRY_QUESTION)
    page.keyboard.press("Enter")
    page.locator(".qa-card").first.wait_for()
    page.locator("#qa-box textarea").fill("下一個問題")
    page.keyboard.press("Enter")
    page.locator("#qa-box .submit-button").click()
    slow.go_on.set()
    newest_answer(page)
    assert questions(page) == [FERRY_QUESTION]
    assert page.locator("#qa-box textarea").input_value() == "下一個問題"


# What a reader does with an answer


def test_the_last_question_can_be_edited_and_its_answer_makes_room(open_page: Open, site: Site) -> None:
    page = open_page(site)
    ask(page, "你好")
    ask(page, FERRY_QUESTION, 2)
    page.locator(".qa-exchange").last.locator("[data-name=edit]").click()
    box = page.locator("#qa-box textarea")
    assert box.input_value() == FERRY_QUESTION
    box.fill("市立圖書館開放到幾點？")
    page.keyboard.press("Enter")
    page.locator(".qa-card", has_text=LIBRARY.title).first.wait_for()
    assert questions(page) == ["你好", "市立圖書館開放到幾點？"]


def test_a_conversation_can_be_cleared_and_is_forgotten(
    open_page: Open, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(site)
    ask(page, FERRY_QUESTION)
    page.get_by_role("button", name=WORDS["clear"]).click()
    page.locator(".qa-welcome").wait_for()
    assert questions(page) == []
    page.wait_for_timeout(500)
    assert ask(page, "那周末呢？").locator(".qa-understood").count() == 0


def test_an_answer_is_copied_with_its_sources(open_page: Open, site: Site) -> None:
    page = open_page(site, permissions=["clipboard-read", "clipboard-write"])
    ask(page, FERRY_QUESTION).locator("[data-name=copy]").click()
    page.locator("[data-name=copy]", has_text=WORDS["copied"]).wait_for()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    assert FERRY_QUOTE in copied
    assert f"[1] {FERRY.title} · 海港日報 · 林海 · 2026年3月5日" in copied


def test_an_answer_is_shared_as_a_link_that_asks_again(open_page: Open, site: Site) -> None:
    page = open_page(site, permissions=["clipboard-read", "clipboard-write"])
    ask(page, FERRY_QUESTION).locator("[data-name=share]").click()
    page.locator("[data-name=share]", has_text=WORDS["shared"]).wait_for()
    link = urlsplit(page.evaluate("() => navigator.clipboard.readText()"))
    other = open_page(site, query=f"?{link.query}")
    assert FERRY_QUOTE in newest_answer(other).inner_text()
    assert questions(other) == [FERRY_QUESTION]


def test_a_thumb_down_asks_why_and_is_kept(open_page: Open, site: Site) -> None:
    page = open_page(site)
    question = "青洲渡輪周末加開幾班？"
    ask(page, question).locator("[data-name=down]").click()
    page.locator(".qa-reason").fill("沒有說平日")
    page.keyboard.press("Enter")
    page.locator(".qa-thanks").wait_for()
    assert page.locator("[data-name=down]").get_attribute("aria-pressed") == "true"
    page.wait_for_function("words => document.querySelector('.qa-status').textContent === words", arg=WORDS["thanks"])
    kept = {row.question: row for row in Feedback(site.engine.settings.feedback_file).report()}
    assert (kept[question].disliked, kept[question].reasons) == (1, ("沒有說平日",))
    page.locator("[data-name=up]").click()
    page.wait_for_timeout(1000)
    assert question not in {row.question for row in Feedback(site.engine.settings.feedback_file).report()}


def test_a_thumb_that_could_not_be_kept_is_not_shown_as_kept(open_page: Open, site: Site) -> None:
    page = open_page(site)
    page.route("**/api/feedback", lambda route: route.fulfill(status=503))
    ask(page, FERRY_QUESTION).locator("[data-name=up]").click()
    page.wait_for_function("words => document.querySelector('.qa-status').textContent === words", arg=WORDS["failed"])
    assert page.locator("[data-name=up]").get_attribute("aria-pressed") == "false"


# The articles


def test_articles_are_listed_found_opened_and_asked_about(open_page: Open, site: Site) -> None:
    page = open_page(site)
    page.get_by_role("button", name=WORDS["articles"]).click()
    page.locator(".qa-list button").first.wait_for()
    assert page.locator(".qa-list .qa-title").all_inner_texts()[:2] == [FERRY.title, LIBRARY.title]
    page.locator(".qa-search").fill("图书馆")
    page.wait_for_function(
        "title => document.querySelector('.qa-list .qa-title')?.textContent === title", arg=LIBRARY.title
    )
    page.locator(".qa-list button").first.click()
    article = page.locator(".qa-article")
    article.locator("h3").wait_for()
    assert "館長陳一鳴表示" in article.inner_text()
    article.get_by_role("button", name=WORDS["ask_article"]).click()
    assert page.locator(".qa-browse").is_hidden()
    assert LIBRARY.title in page.locator(".qa-scope").inner_text()
    assert FERRY.title not in ask(page, FERRY_QUESTION).inner_text()
    page.get_by_role("button", name=WORDS["unscope"]).click()
    assert FERRY_QUOTE in ask(page, FERRY_QUESTION, 2).inner_text()


def test_the_list_of_articles_closes_with_escape_and_gives_the_focus_back(open_page: Open, site: Site) -> None:
    page = open_page(site)
    opener = page.get_by_role("button", name=WORDS["articles"])
    opener.press("Enter")
    page.locator(".qa-list button").first.wait_for()
    page.keyboard.press("Escape")
    assert page.locator(".qa-browse").is_hidden()
    assert opener.evaluate("opener => opener === document.activeElement")


# Languages


@pytest.mark.parametrize(
    ("locale", "language"),
    [("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-CN", "zh-Hans"), ("en-GB", "en"), ("fr-FR", "zh-Hant")],
)
def test_the_page_speaks_the_readers_language(open_page: Open, site: Site, locale: str, language: str) -> None:
    page = open_page(site, locale=locale)
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").inner_text() == wording(language)["page_title"] == page.title()
    page.get_by_role("button", name=wording(language)["send"], exact=True).wait_for()
    page.get_by_role("textbox", name=wording(language)["question"]).wait_for()
    assert wording(language)["disclaimer"] in page.locator("#qa-footer").inner_text()


def test_the_language_can_be_changed_in_mid_conversation_and_is_remembered(open_page: Open, site: Site) -> None:
    page = open_page(site)
    answer = ask(page, FERRY_QUESTION)
    page.locator(".qa-language").select_option("en")
    english = wording("en")
    assert english["context"] in page.locator(".qa-card").first.inner_text()
    assert page.locator(".qa-meta time").first.inner_text() == "2026-03-05"
    assert FERRY_QUOTE in answer.inner_text()
    page.reload()
    page.get_by_role("button", name=english["send"], exact=True).wait_for()
    assert page.locator("h1").inner_text() == english["page_title"]


# Safety


def test_nothing_in_an_article_or_a_question_runs_or_loads_or_links(open_page: Open, site: Site) -> None:
    page = open_page(site)
    for number, attack in enumerate(ATTACKS):
        question = f"第{number}號鑽機在北坡鑽到了多少米深？{attack}"
        ask(page, question, number + 1)
        assert "".join(questions(page)[-1].split()) == "".join(question.split())
    page.get_by_role("button", name=WORDS["articles"]).click()
    page.locator(".qa-list button", has_text="onerror=alert(1)").click()
    page.locator(".qa-article h3").wait_for()
    page.wait_for_timeout(2000)
    cited = page.locator(".qa-card").all_inner_texts()
    assert any("onerror=alert(1)" in card for card in cited)
    assert page.ran == []
    assert {urlsplit(url).hostname for url in page.requested if not url.startswith("data:")} == {"127.0.0.1"}
    foreign = "img, script, iframe, svg, style, link, math, object, embed, video, audio"
    assert page.locator("#qa-root, .qa-browse").locator(foreign).count() == 0
    links = page.locator(":is(#qa-root, .qa-browse) a:not(.qa-mark)").evaluate_all(
        "links => links.map(link => [link.href, link.rel, link.getAttributeNames().sort().join()])"
    )
    hosts = {(urlsplit(href).scheme, urlsplit(href).hostname) for href, _, _ in links}
    assert hosts <= {("https", "news.example"), ("https", "evil.example")}  # those of the articles' own addresses
    assert all((rel, names) == ("noopener noreferrer", "class,href,rel,target") for _, rel, names in links)


def test_an_attack_in_the_address_is_asked_as_text(open_page: Open, site: Site) -> None:
    page = open_page(site, query=f"?q={quote(ATTACKS[0])}&article={quote(ATTACKS[1])}&lang={quote(ATTACKS[2])}")
    newest_answer(page)
    assert questions(page) == [ATTACKS[0]]
    assert ATTACKS[1] in page.locator(".qa-scope").inner_text()
    assert page.ran == []


def test_nothing_is_asked_of_another_host(open_page: Open, site: Site) -> None:
    page = open_page(site)
    ask(page, FERRY_QUESTION)
    assert {urlsplit(url).hostname for url in page.requested} == {"127.0.0.1"}


# Looks


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP, WIDE], ids=["phone", "desktop", "wide"])
def test_nothing_is_wider_than_the_window(open_page: Open, site: Site, viewport: dict[str, int]) -> None:
    page = open_page(site, viewport)
    assert not is_wider_than_the_window(page)
    ask(page, FERRY_QUESTION)
    ask(page, f"第0號鑽機在北坡鑽到了多少米深？{'x' * 300}", 2)
    assert not is_wider_than_the_window(page)


def test_the_evidence_is_beside_the_answer_on_a_wide_screen_and_under_it_on_a_phone(
    open_page: Open, site: Site
) -> None:
    for viewport, is_beside in ((DESKTOP, True), (PHONE, False)):
        reply = ask(open_page(site, viewport), FERRY_QUESTION)
        answer, cards = reply.locator(".qa-answer").bounding_box(), reply.locator(".qa-cards").bounding_box()
        assert (cards["x"] >= answer["x"] + answer["width"]) is is_beside
        assert (cards["y"] >= answer["y"] + answer["height"]) is not is_beside


def test_at_twice_the_size_the_page_can_be_read_and_used(open_page: Open, site: Site) -> None:
    page = open_page(site, {"width": 640, "height": 430}, device_scale_factor=2)  # what 200 % of 1280 x 860 leaves
    answer = ask(page, FERRY_QUESTION)
    assert not is_wider_than_the_window(page)
    answer.locator(".qa-card").first.scroll_into_view_if_needed()
    answer.locator(".qa-context summary").first.click()
    page.locator("#qa-box textarea").scroll_into_view_if_needed()
    assert page.locator("#qa-box textarea").is_visible()


def test_the_newest_question_is_in_view_after_a_long_answer(open_page: Open, site: Site) -> None:
    page = open_page(site, PHONE)
    for answers, question in enumerate((FERRY_QUESTION, "你好", "總結一下這些文章"), start=1):
        ask(page, question, answers)
    page.wait_for_timeout(500)
    box = page.locator(".qa-question").last.bounding_box()
    log = page.locator(".qa-log").bounding_box()
    assert log["y"] - 1 <= box["y"] < log["y"] + log["height"] / 3


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


def test_nothing_moves_where_that_is_not_wished(open_page: Open, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(site)
    page = open_page(site, reduced_motion="reduce")
    monkeypatch.setattr(site.engine, "stream", slow)
    page.locator("#qa-box textarea").fill(FERRY_QUESTION)
    page.keyboard.press("Enter")
    page.locator(".qa-question").wait_for()
    longest = page.evaluate(
        "() => Math.max(...document.getAnimations().map(one => one.effect.getComputedTiming().duration), 0)"
    )
    slow.go_on.set()
    assert longest <= 1


# Without a mouse, without eyes


def test_the_page_speaks_chinese_to_a_screen_reader(open_page: Open, site: Site) -> None:
    page = open_page(site)
    ask(page, FERRY_QUESTION)
    assert page.get_by_role("log", name=WORDS["conversation"]).count() == 1
    assert page.get_by_role("textbox", name=WORDS["question"]).count() == 1
    assert page.get_by_role("button", name=WORDS["send"], exact=True).count() == 1
    assert page.get_by_role("region", name=WORDS["evidence"]).count() == 1
    assert page.get_by_role("link", name=WORDS["quote_n"].format(n=1)).count() >= 1


def test_a_finished_answer_is_announced_once(open_page: Open, site: Site) -> None:
    page = open_page(site)
    page.evaluate(
        """() => {
            window.announced = [];
            const status = document.querySelector(".qa-status");
            new MutationObserver(() => window.announced.push(status.textContent)).observe(status, { childList: true });
        }"""
    )
    ask(page, FERRY_QUESTION)
    page.wait_for_timeout(300)
    announced = page.evaluate("() => window.announced")
    assert len(announced) == 1
    assert FERRY_QUOTE in announced[0]
    assert page.locator(".qa-log").get_attribute("aria-live") == "off"


def test_the_page_can_be_used_with_the_keyboard_alone(open_page: Open, site: Site) -> None:
    page = open_page(site)
    page.locator(".qa-suggestion", has_text=FERRY_QUESTION).focus()
    page.keyboard.press("Enter")
    newest_answer(page)
    names = []
    page.locator(".qa-log").focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate(
                "() => { const at = document.activeElement; return at.dataset.name ?? at.className.split(' ')[0]; }"
            )
        )
    wanted = ["qa-mark", "copy", "share", "up", "down", "retry", "edit", "qa-number", "qa-title", "context-1"]
    assert [name for name in dict.fromkeys(names) if name in wanted] == wanted


def test_nothing_of_gradio_is_on_show(open_page: Open, site: Site) -> None:
    page = open_page(site)
    ask(page, FERRY_QUESTION)
    shown = page.locator("body").inner_text()
    assert not any(word in shown for word in ("Gradio", "Chatbot", "Submit", "API", "Settings", "Textbox"))


def test_the_words_sent_to_the_page_are_those_of_the_files(open_page: Open, site: Site) -> None:
    texts = open_page(site).evaluate("() => JSON.stringify(window.qaTexts)")
    assert json.loads(texts) == {language: dict(wording(language)) for language in ("zh-Hant", "zh-Hans", "en")}
