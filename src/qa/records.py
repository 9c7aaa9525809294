"""The nouns of the project, frozen; every door speaks in these."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "Answer",
    "AnswerStatus",
    "Article",
    "Citation",
    "Done",
    "Event",
    "Evidence",
    "Hit",
    "IndexReport",
    "Passage",
    "Problem",
    "Sentence",
    "SentenceStatus",
    "Turn",
]

AnswerStatus = Literal["answered", "declined", "greeting"]
SentenceStatus = Literal["quoted", "checked"]


@dataclass(frozen=True, slots=True)
class Article:
    """One published text, exactly as given; `published` is a date, `text` is never normalised.

    `corrects` is the id of an article that this one puts right.
    """

    id: str
    title: str
    text: str
    url: str | None = None
    published: dt.date | None = None
    author: str | None = None
    source: str | None = None
    language: str | None = None
    questions: tuple[str, ...] = ()
    corrects: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article; offsets count code points into the article's text."""

    article_id: str
    start: int
    end: int
    text: str
    sentences: tuple[tuple[int, int], ...]

    @property
    def location(self) -> str:
        """Names the place as `article_id:start-end`."""
        return f"{self.article_id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that retrieval found; `legs` says what each leg scored, `copies` which articles tell the same story."""

    article_id: str
    title: str
    start: int
    end: int
    text: str
    score: float
    legs: dict[str, float]
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote and where it stands; all offsets count code points into the article's text.

    `copies` are the ids of the other articles that tell the same story, in the order in which to cite them.
    """

    n: int
    article_id: str
    title: str
    url: str | None
    author: str | None
    source: str | None
    published: dt.date | None
    start: int
    end: int
    quote: str
    paragraph_start: int
    paragraph_end: int
    answer_start: int | None = None
    answer_end: int | None = None
    score: float = 0.0
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer with the numbers of the citations that back it."""

    text: str
    citations: tuple[int, ...]
    status: SentenceStatus = "quoted"


@dataclass(frozen=True, slots=True)
class Turn:
    """A question asked before and the answer it got; both come from the client and are not trusted."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What every door returns; `text` carries `[n]` marks that match `citations`."""

    question: str
    standalone_question: str
    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    status: AnswerStatus
    confidence: float
    suggestions: tuple[str, ...] = ()
    notice: str | None = None
    mode: str = "quote"
    trace_id: str = ""
    abstained: bool = field(init=False)

    def __post_init__(self) -> None:
        """Derives `abstained`, which is true of everything but an answered question."""
        object.__setattr__(self, "abstained", self.status != "answered")


@dataclass(frozen=True, slots=True)
class Evidence:
    """First event of a stream: the citations, before any words."""

    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """Last event of a stream: the whole answer."""

    answer: Answer


Event = Evidence | Sentence | Done


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the corpus that was left out, and why; `line` counts from 1."""

    file: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        """Reads as `file:line: reason`."""
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a build found and did; `seconds` is wall-clock time, `waiting` counts articles not published yet."""

    articles: int
    passages: int
    added: int
    updated: int
    removed: int
    unchanged: int
    seconds: float
    problems: tuple[Problem, ...] = ()
    waiting: int = 0
