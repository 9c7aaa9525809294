"""Every state of the chat page, phone and desktop, light and dark: nothing for axe to find, a picture to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .album import PICTURES, Album
from .conftest import DESKTOP, FERRY_QUESTION, PHONE, ask

if TYPE_CHECKING:
    from .conftest import Open, Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["375", "1280"])
def test_no_state_has_a_fault_that_axe_finds(
    open_page: Open, site: Site, declining_site: Site, viewport: dict[str, int], scheme: str
) -> None:
    name = f"{viewport['width']}-{scheme}"
    page = open_page(site, viewport, color_scheme=scheme)
    album = Album(page, name)
    album.take("welcome")
    ask(page, FERRY_QUESTION)
    album.take("answered")
    page.locator(".qa-context summary").first.click()
    page.locator("[data-name=down]").click()
    album.take("opened-and-disliked")
    ask(page, "那周末呢？", 2)
    album.take("follow-up")
    ask(page, "", 3)
    album.take("blank")
    page.locator(".qa-tool").first.click()
    page.locator(".qa-list button").first.wait_for()
    album.take("articles")
    page.locator(".qa-list button").first.click()
    page.locator(".qa-article h3").wait_for()
    album.take("article")
    page.locator(".qa-ask").click()
    album.take("one-article")
    page.locator(".qa-language").select_option("en")
    album.take("english")
    declining = open_page(declining_site, viewport, color_scheme=scheme)
    other = Album(declining, name)
    ask(declining, "火星上最高的山有多高？")
    other.take("declined")
    assert album.faults + other.faults == []


def test_axe_finds_a_fault_where_there_is_one(open_page: Open, site: Site) -> None:
    page = open_page(site)
    page.evaluate("() => document.querySelector('.qa-log').append(document.createElement('button'))")
    album = Album(page, "faulty")
    album.take("faulty")
    (PICTURES / "faulty-faulty.png").unlink()
    assert any("button-name" in fault for fault in album.faults)
