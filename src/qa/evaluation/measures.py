"""One answer, or one ranking, against what was expected: numbers from 0 to 1 with no opinion on how to sum them up."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from qa.text.folding import fold
from qa.text.numerals import digits
from qa.text.tokens import ENGLISH_STOP_WORDS, tokenize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from qa.records import Answer

__all__ = [
    "citation_precision",
    "citation_recall",
    "comparable",
    "contains",
    "exact_match",
    "f1",
    "is_supported",
    "ndcg",
    "own_words",
    "reciprocal_rank",
]

COVERED = 0.7  # share of a sentence's tokens that its citations must hold

_DASH = re.compile(r"(?<=\d)[–—~〜-](?=\d)")
_UNREAD = re.compile(r"[\W_]+")
_IN_FIGURES = frozenset(".:/-")
_FIGURE = re.compile(r"\d+(?:\.\d+)?")


def comparable(text: str) -> str:
    """Folds script, case, width and numerals, and leaves out spaces and punctuation but for what parts two digits."""
    return _UNREAD.sub(_parting, _DASH.sub("-", digits(fold(text))))


def _parting(match: re.Match[str]) -> str:
    text, start, end = match.string, match.start(), match.end()
    if not (text[max(0, start - 1) : start].isdecimal() and text[end : end + 1].isdecimal()):
        return ""
    return match[0] if match[0] in _IN_FIGURES else " "


def contains(text: str, answers: Iterable[str]) -> bool:
    """Tells whether one of the answers stands in the text; a figure does not stand in a longer one."""
    held = comparable(text)
    return any(_stands_in(wanted, held) for answer in answers if (wanted := comparable(answer)))


def _stands_in(wanted: str, held: str) -> bool:
    before = r"(?<!\d)(?<!\d\.)" if wanted[0].isdecimal() else ""
    after = r"(?!\.?\d)" if wanted[-1].isdecimal() else ""
    return wanted in held and re.search(f"{before}{re.escape(wanted)}{after}", held) is not None


def own_words(answer: Answer) -> str:
    """Returns what an answer says in words of its own: its text without quotes, headlines and suggested questions."""
    quoted = (sentence.text for sentence in answer.sentences if sentence.status == "quoted")
    headlines = (citation.title for citation in answer.citations)  # a summary's lead names them
    text = answer.text
    for part in sorted({*quoted, *headlines, *answer.suggestions}, key=len, reverse=True):  # some lie within others
        text = text.replace(part, "")
    return text


def exact_match(text: str, answers: Iterable[str]) -> bool:
    """Tells whether the text is one of the answers."""
    return any(comparable(text) == comparable(answer) for answer in answers)


def f1(text: str, answers: Iterable[str]) -> float:
    """Returns the best harmonic mean of precision and recall over characters (Rajpurkar et al. 2016, by character)."""
    return max((_f1(comparable(text), comparable(answer)) for answer in answers), default=0.0)


def _f1(text: str, answer: str) -> float:
    common = sum((Counter(text) & Counter(answer)).values())
    return 2 * common / (len(text) + len(answer)) if common else float(text == answer)


def reciprocal_rank(ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Returns 1 / the rank of the first relevant item, 0 where there is none."""
    return next((1 / rank for rank, item in enumerate(ranked, start=1) if item in relevant), 0.0)


def ndcg(ranked: Sequence[str], relevant: Collection[str], depth: int = 10) -> float:
    """Returns the normalised discounted cumulative gain of binary relevance (Järvelin and Kekäläinen 2002)."""
    gain = sum(1 / math.log2(rank + 1) for rank, item in enumerate(ranked[:depth], start=1) if item in relevant)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(relevant), depth) + 1))
    return gain / ideal if ideal else 0.0


def is_supported(sentence: str, quotes: Sequence[str]) -> bool:
    """Tells whether the quotes say what the sentence says, without a language model.

    Either the sentence stands in one of them, or all its figures and most of its words stand in them together.
    """
    said = comparable(sentence)
    if not said or any(_stands_in(said, comparable(quote)) for quote in quotes):
        return bool(said)
    together = digits(fold(" ".join(quotes)))
    if not set(_FIGURE.findall(digits(fold(sentence)))) <= set(_FIGURE.findall(together)):
        return False
    tokens = [token for token in tokenize(sentence) if token not in ENGLISH_STOP_WORDS]
    held = set(tokenize(" ".join(quotes)))
    return bool(tokens) and sum(token in held for token in tokens) >= COVERED * len(tokens)


def citation_recall(said: Sequence[tuple[str, Sequence[str]]]) -> float | None:
    """Returns the share of sentences that their quotes support (ALCE, arXiv 2305.14627); None without sentences."""
    return sum(is_supported(text, quotes) for text, quotes in said) / len(said) if said else None


def citation_precision(said: Sequence[tuple[str, Sequence[str]]]) -> float | None:
    """Returns the share of citations that are needed (ALCE, arXiv 2305.14627); None without citations.

    One is needed where its sentence is supported by all of them together, and it supports the sentence alone or the
    others do not without it.
    """
    needed = [_is_needed(text, quotes, at) for text, quotes in said for at in range(len(quotes))]
    return sum(needed) / len(needed) if needed else None


def _is_needed(text: str, quotes: Sequence[str], at: int) -> bool:
    if not is_supported(text, quotes):
        return False
    others = [*quotes[:at], *quotes[at + 1 :]]
    return is_supported(text, quotes[at : at + 1]) or not is_supported(text, others)
