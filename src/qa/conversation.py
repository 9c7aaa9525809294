"""A follow-up -> questions that stand alone, by rule; the history comes from the client and is only read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.text.folding import HAN, has_han, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.records import Turn

__all__ = ["standalone_questions"]

MAX_READINGS = 3  # of a follow-up: each is answered, and the surest answer given
ELLIPTIC_MAX_CHARS = 20  # a longer question names what it is about
HISTORY_MAX_CHARS = 300  # of the question before; more of it would outweigh the one asked now

_WHAT_ABOUT = re.compile(
    r"^(?:那麼|那么|那|咁|噉|而)?\s*(?P<topic>.{1,20}?)(?:呢|又如何|又怎樣|又怎样|又怎麼樣|又怎么样|又點)[呀啊]?\s*[?？。!！]*$"
    r"|^(?:and what about|what about|how about|and(?!.*\b(?:what|who|when|where|why|how|which|is|are|did|does|do)\b))"
    r"\s+(?P<english>.{1,40}?)\s*[?？]*$",
    re.IGNORECASE,
)
# "And for another?": 對MiniMax來說又會怎樣, after a question about what something means for one.
_FOR_ANOTHER = re.compile(
    r"^(?:那麼|那么|那|咁|噉|而)?(?:對於|对于|對|对)(?P<topic>.{1,20}?)(?:來說|来说|而言|來講|来讲|嚟講)?(?:又|則|则)?"
    r"(?:會|会|是|係|系)?(?:怎樣|怎样|如何|怎麼樣|怎么样|點樣|点样|點|点)[呢呀啊]?\s*[?？。!！]*$"
)
_FOR_ONE = re.compile(
    r"(?<=[對对])(?:於|于)?(?P<topic>[^對对]{1,20}?)(?=有|會|会|來說|来说|而言|的|造成|產生|产生|帶來|带来)"
)
_PRONOUN = re.compile(
    r"(?:它們|它们|他們|他们|她們|她们|佢哋|它|他|她|佢|這家公司|这家公司|該公司|该公司|這間公司|呢間公司|其)"
    r"|\b(?:it|its|they|their|them|he|his|him|she|her|the company)\b",
    re.IGNORECASE,
)
# How a question ends that names what it asks for before: 估值是多少輛; but not 是誰創辦的, which names it after.
_ASKS = "(?:多少|幾多|几多|什麼|什么|甚麼|誰|谁|如何|怎樣|怎样)"
_TAIL = re.compile(rf"(?:是|有|為|为)?{_ASKS}[{HAN}]?[^，,{HAN}]{{0,3}}$")
_YEAR = re.compile(r"\d{4}年|\b\d{4}\b|今年|去年|前年|明年")
# What a question opens with before it comes to what is asked of it: a name, in Han or Latin.
_SUBJECT = re.compile(
    rf"^(?:請問|请问|那麼|那么|那|關於|关于)?(?P<subject>[A-Za-z][\w .&-]*\w|[{HAN}]{{2,8}}?)(?=的|在|於|于|是|有|為|为|系|係|被|由|從|从|對|对|到|與|与|和|屬|属|將|将|已|曾|會|会|要|\d|今年|去年|前年|[，,])"
)
_ENGLISH_SUBJECT = re.compile(r"\b([A-Z][\w&-]*(?:\s+[A-Z][\w&-]*)*)")
_ENGLISH_OPENER = re.compile(r"^(?:What|Who|When|Where|Why|How|Which|Is|Are|Was|Were|Did|Does|Do|Can|In|The|And)\b\s*")


_LEANS = re.compile(r"那邊|那边|這邊|这边|又|隔年|翌年|次年|後來|后来|之後|之后|當時|当时|其中")
_OPENER = re.compile(r"^(?:那麼|那么|那|咁|噉|而|又)\s*")


def standalone_questions(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """Completes a follow-up from the questions before it, in every way it may be meant, the likeliest first.

    A question that stands alone is returned as it is; one before may itself have been a follow-up.
    """
    previous: tuple[str, ...] = ("",)
    for turn in history:
        asked = plain(turn.question).strip()[:HISTORY_MAX_CHARS]
        previous = _completed(asked, previous) if asked else previous
    return _completed(question, previous)


def _completed(question: str, previous: Sequence[str]) -> tuple[str, ...]:
    readings = (reading for before in previous for reading in _readings(question, before[:HISTORY_MAX_CHARS]))
    return tuple(dict.fromkeys(readings))[:MAX_READINGS]


def _readings(question: str, previous: str) -> tuple[str, ...]:
    if not previous:
        return (question,)
    about = _WHAT_ABOUT.match(question)
    if about:
        return tuple(dict.fromkeys(_about_another(previous, (about["topic"] or about["english"]).strip())))
    another = _FOR_ANOTHER.match(question)
    if another and _FOR_ONE.search(previous):
        return (_FOR_ONE.sub(lambda _: another["topic"], previous, count=1),)
    subject = _subject(previous)
    if not subject or subject in question:
        return (question,)
    if _PRONOUN.search(question):
        return (_PRONOUN.sub(lambda _: subject, question, count=1),)
    # 中南美那邊又從哪裡切入: whose, the question before says, unless this one is answered as it stands.
    elliptic = len(question) <= ELLIPTIC_MAX_CHARS and (_LEANS.search(question) or not _SUBJECT.match(question))
    elliptic = elliptic and has_han(question) and has_han(subject)
    return (question, f"{subject}{_OPENER.sub('', question)}") if elliptic else (question,)


def _about_another(previous: str, topic: str) -> Iterator[str]:
    """Asks the question before about another year, another subject, or something else of the same subject."""
    if _YEAR.fullmatch(topic):
        if _YEAR.search(previous):
            yield _YEAR.sub(topic, previous, count=1)
        else:
            yield f"{topic}{previous}" if has_han(previous) else f"{previous} ({topic})"
        return
    subject, year_asked = _subject(previous), _YEAR.search(previous)
    if subject and subject not in topic:
        yield previous.replace(subject, topic, 1)
        tail = _TAIL.search(previous)
        if has_han(previous) and (tail or not re.search(_ASKS, previous)):
            yield f"{subject}{year_asked[0] if year_asked else ''}{topic}{tail[0] if tail else ''}"
    yield f"{previous} {topic}"


def _subject(previous: str) -> str:
    match = _SUBJECT.match(previous)
    if match and has_han(previous):
        return match["subject"]
    names = _ENGLISH_SUBJECT.findall(_ENGLISH_OPENER.sub("", previous))
    return str(names[0]) if names else ""
