"""Text -> the tokens by which the keyword leg finds it."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from qa.text.folding import HAN, fold
from qa.text.numerals import digits

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ENGLISH_STOP_WORDS", "TOKEN_RULES", "latin_words", "stem", "tokenize"]

TOKEN_RULES = "3"  # part of the index's fingerprint: raise it when tokens change

_KANA_HANGUL_THAI = r"\u0e00-\u0e7f\u3040-\u30ff\u31f0-\u31ff\uac00-\ud7af"
_UNSPACED_CLASS = f"[{HAN}{_KANA_HANGUL_THAI}]"
_RUN = re.compile(
    rf"(?P<unspaced>{_UNSPACED_CLASS}+)|(?P<number>\d+(?:\.\d+)?)|(?P<word>(?:(?!{_UNSPACED_CLASS})[^\W\d_])+)"
)
ENGLISH_STOP_WORDS = frozenset(
    """a about above after again all also am an and any are as at be because been before being between both but by
    can could did do does doing during each for from further had has have having he her here hers him his how i if
    in into is it its just me more most my no nor not of off on once only or other our out over own s same she
    should so some such t than that the their them then there these they this those through to too under until up
    very was we were what when where which while who whom whose why will with would you your according""".split()  # noqa: SIM905
)


def tokenize(text: str) -> list[str]:
    """Cuts a text of any script into tokens, in order.

    Unspaced scripts (Han, kana, Hangul, Thai) give single characters and bigrams, so that names no dictionary
    knows are found; spaced scripts give stemmed words; numbers stay whole.
    """
    return list(_tokens(digits(fold(text))))


def latin_words(text: str) -> list[str]:
    """Lists the words of the spaced scripts and the numbers, folded and in order, not stemmed."""
    return [match[0] for match in _RUN.finditer(fold(text)) if match.lastgroup != "unspaced"]


def _tokens(folded: str) -> Iterator[str]:
    for match in _RUN.finditer(folded):
        run = match[0]
        if match.lastgroup == "unspaced":
            yield from run
            yield from (run[at : at + 2] for at in range(len(run) - 1))
        elif match.lastgroup == "number":
            yield run
        else:
            yield stem(run)


@functools.lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Cuts a folded English word down to its stem; words of other languages stay whole."""
    return str(_stemmer().stemWord(word)) if word.isascii() else word


@functools.cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
