"""The widget without a mouse, without eyes, at twice the size; every state for axe and for the eye."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ..album import Album
from ..conftest import DESKTOP, FERRY, FERRY_QUESTION, FERRY_QUOTE, LIBRARY, PHONE
from .conftest import WORDS, ask_panel, launcher, open_panel, panel, panel_frame

if TYPE_CHECKING:
    from ..conftest import Opened, Site
    from .conftest import HostSite, Visit

pytestmark = pytest.mark.browser

PARAGRAPH = "<p>青洲居民等了兩年，渡輪終於加開班次。船公司說，新船比舊船快十分鐘，周末的班次也會增加。</p>"
NEWSPAPER = """<style>
body { margin: 0; font: 1.0625rem/1.9 "Noto Serif CJK TC", serif; color: #222; background: #fff }
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem }
main > input { display: none }
@media (prefers-color-scheme: dark) { body { background: #1a1a1a; color: #ddd } }
</style>"""


def seen(page: Opened, state: str) -> list[Any]:
    """Returns the panel's frame, and the page around it where that has just changed."""
    frames = [frame for frame in page.frames if "/widget?" in frame.url]
    return [*frames, page.main_frame] if state in ("closed", "welcome") else frames


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["375", "1280"])
def test_no_state_has_a_fault_that_axe_finds(
    visit: Visit,
    host: HostSite,
    asking: Site,
    monkeypatch: pytest.MonkeyPatch,
    viewport: dict[str, int],
    scheme: str,
) -> None:
    head = f'<link rel="canonical" href="{FERRY.url}">{NEWSPAPER}'
    page = visit(host.page('data-privacy-url="/privacy"', head, PARAGRAPH * 3), viewport=viewport, color_scheme=scheme)
    album = Album(page, f"widget-{viewport['width']}-{scheme}", seen)
    launcher(page).wait_for()
    album.take("closed")
    inside = open_panel(page)
    inside.locator(".qa-scoped").wait_for()
    album.take("welcome")
    ask_panel(page)
    album.take("answered")
    inside.locator("[data-name=down]").click()
    album.take("disliked")
    with monkeypatch.context() as patched:
        unsure = asking.engine.settings.model_copy(update={"confidence_threshold": 1.0})
        patched.setattr(asking.engine, "settings", unsure)
        ask_panel(page, "火星上最高的山有多高？", 2)
    album.take("declined")
    inside.locator(".qa-unscope").click()
    ask_panel(page, "市立圖書館開放到幾點？", 3)
    album.take("all-articles")
    page.context.route("**/api/ask", lambda route: route.fulfill(status=429, headers={"Retry-After": "20"}))
    ask_panel(page, "館長是誰？", 4)
    album.take("too-many")
    assert album.faults == []


@pytest.mark.parametrize(
    ("colour", "scheme"),
    [
        ("#c8102e", "light"),
        ("#c8102e", "dark"),
        ("gold", "light"),
        ("hsl(220 100% 20%)", "dark"),
        ("black", "dark"),
        ("white", "light"),
        ("nonsense", "light"),
    ],
)
def test_any_colour_of_a_publisher_can_be_read(visit: Visit, host: HostSite, colour: str, scheme: str) -> None:
    page = visit(host.page(f'data-color="{colour}" data-theme="{scheme}"'))
    open_panel(page)
    ask_panel(page)
    album = Album(page, f"widget-{''.join(filter(str.isalnum, colour))}-{scheme}", seen)
    album.take("colour")
    assert album.faults == []
    dark = panel_frame(page).evaluate("() => document.documentElement.classList.contains('dark')")
    assert dark is (scheme == "dark")


def test_the_whole_can_be_used_with_the_keyboard(visit: Visit, host: HostSite) -> None:
    page = visit(host.page('data-article="ferry" data-privacy-url="/p"'))
    launcher(page).wait_for()
    page.locator("main input").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    panel(page).locator("textarea:focus").wait_for()
    assert launcher(page).get_attribute("aria-expanded") == "true"
    panel(page).locator(".qa-scoped").wait_for()
    page.keyboard.insert_text(FERRY_QUESTION)
    page.keyboard.press("Shift+Enter")
    assert panel(page).locator("textarea").input_value() == f"{FERRY_QUESTION}\n"
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    panel(page).locator(".qa-exchange[aria-busy=false]").wait_for()
    names = []
    for _ in range(13):
        page.keyboard.press("Shift+Tab")
        names.append(
            panel_frame(page).evaluate(
                "() => document.activeElement.dataset.name ?? document.activeElement.className.split(' ')[0]"
            )
        )
    wanted = ["qa-unscope", "qa-title", "qa-number", "edit", "retry", "down", "up", "copy", "qa-mark"]
    assert [name for name in dict.fromkeys(names) if name in wanted] == wanted
    page.keyboard.press("Escape")
    page.locator("iframe").wait_for(state="hidden")
    page.keyboard.press("Enter")
    panel(page).locator("textarea:focus").wait_for()  # the focus was back on the button
    page.keyboard.press("Escape")
    page.locator("iframe").wait_for(state="hidden")
    launcher(page).click()
    page.locator("iframe").wait_for()
    launcher(page).press("Escape")
    page.locator("iframe").wait_for(state="hidden")


def test_a_screen_reader_finds_a_dialog_a_log_and_names_for_everything(visit: Visit) -> None:
    page = visit()
    inside = open_panel(page)
    assert page.get_by_role("dialog", name=WORDS["page_title"]).count() == 1
    assert page.locator("iframe").get_attribute("title") == WORDS["page_title"]
    inside.locator(".qa-status").evaluate(
        """status => {
            window.announced = [];
            new MutationObserver(() => window.announced.push(status.textContent)).observe(status, { childList: true });
        }"""
    )
    ask_panel(page)
    page.wait_for_timeout(300)
    announced = panel_frame(page).evaluate("() => window.announced")
    assert len(announced) == 1
    assert FERRY_QUOTE in announced[0]
    assert inside.get_by_role("log", name=WORDS["conversation"]).get_attribute("aria-live") == "off"
    for role, name in (("textbox", "question"), ("button", "send"), ("button", "close"), ("button", "up")):
        assert inside.get_by_role(role, name=WORDS[name], exact=True).count() == 1


@pytest.mark.parametrize("viewport", [DESKTOP, {"width": 320, "height": 560}], ids=["1280", "320"])
def test_everything_to_press_is_as_large_as_a_finger_and_nothing_is_too_wide(
    visit: Visit, host: HostSite, viewport: dict[str, int]
) -> None:
    page = visit(host.page('data-article="ferry"', lang="en"), viewport=viewport)
    launcher(page).wait_for()
    assert launcher(page).bounding_box()["height"] >= 44
    inside = open_panel(page)
    inside.locator(".qa-scoped").wait_for()
    ask_panel(page)
    sizes = inside.locator("button:not(.qa-number), textarea, summary").evaluate_all(
        "all => all.map(one => [one.textContent, one.getBoundingClientRect()])"
        ".map(([text, box]) => [text, Math.round(box.width), Math.round(box.height)])"
    )
    assert [size for size in sizes if min(size[1:]) < 44] == []
    album = Album(page, f"widget-{viewport['width']}", seen)
    album.take("english")
    assert album.faults == []
    assert panel_frame(page).evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_at_twice_the_size_the_widget_can_be_read_and_used(visit: Visit) -> None:
    page = visit(viewport={"width": 640, "height": 430}, device_scale_factor=2)  # what 200 % of 1280 x 860 leaves
    inside = open_panel(page)
    ask_panel(page)
    frame = panel_frame(page)
    assert frame.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    inside.locator(".qa-card").first.scroll_into_view_if_needed()
    inside.locator("textarea").scroll_into_view_if_needed()
    inside.get_by_role("button", name=WORDS["close"]).click()
    page.locator("iframe").wait_for(state="hidden")


def test_nothing_moves_where_that_is_not_wished(visit: Visit) -> None:
    page = visit(reduced_motion="reduce")
    page.context.route("**/api/ask", lambda route: None)  # never answered
    open_panel(page)
    panel(page).locator("textarea").fill(LIBRARY.title)
    panel(page).locator("textarea").press("Enter")
    panel(page).locator(".qa-dots").wait_for()
    longest = "() => Math.max(...document.getAnimations().map(one => one.effect.getComputedTiming().duration), 0)"
    assert page.evaluate(longest) <= 1
    assert panel_frame(page).evaluate(longest) <= 1
