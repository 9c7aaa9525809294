"""Names in a question in English -> which sentences tell of somebody or somewhere else, where others name them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.text.folding import has_han
from qa.text.tokens import ENGLISH_STOP_WORDS, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from qa.terms import Term

__all__ = ["english_names_in", "named_terms", "tell_of_others"]

_NAME = re.compile(r"(?<![.?!] )(?<!^)\b[A-Z]\w+")  # capitalised, and not because a sentence opens with it


def english_names_in(text: str) -> list[str]:
    """Lists the names in Latin letters that a question has behind its first word."""
    return [name for name in _NAME.findall(text) if name.lower() not in ENGLISH_STOP_WORDS]


def named_terms(question: str, terms: Iterable[Term]) -> list[Term]:
    """Returns the terms that an English question writes as names."""
    names = {name.lower() for name in english_names_in(question)}
    return [term for term in terms if names.issuperset(term.source.lower().split())]


def tell_of_others(
    names: Sequence[Term], sentences: Sequence[tuple[str, frozenset[str]]], lead: Callable[[int], str]
) -> list[bool]:
    """Tells of each sentence in Chinese whether it has none of the names, though another sentence has one.

    逾254萬輛 of 重慶 is no answer to `How many vehicles did Guangdong make?` if 廣東 is spoken of elsewhere.

    Args:
        names: what the question names.
        sentences: their texts and tokens.
        lead: from a sentence's place to what leads to it, its headline and what stands before; names there count too.
    """
    named = [any(name.found_in(tokens) for name in names) for _, tokens in sentences]
    if not any(named):
        return [False] * len(named)

    def is_led_to(at: int) -> bool:
        before = frozenset(tokenize(lead(at)))
        return any(name.found_in(before) for name in names)

    return [not named[at] and has_han(text) and not is_led_to(at) for at, (text, _) in enumerate(sentences)]
