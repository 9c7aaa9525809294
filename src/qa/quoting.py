"""Evidence sentences -> verbatim quotes with their place, and how a quote is shown."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from qa.records import Article, Citation
from qa.text.folding import HAN, fold
from qa.text.numerals import digits
from qa.text.sentences import Paragraph, split_paragraphs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.expected import Expected
    from qa.retrieve import EvidenceSentence

__all__ = ["cite", "joined", "leans_on_previous", "paragraph_around", "quoted_span", "shown", "widen"]

# These often stand in the neighbouring sentence.
_OFTEN_BEFORE = frozenset(("date", "amount", "money", "quantity", "share", "reason"))
QUOTE_MAX_CHARS = 220  # a leaning sentence comes with the one before it only up to this length

# A sentence that opens with one of these cannot be understood without the sentence before it.
_LEANING = re.compile(
    r"[「『“\"（(]*(?:其(?!實|实|他|它|中|次|餘|余)|該|该(?!當)|此(?!外|類|类)|這(?!樣|麼)|这(?!样|么)|那(?!麼|么)|他(?!國|国|人|方)|她|它|牠|兩者|两者|二者|前者|後者|后者|雙方|双方|兩家|两家"
    r"|兩地|两地|三者|上述|同年|翌年|次年|隔年|當時|当时|屆時|届时|當中|当中|對此|对此|為此|为此"
    r"|[^，,。]{0,15}(?:因此|因而|於是|于是|故此|也跟了上|同樣|同样)"
    r"|(?:He|She|It|They|This|These|Those|That|His|Her|Its|Their|The company|The firm|Both|The former|The latter)\b)"
)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^()\s]*(?:\s[^()]*)?\)")
_EMPHASIS = re.compile(r"(\*\*|__|\*|`|~~)(?=\S)(.+?)(?<=\S)\1")
_HEADING_MARK = re.compile(r"(?m)^#{1,6}\s+")
_FOOTNOTE_MARK = re.compile(r"\[(\d+)\]")
_BREAK_IN_HAN = re.compile(rf"(?<=[{HAN}，。、；：！？」』）])\s*\n\s*(?=[{HAN}「『（])")


def quoted_span(sentence: EvidenceSentence, expected: Expected) -> tuple[int, int]:
    """Returns what to quote of a sentence: all that it takes to be understood, and to hold what was asked for."""
    article = sentence.passage.stored.article
    start, end = widen(article, sentence.start, sentence.end)
    if expected.kind in _OFTEN_BEFORE and not sentence.holds_expected:
        for before, after in ((1, 0), (0, 1)):
            wider = _with_neighbours(article, start, end, before, after)
            if _holds(expected, article.text[slice(*wider)]) and wider[1] - wider[0] <= QUOTE_MAX_CHARS:
                return wider
    return start, end


def cite(
    article: Article,
    start: int,
    end: int,
    n: int,
    score: float,
    words: tuple[int, int] | None = None,
    copies: tuple[str, ...] = (),
) -> Citation:
    """Makes citation number `n` of a stretch of an article; `words` in it answer, `copies` tell the same story."""
    paragraph_start, paragraph_end = paragraph_around(article, start, end)
    return Citation(
        n=n,
        article_id=article.id,
        title=article.title,
        url=article.url,
        author=article.author,
        source=article.source,
        published=article.published,
        start=start,
        end=end,
        quote=article.text[start:end],
        paragraph_start=paragraph_start,
        paragraph_end=paragraph_end,
        answer_start=words[0] if words else None,
        answer_end=words[1] if words else None,
        score=round(score, 4),
        copies=copies,
    )


def widen(article: Article, start: int, end: int) -> tuple[int, int]:
    """Completes a quote within its paragraph: clauses that a semicolon parted, and what it leans on before it."""
    sentences = _sentences_around(article, start)
    first = next((at for at, span in enumerate(sentences) if span[0] == start), None)
    if first is None:
        return start, end
    last = first
    while last + 1 < len(sentences) and _is_clause(article.text[start : sentences[last][1]]):
        if sentences[last + 1][1] - start > QUOTE_MAX_CHARS:
            break
        last += 1
    while first > 0 and sentences[last][1] - sentences[first - 1][0] <= QUOTE_MAX_CHARS:
        before = article.text[slice(*sentences[first - 1])]
        if not _is_clause(before) and not leans_on_previous(article.text[sentences[first][0] : sentences[last][1]]):
            break
        first -= 1
    return sentences[first][0], sentences[last][1]


def joined(article: Article, one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int] | None:
    """Returns the stretch of two that follow one another within a paragraph, where it is short enough for a quote."""
    (start, end), (following, last) = sorted((one, other))
    stretch = (start, max(end, last))
    parts = article.text[end:following] if following > end else ""
    is_one = not parts.strip() and paragraph_around(article, start, end) == paragraph_around(article, following, last)
    return stretch if is_one and stretch[1] - stretch[0] <= QUOTE_MAX_CHARS else None


def _with_neighbours(article: Article, start: int, end: int, before: int, after: int) -> tuple[int, int]:
    sentences = _sentences_around(article, start)
    inside = [at for at, span in enumerate(sentences) if start <= span[0] and span[1] <= end]
    if not inside:
        return start, end
    first, last = max(0, inside[0] - before), min(len(sentences) - 1, inside[-1] + after)
    return sentences[first][0], sentences[last][1]


def _holds(expected: Expected, text: str) -> bool:
    return expected.held_by(digits(fold(text)))


def _is_clause(sentence: str) -> bool:
    return sentence.endswith(("；", ";"))


def leans_on_previous(sentence: str) -> bool:
    """Tells whether a sentence opens with a word that points back."""
    return _LEANING.match(sentence) is not None


def paragraph_around(article: Article, start: int, end: int) -> tuple[int, int]:
    """Returns the paragraph that holds a quote, as offsets into the article."""
    for paragraph in _paragraphs(article):
        if paragraph.start <= start < paragraph.end:
            return paragraph.start, max(paragraph.end, end)
    return start, end


def shown(quote: str) -> str:
    """Takes Markdown marks and line breaks out of a quote; only for showing it."""
    text = _HEADING_MARK.sub("", _LINK.sub(r"\1", quote))
    text = _EMPHASIS.sub(r"\2", text)
    text = _FOOTNOTE_MARK.sub(r"［\1］", text)  # would read as a citation mark of ours
    return " ".join(_BREAK_IN_HAN.sub("", text).split())


def _sentences_around(article: Article, start: int) -> Sequence[tuple[int, int]]:
    for paragraph in _paragraphs(article):
        if paragraph.start <= start < paragraph.end:
            return paragraph.sentences
    return ()


@functools.lru_cache(maxsize=256)
def _paragraphs(article: Article) -> list[Paragraph]:
    return split_paragraphs(article.text)
