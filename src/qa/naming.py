"""Names in a question in English -> which sentences tell of somebody or somewhere else, where others name them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.text.folding import has_han
from qa.text.tokens import ENGLISH_STOP_WORDS, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from qa.terms import Term

    Told = tuple[str, Sequence[tuple[str, frozenset[str]]]]  # a passage: headline, and its sentences with their tokens

__all__ = ["english_names_in", "named_terms", "tell_of_others"]

_NAME = re.compile(r"(?<![.?!] )(?<!^)\b[A-Z]\w+")  # capitalised, and not because a sentence opens with it


def english_names_in(text: str) -> list[str]:
    """Lists the names in Latin letters that a question has behind its first word."""
    return [name for name in _NAME.findall(text) if name.lower() not in ENGLISH_STOP_WORDS]


def named_terms(question: str, terms: Iterable[Term]) -> list[Term]:
    """Returns the terms that an English question writes as names."""
    names = {name.lower() for name in english_names_in(question)}
    return [term for term in terms if names.issuperset(term.source.lower().split())]


def tell_of_others(names: Sequence[Term], passages: Sequence[Told]) -> list[bool]:
    """Tells of each sentence in Chinese whether nothing with a name leads to it, though another sentence has one.

    逾254萬輛 of 重慶 is no answer to `How many vehicles did Guangdong make?` if 廣東 is spoken of elsewhere. What leads
    to a sentence is its headline, and its passage up to and with itself.
    """

    def has_name(tokens: frozenset[str]) -> bool:
        return any(name.found_in(tokens) for name in names)

    is_spoken_of = any(has_name(tokens) for _, said in passages for _, tokens in said)
    return [is_spoken_of and other for headline, said in passages for other in _others(headline, said, has_name)]


def _others(
    headline: str, said: Sequence[tuple[str, frozenset[str]]], has_name: Callable[[frozenset[str]], bool]
) -> Iterator[bool]:
    is_led_to = has_name(frozenset(tokenize(headline)))
    for text, tokens in said:
        is_led_to = is_led_to or has_name(tokens)
        yield not is_led_to and has_han(text)
