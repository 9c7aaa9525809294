"""An article without a headline -> what stands out in it; a text -> its language."""

from __future__ import annotations

import collections
import re
from typing import TYPE_CHECKING

from qa.importing.cleaning import key
from qa.text.folding import has_han, is_simplified
from qa.text.sentences import split_sentences
from qa.text.tokens import ENGLISH_STOP_WORDS, latin_words, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["derived_title", "is_headline", "language_of"]

HEADLINE_MAX_CHARS = 80  # longer than any headline of the Chinese press; English ones are cut by it at 14 words or so
TITLE_CHARS = range(8, 46)  # of a derived title: a headline's length
FALLBACK_CHARS = 40  # where no sentence is short enough, as much of the first one
SET_APART_WEIGHT = 1.5  # what an editor showed twice was meant to stand out; half of it for the last of them
LEAD_WEIGHT = 1.2  # the lead says what the article is about
STOP_SHARE = 0.2  # of English words that are the commonest ones, in running text far above it
SAMPLE_CHARS = 5000
_SENTENCE_MARK = re.compile(r"[。.!！…]$")


def is_headline(text: str) -> bool:
    """Tells whether a line can be a headline: one line, short, and not a plain sentence."""
    return (
        0 < len(text) <= HEADLINE_MAX_CHARS and "\n" not in text and not text.rstrip().endswith(("。", ".", "；", "，"))
    )


def derived_title(paragraphs: Sequence[str], set_apart: Sequence[str] = ()) -> str:
    """Chooses the sentence that covers most of what the article speaks about; those set apart count more."""
    counts = collections.Counter(token for text in paragraphs for token in set(_words(text)))
    lead = [paragraphs[0][a:b] for a, b in split_sentences(paragraphs[0])] if paragraphs else []
    early = [SET_APART_WEIGHT * (1 - at / len(set_apart) / 2) for at in range(len(set_apart))]
    candidates = [*zip(set_apart, early, strict=True), *((text, LEAD_WEIGHT) for text in lead)]
    fitting = [(text, weight) for text, weight in candidates if len(text) in TITLE_CHARS]
    if not fitting:
        first = " ".join((lead or list(set_apart) or [""])[0].split())
        return first if len(first) <= FALLBACK_CHARS else f"{first[:FALLBACK_CHARS].rstrip()}……"
    best = max(fitting, key=lambda candidate: candidate[1] * _coverage(candidate[0], counts))
    return _SENTENCE_MARK.sub("", " ".join(best[0].split()))


def language_of(text: str, said: str | None = None) -> str | None:
    """Names the language of a text as far as its letters show it, else what the source says of itself."""
    sample = text[:SAMPLE_CHARS]
    if len(re.findall(r"[\u3040-\u30ff]", sample)) * 20 > len(sample):  # one kana in 20 signs: Japanese
        return "ja"
    if has_han(sample) and len(re.findall(r"[\u3400-\u9fff]", sample)) * 4 > len(key(sample)):
        return "zh-Hans" if is_simplified(sample) else "zh-Hant"
    words = latin_words(sample)
    if words and sum(word in ENGLISH_STOP_WORDS for word in words) / len(words) > STOP_SHARE:
        return "en"
    return said or None


def _coverage(text: str, counts: collections.Counter[str]) -> float:
    return float(sum(counts[token] - 1 for token in set(_words(text)) if counts[token] > 1))


def _words(text: str) -> list[str]:
    """Lists bigrams and words; single characters say little."""
    return [token for token in tokenize(text) if len(token) > 1 and token not in ENGLISH_STOP_WORDS]
