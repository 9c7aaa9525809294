"""Answers and articles -> what a page shows of them, as plain data; the page puts it in as text, never as HTML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urldefrag, urlsplit

from qa.answer import marked
from qa.conversation import understood_as
from qa.quoting import shown
from qa.text.folding import has_han, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa.index.catalogue import Catalogue
    from qa.records import Answer, Article, Citation, Sentence

__all__ = ["answer_view", "article_view", "cards", "lines_of", "link_of", "listed", "sentence_lines", "text_fragment"]

FRAGMENT_MAX_CHARS = 80  # a longer quote is named by its first and last words
FRAGMENT_EDGE_CHARS = 16
EXCERPT_CHARS = 600

_MARK = re.compile(r"\[(\d{1,3})\]")

Line = dict[str, Any]  # `pieces`: text, and the numbers of citations; `short`: the words that answer


def answer_view(answer: Answer) -> dict[str, Any]:
    """Describes a finished answer: its status, its lines and what can be asked instead."""
    return {
        "status": answer.status,
        "lines": lines_of(answer),
        "suggestions": [plain(suggestion) for suggestion in answer.suggestions],
        "standalone": understood_as(answer),
        "notice": answer.notice,
        "trace_id": answer.trace_id,
    }


def lines_of(answer: Answer) -> list[Line]:
    """Cuts an answer's text into lines, and each line into text and marks; suggestions are left for the page."""
    spare = {f"- {suggestion}" for suggestion in answer.suggestions}
    numbers = {citation.n for citation in answer.citations}
    texts = [line for line in answer.text.splitlines() if line.strip() and line not in spare]
    short = tuple(marked(sentence) for sentence in answer.sentences if _is_short(sentence, answer.citations))
    return [
        {"pieces": _pieces(text, numbers), "short": text in short or (at == 0 and text.endswith(short))}
        for at, text in enumerate(texts)  # a date may stand before the first line
    ]


def sentence_lines(sentences: Sequence[Sentence], citations: Sequence[Citation]) -> list[Line]:
    """Describes the lines of an answer that is still being written; what a model writes flows on in one."""
    lines: list[Line] = []
    for at, sentence in enumerate(sentences):
        pieces = [plain(sentence.text), *sentence.citations]
        if at and sentence.status == sentences[at - 1].status == "checked":
            lines[-1]["pieces"] += pieces if has_han(sentence.text[:1]) else [f" {pieces[0]}", *pieces[1:]]
        else:
            lines.append({"pieces": pieces, "short": _is_short(sentence, citations)})
    return lines


def cards(citations: Iterable[Citation], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Describes the citations: headline, source, author, date, the quote and its paragraph, the answering words."""
    return [_card(citation, _article(citation.article_id, catalogue), catalogue) for citation in citations]


def article_view(article: Article, whole: bool) -> dict[str, Any]:
    """Describes an article: its paragraphs, or the first of them where it is not to be given away whole."""
    lines = [line for line in article.text.split("\n") if shown(plain(line))]
    kept = lines if whole else _excerpt(lines)
    paragraphs = [{"text": shown(plain(line)), "is_heading": line.startswith("#")} for line in kept]
    return {**listed(article), "link": link_of(article.url), "paragraphs": paragraphs, "is_excerpt": kept != lines}


def listed(article: Article) -> dict[str, Any]:
    """Describes an article as a list shows it."""
    return {"id": article.id, "title": plain(article.title).strip(), **_about(article)}


def link_of(url: str | None) -> str | None:
    """Returns an address that is safe to link to, or None."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def text_fragment(url: str, text: str) -> str:
    """Points an address at a text on its page (https://wicg.github.io/scroll-to-text-fragment/)."""
    words = " ".join(text.split())
    if len(words) > FRAGMENT_MAX_CHARS:
        named = f"{_escaped(words[:FRAGMENT_EDGE_CHARS])},{_escaped(words[-FRAGMENT_EDGE_CHARS:])}"
    else:
        named = _escaped(words)
    page, place = urldefrag(url)
    return f"{page}#{place}:~:text={named}"


def _escaped(text: str) -> str:
    return quote(text.strip(), safe="").replace("-", "%2D")


def _is_short(sentence: Sentence, citations: Sequence[Citation]) -> bool:
    """Tells whether a sentence is the words that answer: neither a quote nor what a model wrote."""
    quotes = [shown(citation.quote) for citation in citations if citation.n in sentence.citations]
    return sentence.status == "quoted" and bool(quotes) and sentence.text not in quotes


def _pieces(line: str, numbers: set[int]) -> list[str | int]:
    """Cuts a line at the marks that match a citation; any other bracket is text."""
    pieces: list[str | int] = []
    at = 0
    for mark in _MARK.finditer(line):
        if int(mark[1]) in numbers:
            pieces += [plain(line[at : mark.start()]), int(mark[1])]
            at = mark.end()
    return [piece for piece in [*pieces, plain(line[at:])] if piece != ""]


def _card(citation: Citation, article: Article | None, catalogue: Catalogue) -> dict[str, Any]:
    link = link_of(citation.url)
    return {
        "n": citation.n,
        "article_id": citation.article_id,
        "title": plain(citation.title).strip(),
        "link": link and text_fragment(link, shown(citation.quote)),
        **_about(citation),
        "quote": _quote(citation),
        "paragraph": _paragraph(citation, article),
        "copies": [_copy(copy) for name in citation.copies if (copy := _article(name, catalogue))],
    }


def _copy(article: Article) -> dict[str, Any]:
    return {"title": plain(article.title).strip(), "link": link_of(article.url), **_about(article)}


def _about(record: Article | Citation) -> dict[str, str | None]:
    return {
        "source": record.source and plain(record.source),
        "author": record.author and plain(record.author),
        "published": record.published.isoformat() if record.published else None,
    }


def _article(article_id: str, catalogue: Catalogue) -> Article | None:
    try:
        return catalogue.article(article_id)
    except KeyError:  # it has just been replaced
        return None


def _quote(citation: Citation) -> list[str]:
    """Cuts a quote into what stands before the answering words, those, and what stands after; as it is shown."""
    if citation.answer_start is None or citation.answer_end is None:
        return [plain(shown(citation.quote)), "", ""]
    first, last = citation.answer_start - citation.start, citation.answer_end - citation.start
    pieces = citation.quote[:first], citation.quote[first:last], citation.quote[last:]
    return [_side(pieces[0]), plain(shown(pieces[1])), _side(pieces[2])]


def _side(text: str) -> str:
    """Shows what stands beside marked words, with the space between."""
    before, after = (" " if edge.isspace() else "" for edge in (text[:1], text[-1:]))
    return plain(f"{before}{shown(text)}{after}" if text.strip() else before)


def _paragraph(citation: Citation, article: Article | None) -> list[str] | None:
    """Cuts the paragraph around a quote into what stands before it and after it; None where it is the quote alone."""
    if article is None or article.text[citation.start : citation.end] != citation.quote:
        return None
    before = article.text[citation.paragraph_start : citation.start]
    after = article.text[citation.end : citation.paragraph_end]
    return [_side(before), _side(after)] if before.strip() or after.strip() else None


def _excerpt(paragraphs: Sequence[str]) -> list[str]:
    kept: list[str] = []
    left = EXCERPT_CHARS
    for paragraph in paragraphs:
        if len(paragraph) > left:
            return kept or [paragraph[:EXCERPT_CHARS] + "…"]
        kept.append(paragraph)
        left -= len(paragraph)
    return kept
