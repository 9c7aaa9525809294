"""What a publisher's page can ask of the widget, and what it may do to it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from qa.wording import wording

from ..conftest import FERRY, FERRY_QUESTION, LIBRARY, serving, with_settings
from .conftest import HEARING, WORDS, ask_panel, heard, launcher, newest_in_panel, open_panel, panel

if TYPE_CHECKING:
    from ..conftest import Site
    from .conftest import HostSite, Visit

pytestmark = pytest.mark.browser


def test_without_scripts_the_link_is_a_link(visit: Visit, host: HostSite) -> None:
    page = visit(java_script_enabled=False)
    assert page.locator("a[data-qa]").is_visible()
    assert page.locator("a[data-qa]").get_attribute("href") == f"{host.server}/"
    assert launcher(page).count() == 0


def test_with_scripts_a_button_takes_the_links_place_and_nothing_else_is_loaded_before_a_click(
    visit: Visit, host: HostSite
) -> None:
    page = visit()
    launcher(page).wait_for()
    assert page.locator("a[data-qa]").is_hidden()
    page.wait_for_timeout(500)
    assert {urlsplit(url).path for url in page.requested if url.startswith(host.server)} == {"/widget.js"}
    open_panel(page)
    assert {urlsplit(url).hostname for url in page.requested} == {"localhost", "127.0.0.1"}


def test_other_links_that_are_marked_open_the_panel_and_get_the_focus_back(visit: Visit, host: HostSite) -> None:
    page = visit(host.page(body=f'<p><a data-qa id="more" href="{host.server}/">問這篇文章</a></p>'))
    launcher(page).wait_for()
    page.locator("#more").click()
    panel(page).locator("textarea").wait_for()
    panel(page).locator("textarea").press("Escape")
    page.locator("iframe").wait_for(state="hidden")
    assert page.evaluate("() => document.activeElement.id") == "more"
    assert page.url == f"{host.url}/"


def test_calls_made_before_the_script_has_loaded_are_carried_out(visit: Visit, host: HostSite) -> None:
    calls = f"""<script>
        window.QA = window.QA || [];
        QA.push(["nonsense"]);
        QA.push(["on", "answer", (detail) => (window.answer = detail)]);
        QA.push((qa) => qa.on("qa:ready", () => (window.wasReady = true)));
        QA.push(["ask", "{FERRY_QUESTION}"]);
    </script>"""
    page = visit(host.page(head=calls), init=HEARING)
    page.wait_for_function("() => window.answer && window.wasReady")
    answer = page.evaluate("() => window.answer")
    assert (answer["question"], answer["status"]) == (FERRY_QUESTION, "answered")
    assert answer["citations"][0]["article_id"] == FERRY.id
    assert [name for name, _ in page.evaluate("() => window.heard")] == ["open", "ready", "question", "answer"]


def test_the_page_can_open_close_ask_listen_and_take_the_widget_away(visit: Visit, host: HostSite) -> None:
    page = visit(init=HEARING)
    launcher(page).wait_for()
    page.locator("input").focus()
    page.evaluate(
        "() => { QA.open(); window.off = QA.on('question', () => (window.count = (window.count ?? 0) + 1)); }"
    )
    panel(page).locator("textarea:focus").wait_for()
    page.evaluate("question => QA.ask(question)", FERRY_QUESTION)
    newest_in_panel(page)
    page.evaluate("() => { window.off(); QA.ask('你好'); QA.ask('   '); }")
    newest_in_panel(page, 2)
    assert page.evaluate("() => window.count") == 1
    assert len(heard(page, "question")) == 2
    page.evaluate("() => QA.close()")
    assert page.locator("iframe").is_hidden()
    assert page.evaluate("() => document.activeElement.matches('input')")
    page.evaluate("() => { window.old = QA; QA.destroy(); window.old.open(); window.old.destroy(); }")
    assert page.locator("[role=region]").count() == 0
    assert page.locator("a[data-qa]").is_visible()
    page.add_script_tag(url=f"{host.server}/widget.js")
    open_panel(page)
    assert page.ran == []


def test_a_script_that_is_loaded_twice_makes_one_widget(visit: Visit, host: HostSite) -> None:
    head = f'<script src="{host.server}/widget.js"></script>' * 2
    page = visit(host.page(head=head, body=host.snippet() * 2), init=HEARING)
    open_panel(page)
    page.add_script_tag(url=f"{host.server}/widget.js?again")
    assert launcher(page).count() == 1
    assert len(heard(page, "ready")) == 1


def test_a_page_that_becomes_another_keeps_the_panel_and_tells_it_the_new_article(visit: Visit, host: HostSite) -> None:
    page = visit(host.page(head=f'<link rel="canonical" href="{FERRY.url}">'))
    inside = open_panel(page)
    inside.locator(".qa-scoped", has_text=FERRY.title).wait_for()
    ask_panel(page)
    page.evaluate(
        """snippet => {
            history.pushState({}, "", "/library");
            document.querySelector("link[rel=canonical]").remove();
            const body = document.createElement("body");
            body.innerHTML = snippet;
            document.body.replaceWith(body);
            const script = document.createElement("script"); // as frameworks do, which run the scripts of a new body
            for (const { name, value } of body.querySelector("script").attributes) script.setAttribute(name, value);
            body.querySelector("script").replaceWith(script);
        }""",
        host.snippet('data-article="library"'),
    )
    page.wait_for_timeout(300)
    assert launcher(page).count() == 1
    assert page.locator("a[data-qa]").is_hidden()
    assert inside.locator(".qa-card").first.is_visible()
    page.evaluate("() => window.dispatchEvent(new Event('blur'))")
    inside.locator(".qa-scoped", has_text=LIBRARY.title).wait_for()


def test_a_button_that_a_page_throws_away_comes_back(visit: Visit) -> None:
    page = visit()
    open_panel(page)
    page.evaluate("() => document.querySelector('[role=region]').remove()")
    open_panel(page)
    assert launcher(page).count() == 1


@pytest.mark.parametrize("before_it", [True, False])
def test_a_panel_can_stand_in_the_page_itself(visit: Visit, host: HostSite, before_it: bool) -> None:
    target = f'<div id="ask" style="--qa-height: 500px"><a data-qa href="{host.server}/">問文章</a></div>'
    page = visit(host.page('data-target="#ask" data-color="#003366"', body=target))
    page.locator("#ask iframe:not(.waiting)").wait_for()
    assert (
        panel(page).locator(".submit-button").evaluate("it => getComputedStyle(it).backgroundColor")
        == "rgb(0, 51, 102)"
    )
    assert launcher(page).is_hidden()
    assert page.locator("#ask a[data-qa]").is_hidden()
    assert page.evaluate("() => document.activeElement === document.body")  # it does not take the reader away
    assert panel(page).get_by_role("button", name=WORDS["close"]).count() == 0
    assert ask_panel(page).locator(".qa-card").count() == 1
    frame, column = page.locator("#ask iframe").bounding_box(), page.locator("#ask").bounding_box()
    assert (abs(frame["width"] - column["width"]) <= 2, abs(frame["height"] - 500) <= 2) == (True, True)
    if before_it:
        page.evaluate("() => document.querySelector('#ask').remove()")
        open_panel(page).locator(".qa-exchange").wait_for()  # on a route without it there is the button


@pytest.mark.parametrize("selector", ["#missing", "###"])
def test_a_target_that_is_not_there_gives_the_button(visit: Visit, host: HostSite, selector: str) -> None:
    page = visit(host.page(f'data-target="{selector}"'))
    open_panel(page)
    assert page.ran == []


@pytest.mark.parametrize(
    ("attribute", "lang", "locale", "language"),
    [
        ("", "zh-Hant", "en-GB", "zh-Hant"),
        ("", "zh-CN", "en-GB", "zh-Hans"),
        ("", "", "fr-FR", "zh-Hant"),
        ('data-lang="en"', "zh-Hant", "zh-HK", "en"),
        ('data-lang="xx"', "en", "zh-HK", "en"),
    ],
)
def test_the_widget_speaks_the_language_that_is_set_or_the_pages_or_the_readers(
    visit: Visit, host: HostSite, attribute: str, lang: str, locale: str, language: str
) -> None:
    page = visit(host.page(attribute, lang=lang), locale=locale)
    words = wording(language)
    launcher(page).wait_for()
    assert launcher(page).inner_text() == words["page_title"]
    inside = open_panel(page)
    assert inside.locator("html").get_attribute("lang") == language
    inside.get_by_role("button", name=words["send"], exact=True).wait_for()
    inside.get_by_role("textbox", name=words["question"]).wait_for()
    assert words["disclaimer"] in inside.locator("#qa-footer").inner_text()


def test_the_publishers_title_questions_side_and_privacy_link_are_used(visit: Visit, host: HostSite) -> None:
    texts = f'data-title="問海港" data-questions="{FERRY_QUESTION} | | 館長是誰？"'
    page = visit(host.page(f'{texts} data-position="left" data-privacy-url="/p"'))
    inside = open_panel(page)
    assert (launcher(page).inner_text(), inside.locator("h1").inner_text()) == ("問海港", "問海港")
    assert launcher(page).bounding_box()["x"] < 60
    assert inside.locator(".qa-suggestion").all_inner_texts() == [FERRY_QUESTION, "館長是誰？"]
    link = inside.get_by_role("link", name=WORDS["privacy"])
    assert link.get_attribute("href") == f"{host.url}/p"
    inside.locator(".qa-suggestion").first.click()
    assert newest_in_panel(page).locator(".qa-card").count() == 1


def test_a_panel_that_cannot_be_reached_gives_a_link_instead(visit: Visit, host: HostSite) -> None:
    page = visit(init=HEARING)
    page.context.route("**/widget?*", lambda route: route.fulfill(status=503, body="busy"))
    launcher(page).click()
    link = page.get_by_role("link", name=WORDS["open_apart"])
    link.wait_for()
    assert link.get_attribute("href") == f"{host.server}/"
    assert heard(page, "error") == [{"reason": "cannot_open"}]
    page.context.unroute("**/widget?*")
    page.get_by_role("button", name=WORDS["close"]).click()
    open_panel(page)


def test_the_server_may_live_under_a_path(visit: Visit, host: HostSite, site: Site) -> None:
    settings = {"allowed_origins": (host.url,), "public_url": "https://news.example/ask"}
    with serving(with_settings(site.engine, **settings)) as below:
        page = visit(host.page('data-article="ferry"').replace(host.server, f"{below.url}/ask"))
        open_panel(page).locator(".qa-scoped", has_text=FERRY.title).wait_for()
        answer = ask_panel(page)
        answer.locator("[data-name=up][aria-pressed=false]").click()
        answer.locator(".qa-thanks").wait_for()
        assert all("/ask/" in url for url in page.requested if url.startswith(below.url))


EXAMPLE = Path(__file__).parents[3] / "examples" / "host-page"


@pytest.mark.parametrize("name", ["index", "article", "inline"])
def test_the_example_site_works(visit: Visit, host: HostSite, name: str) -> None:
    html = (EXAMPLE / f"{name}.html").read_text(encoding="utf-8")
    assert all((EXAMPLE / link).exists() for link in re.findall(r'(?:href|privacy-url)="([^":]+)"', html))
    named = re.search('data-article="(.*?)"', html)
    assert named is None or (EXAMPLE.parents[1] / "corpus" / f"{named[1]}.md").exists()
    page = visit(html.replace("http://127.0.0.1:7860", host.server))
    if name == "inline":
        page.locator("#ask iframe:not(.waiting)").wait_for()
    else:
        open_panel(page)
    assert ask_panel(page).locator(".qa-card").count() == 1
    assert panel(page).get_by_role("link", name=WORDS["privacy"]).get_attribute("href") == f"{host.url}/privacy.html"
