"""Origins as browsers write them."""

from __future__ import annotations

import pytest

from qa.addresses import origin_of, split_list


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://News.Example/path?x#y", "https://news.example"),
        ("http://news.example:80", "http://news.example"),
        ("https://news.example:8443/", "https://news.example:8443"),
        ("http://[::1]:7860", "http://[::1]:7860"),
        ("https://新聞.example", "https://xn--efvv70d.example"),
    ],
)
def test_an_address_has_the_origin_that_a_browser_sends(address: str, origin: str) -> None:
    assert origin_of(address) == origin


@pytest.mark.parametrize(
    "address", ["", "*", "null", "news.example", "ftp://news.example", "https://", "https://x:99999"]
)
def test_what_is_no_web_address_has_no_origin(address: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        origin_of(address)


@pytest.mark.parametrize("text", ["a, b", "a b", "a,b,", '["a", "b"]'])
def test_a_list_is_written_in_any_usual_way(text: str) -> None:
    assert split_list(text) == ["a", "b"]
