"""Answers -> the HTML of a chat message, made of nothing but our own tags and spelt-out text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qa.quoting import shown
from qa.text.folding import plain

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from qa.records import Answer, Citation, Sentence

__all__ = [
    "Paragraph",
    "answer_html",
    "is_short",
    "link_of",
    "literal",
    "question_html",
    "sentences_html",
    "suggestions_html",
]

Paragraph = tuple[str, str, str]  # the text before a quote, the quote, the text after it

_MARKUP = re.compile(r"[^\w ]|_", re.ASCII)
_MARK = re.compile(r"\[(\d{1,3})\]")


def literal(text: str) -> str:
    """Spells out, as character references, all that HTML, Markdown or LaTeX could read as markup."""
    return _MARKUP.sub(lambda character: _reference(character[0]), plain(text))


def _reference(character: str) -> str:
    return character if ord(character) > 127 else f"&#{ord(character)};"


def question_html(question: str) -> str:
    """Shows a question as typed."""
    return f'<div class="qa-question">{literal(question)}</div>'


def answer_html(
    answer: Answer, words: Mapping[str, str], paragraphs: Mapping[int, Paragraph], notice: str | None = None
) -> str:
    """Shows an answer with its quotes under it; `paragraphs` holds what stands around a quote, by its number."""
    spare = {f"- {suggestion}" for suggestion in answer.suggestions}
    lines = [line for line in answer.text.splitlines() if line.strip() and line not in spare]
    numbers = {citation.n for citation in answer.citations}
    short = is_short(answer.sentences, answer.citations)
    text = "".join(_line(_with_marks(line, numbers), short and at == 0) for at, line in enumerate(lines))
    text += f'<p class="qa-notice">{literal(notice)}</p>' if notice else ""
    return _message(text, answer.citations, words, paragraphs)


def sentences_html(
    sentences: Iterable[Sentence],
    citations: Iterable[Citation],
    words: Mapping[str, str],
    paragraphs: Mapping[int, Paragraph],
) -> str:
    """Shows an answer that is still being written."""
    said, cited = list(sentences), list(citations)
    lines = [literal(sentence.text) + "".join(map(_mark, sentence.citations)) for sentence in said]
    short = is_short(said, cited)
    text = "".join(_line(line, short and at == 0) for at, line in enumerate(lines))
    return _message(text, cited, words, paragraphs)


def is_short(sentences: Sequence[Sentence], citations: Sequence[Citation]) -> bool:
    """Tells whether an answer opens with the words that answer, before the sentence that they stand in."""
    return bool(sentences and citations) and sentences[0].text != shown(citations[0].quote)


def suggestions_html(suggestions: Iterable[str]) -> str:
    """Lists suggestions that can no longer be clicked."""
    items = "".join(f"<li>{literal(suggestion)}</li>" for suggestion in suggestions)
    return f'<ul class="qa-suggestions">{items}</ul>' if items else ""


def link_of(url: str | None) -> str | None:
    """Returns an address that is safe to link to, or None."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def _message(
    text: str, citations: Iterable[Citation], words: Mapping[str, str], paragraphs: Mapping[int, Paragraph]
) -> str:
    cards = "".join(_card(citation, words, paragraphs.get(citation.n)) for citation in citations)
    heading = f'<p class="qa-evidence">{literal(words["evidence"])}</p>'
    return f'<div class="qa-answer">{text}</div>' + (f'{heading}<ol class="qa-cards">{cards}</ol>' if cards else "")


def _with_marks(line: str, numbers: set[int]) -> str:
    """Spells out a line, but for the marks that match a citation."""
    pieces, at = [], 0
    for mark in _MARK.finditer(line):
        if int(mark[1]) in numbers:
            pieces += [literal(line[at : mark.start()]), _mark(int(mark[1]))]
            at = mark.end()
    return "".join([*pieces, literal(line[at:])])


def _mark(n: int) -> str:
    return f'<sup class="qa-mark">[{n}]</sup>'


def _line(html: str, is_short: bool) -> str:
    return f'<p class="qa-short">{html}</p>' if is_short else f"<p>{html}</p>"


def _quote(citation: Citation) -> str:
    """Spells out a quote, the words in it that answer marked."""
    if citation.answer_start is None or citation.answer_end is None:
        return literal(shown(citation.quote))
    first, last = citation.answer_start - citation.start, citation.answer_end - citation.start
    before, words, after = citation.quote[:first], citation.quote[first:last], citation.quote[last:]
    return f"{_piece(before)}<mark>{literal(shown(words))}</mark>{_piece(after)}"


def _piece(text: str) -> str:
    """Spells out what stands beside the marked words, with the space between."""
    before, after = (" " if edge.isspace() else "" for edge in (text[:1], text[-1:]))
    return literal(f"{before}{shown(text)}{after}") if text.strip() else literal(before)


def _card(citation: Citation, words: Mapping[str, str], paragraph: Paragraph | None) -> str:
    return (
        '<li class="qa-card">'
        f'<div class="qa-headline"><span class="qa-number">{citation.n}</span>{_headline(citation, words)}</div>'
        f"{_meta(citation, words)}"
        f'<blockquote class="qa-quote">{_quote(citation)}</blockquote>'
        f"{_context(paragraph, words)}</li>"
    )


def _headline(citation: Citation, words: Mapping[str, str]) -> str:
    title = literal(citation.title.strip() or words["untitled"])
    url = link_of(citation.url)
    if url is None:
        return f'<span class="qa-title">{title}</span>'
    return f'<a class="qa-title" href="{literal(url)}" target="_blank" rel="noopener noreferrer">{title}</a>'


def _meta(citation: Citation, words: Mapping[str, str]) -> str:
    named = [f"<span>{literal(name)}</span>" for name in (citation.source, citation.author) if name]
    if citation.published:
        day = literal(_date(citation.published, words))
        named.append(f'<time datetime="{citation.published.isoformat()}">{day}</time>')
    return f'<div class="qa-meta">{"".join(named)}</div>' if named else ""


def _date(day: dt.date, words: Mapping[str, str]) -> str:
    return words["date"].format(year=day.year, month=day.month, day=day.day)


def _context(paragraph: Paragraph | None, words: Mapping[str, str]) -> str:
    if paragraph is None or not (paragraph[0].strip() or paragraph[2].strip()):
        return ""
    before, quote, after = (literal(shown(part)) for part in paragraph)
    return (
        f'<details class="qa-context"><summary>{literal(words["context"])}</summary>'
        f"<p>{before}<mark>{quote}</mark>{after}</p></details>"
    )
