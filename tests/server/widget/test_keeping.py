"""A conversation that goes with the reader to the next page of the site, and what others may do to it meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..conftest import FERRY, FERRY_QUESTION
from .conftest import ask_panel, open_panel

if TYPE_CHECKING:
    from ..conftest import Opened
    from .conftest import HostSite, Visit

pytestmark = pytest.mark.browser

THROWING = """for (const name of ["sessionStorage", "localStorage"])
    Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });"""


def test_a_conversation_survives_moving_to_another_page_and_ends_after_a_while(visit: Visit, host: HostSite) -> None:
    page = visit()
    open_panel(page)
    ask_panel(page)
    page.goto(f"{host.url}/other")
    inside = open_panel(page)
    inside.locator(".qa-exchange").wait_for()
    assert inside.locator(".qa-question").all_inner_texts() == [FERRY_QUESTION]
    assert inside.locator(".qa-card a.qa-title").first.inner_text() == FERRY.title
    assert "周末" in ask_panel(page, "那周末呢？", 2).locator(".qa-understood").inner_text()
    change_kept(page, "kept => ({ ...kept, at: kept.at - 2 * 3600_000 })")
    page.goto(f"{host.url}/")
    inside = open_panel(page)
    inside.locator(".qa-welcome").wait_for()
    assert inside.locator(".qa-exchange").count() == 0


def change_kept(page: Opened, change: str) -> None:
    """Changes the conversation that the page keeps, as another of its scripts could."""
    page.evaluate(
        f"""() => {{
            const key = Object.keys(sessionStorage).find((name) => name.startsWith("qa-conversation"));
            sessionStorage.setItem(key, JSON.stringify(({change})(JSON.parse(sessionStorage.getItem(key)))));
        }}"""
    )


NOT_THE_PANELS_OWN = (
    "() => null",
    "kept => ({ ...kept, form: 0 })",
    "kept => ({ ...kept, exchanges: [{}] })",
    "kept => ({ ...kept, exchanges: [{ key: 'q1', question: 1, view: { state: 'done', cards: [{ n: 1 }] } }] })",
    "kept => ({ ...kept, exchanges: [{ ...kept.exchanges[0], key: '\"><img src=x onerror=alert(1)>' }] })",
)


def test_a_conversation_that_is_not_the_panels_own_is_forgotten(visit: Visit, host: HostSite) -> None:
    page = visit()
    open_panel(page)
    ask_panel(page)
    own = page.evaluate("() => ({ ...sessionStorage })")
    for change in NOT_THE_PANELS_OWN:
        page.evaluate("own => Object.assign(sessionStorage, own)", own)
        change_kept(page, change)
        page.goto(f"{host.url}/other")
        inside = open_panel(page)
        inside.locator(".qa-welcome").wait_for()
        assert inside.locator(".qa-exchange").count() == 0, change
    assert page.ran == []


def test_a_link_that_was_slipped_into_a_conversation_is_none(visit: Visit, host: HostSite) -> None:
    page = visit()
    open_panel(page)
    ask_panel(page)
    change_kept(page, "kept => (kept.exchanges[0].view.cards[0].link = 'javascript:alert(1)', kept)")
    page.goto(f"{host.url}/other")
    inside = open_panel(page)
    inside.locator(".qa-card").first.wait_for()
    assert inside.locator("a.qa-title").count() == 0


def test_a_long_conversation_is_kept_in_part(visit: Visit, host: HostSite) -> None:
    page = visit()
    open_panel(page)
    for count in range(1, 13):
        ask_panel(page, f"你好{'！' * count}", count)
    page.goto(f"{host.url}/other")
    inside = open_panel(page)
    inside.locator(".qa-exchange").first.wait_for()
    assert inside.locator(".qa-exchange").count() == 10


def test_a_browser_that_keeps_nothing_is_no_obstacle(visit: Visit) -> None:
    page = visit(init=THROWING)
    open_panel(page)
    assert ask_panel(page).locator(".qa-card").count() == 1
    assert page.ran == []
