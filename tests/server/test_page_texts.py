"""The interface texts of the three languages."""

from __future__ import annotations

import string

import pytest

from qa.wording import LANGUAGES, wording


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_the_same_texts_with_the_same_places_to_fill(language: str) -> None:
    first, other = wording(LANGUAGES[0]), wording(language)
    assert {key: placeholders(text) for key, text in first.items()} == {
        key: placeholders(text) for key, text in other.items()
    }
    assert all(text.strip() for text in other.values())
