"""A follow-up and the turns before it -> the ways in which it may be meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.conversation.corrections import ASKS_SOMETHING, without_talk
from qa.conversation.pronouns import POSSESSIVE, PRONOUN
from qa.conversation.subjects import (
    asked_at_the_end,
    english_names,
    english_things,
    named_in_answer,
    opens_with_subject,
    other_of_two,
    stem_of,
    subject_of,
    without_opener,
    year_after,
)
from qa.conversation.times import NOW, YEAR, at_another_time, time_of
from qa.smalltalk import is_small_talk
from qa.text.folding import has_han, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.records import Answer, Turn

__all__ = [
    "HISTORY_MAX_CHARS",
    "MAX_READINGS",
    "leans_on_history",
    "new_thing_in",
    "standalone_questions",
    "understood_as",
]

MAX_READINGS = 4  # of a follow-up: each is answered, and the surest answer given
CARRIED_READINGS = 2  # of a question before that was a follow-up itself
ELLIPTIC_MAX_CHARS = 20  # a longer question names what it is about
HISTORY_MAX_CHARS = 300  # of a question or an answer before; more of it would outweigh the one asked now
FOLLOW_UP_MAX_CHARS = 30
FOLLOW_UP_MAX_ENGLISH_CHARS = 80

_OPENER = "(?:那麼|那么|那|咁|噉|而)?"
_WHAT_ABOUT = re.compile(
    rf"^{_OPENER}\s*(?P<topic>.{{1,20}}?)(?:呢|又如何|又怎樣|又怎样|又怎麼樣|又怎么样|又點)[呀啊]?\s*[?？。!！]*$"
    r"|^(?:and what about|what about|how about|and(?!.*\b(?:what|who|when|where|why|how|which|is|are|did|does|do)\b))"
    r"\s+(?P<english>.{1,40}?)\s*[?？]*$",
    re.IGNORECASE,
)
# 2024年？ or MiniMax? alone: nothing is asked of it, so it is what was asked before.
_BARE = re.compile(rf"^{_OPENER}\s*(?P<topic>[\w&.-]+(?: [\w&.-]+)?)\s*[?？]+$")
# "And for another?": 對MiniMax來說又會怎樣, after a question about what something means for one.
_FOR_ANOTHER = re.compile(
    rf"^{_OPENER}(?:對於|对于|對|对)(?P<topic>.{{1,20}}?)(?:來說|来说|而言|來講|来讲|嚟講)?(?:又|則|则)?"
    r"(?:會|会|是|係|系)?(?:怎樣|怎样|如何|怎麼樣|怎么样|點樣|点样|點|点)[呢呀啊]?\s*[?？。!！]*$"
)
_FOR_ONE = re.compile(
    r"(?<=[對对])(?:於|于)?(?P<topic>[^對对]{1,20}?)(?=有|會|会|來說|来说|而言|的|造成|產生|产生|帶來|带来)"
)
_POSSESSIVE_OR_THE = re.compile(rf"{POSSESSIVE.pattern}|^the\s+", re.IGNORECASE)
_PLACE = re.compile(r"\b(?:overseas|abroad|at home|(?:in|for|at|from|to) (?:the )?[A-Z]\w*(?: [A-Z]\w*)*)")
_PREPOSITION = re.compile(r"^(?:in|for|at|from|to|by|with|under|over)\s", re.IGNORECASE)
_LEANS = re.compile(r"那邊|那边|這邊|这边|又|隔年|翌年|次年|後來|后来|之後|之后|當時|当时|其中")
# 誰創立了MiniMax, 邊個收購咗百川智能: whom or what it asks about is named in it.
_NAMES_ITS_OWN = re.compile(r"^[是係]?(?:[誰谁]|[哪邊边]\S{1,3}?)\S{1,4}[了咗]\s*\w{2,}|[A-Za-z]{2}")
_ENGLISH_WH = re.compile(
    r"^(?:and |but |so )?(?P<word>why|when|where|how|by how much|how so)\s*[?？.!]*$", re.IGNORECASE
)
_ENGLISH_ASKED = re.compile(
    r"^(?:how (?:far|much|long|often|fast|many [\w ]+?)|what|when|where|why|who|which \w+)\s+"
    r"(?P<rest>(?:did|does|do|is|was|were|are|has|have|had|will|can)\b.*?)\s*[?？]*$",
    re.IGNORECASE,
)


def standalone_questions(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """Completes a follow-up from the turns before, in every way it may be meant, the likeliest first.

    A question that stands alone is returned as it is, and so is small talk; one before may itself have been a
    follow-up.
    """
    if is_small_talk(question):
        return (question,)
    previous: tuple[str, ...] = ("",)
    said: list[str] = []
    for turn in history:
        asked = plain(turn.question).strip()[:HISTORY_MAX_CHARS]
        if asked and not is_small_talk(asked):
            asked = without_talk(asked)
            previous = _completed(asked, previous, said)
            # What has been completed most is the better ground for what follows.
            previous = previous[-1:] if previous[0] == asked else previous[:CARRIED_READINGS]
            said += [asked, plain(turn.answer).strip()[:HISTORY_MAX_CHARS]]
    asked = without_talk(question)
    return tuple(question if reading == asked else reading for reading in _completed(asked, previous, said))


def leans_on_history(question: str, history: Sequence[Turn]) -> bool:
    """Tells whether a question may need those before it to be understood; a long one names what it is about."""
    if not any(turn.question.strip() for turn in history):
        return False
    return len(question) <= (FOLLOW_UP_MAX_CHARS if has_han(question) else FOLLOW_UP_MAX_ENGLISH_CHARS)


def new_thing_in(question: str) -> str | None:
    """Returns what a follow-up asks the same about, or asks of the same: MiniMax of 那MiniMax呢; no time, and no other."""
    thing = _topic(without_talk(question))
    return None if thing is None or time_of(thing) else POSSESSIVE.sub("", thing)


def understood_as(answer: Answer) -> str | None:
    """Returns the question as it was completed, or None where it was taken as it stood."""
    understood = " ".join(plain(answer.standalone_question).split())
    return understood if understood != " ".join(plain(answer.question).split()) else None


def _completed(question: str, previous: Sequence[str], said: Sequence[str]) -> tuple[str, ...]:
    readings = [list(_readings(question, before[:HISTORY_MAX_CHARS], said)) for before in previous]
    in_turn = (several[at] for at in range(MAX_READINGS) for several in readings if at < len(several))
    return tuple(dict.fromkeys(in_turn))[:MAX_READINGS]


def _readings(question: str, previous: str, said: Sequence[str]) -> Iterator[str]:
    if not previous:
        yield question
        return
    topic = _topic(question)
    if topic:
        yield from _about_another(previous, other_of_two(topic, said) or topic)
        return
    another = _FOR_ANOTHER.match(question)
    if another and _FOR_ONE.search(previous):
        yield _FOR_ONE.sub(lambda _: another["topic"], previous, count=1)
        return
    if has_han(question):
        yield from _chinese_readings(question, previous, said)
    else:
        yield from _english_readings(question, previous, said)


def _topic(question: str) -> str | None:
    """Returns the one new thing that a follow-up names, where that is all it does."""
    about = _WHAT_ABOUT.match(question)
    if about:
        return (about["topic"] or about["english"]).strip()
    alone = without_opener(question).rstrip(" ?？.。!！")
    if time_of(alone):
        return alone
    bare = _BARE.match(question)
    return bare["topic"].strip() if bare and not ASKS_SOMETHING.search(bare["topic"]) else None


def _chinese_readings(question: str, previous: str, said: Sequence[str]) -> Iterator[str]:
    subject = subject_of(previous)
    if subject and subject in question:
        yield question
        return
    if PRONOUN.search(question):
        names = list(dict.fromkeys(filter(None, (named_in_answer(said), subject))))
        yield from (PRONOUN.sub(lambda _, name=name: name, question, count=1) for name in names)  # type: ignore[misc]
        if not names or not has_han(previous):
            yield question
        return
    yield question
    # 中南美那邊又從哪裡切入: whose, the question before says, unless this one is answered as it stands.
    asked = without_opener(question)
    is_short = len(question) <= ELLIPTIC_MAX_CHARS
    stands_alone = opens_with_subject(asked) or _names_its_own(asked, previous)
    if not has_han(previous) or not is_short or (stands_alone and not _LEANS.search(question)):
        return
    asked = year_after(asked, said)
    if subject:
        yield f"{subject}{asked}"
    stem = stem_of(previous)
    if stem and not asked.startswith(stem):
        yield f"{stem}{asked}"


def _names_its_own(asked: str, previous: str) -> bool:
    """Tells whether a question names what it asks about, and the one before did not."""
    names = _NAMES_ITS_OWN.search(asked)
    return names is not None and names[0] not in previous


def _english_readings(question: str, previous: str, said: Sequence[str]) -> Iterator[str]:
    alone, asked = _ENGLISH_WH.match(question), _ENGLISH_ASKED.match(previous)
    if alone and asked:
        yield f"{alone['word'].capitalize()} {asked['rest']}?"
        return
    if alone and has_han(previous):
        yield f"{alone['word'].capitalize()}: {stem_of(previous)}?"
        return
    names = english_names(previous)
    if not PRONOUN.search(question) or any(name in question for name in names):
        yield question
        return
    things = [named_in_answer(said), *names[:1], *english_things(previous), *names[1:]]
    things = [thing for thing in things if thing] or [subject_of(previous)]
    for thing in filter(None, things):
        yield PRONOUN.sub(lambda _, thing=thing: thing, question, count=1)  # type: ignore[misc]
    if not any(things):
        yield question


def _about_another(previous: str, topic: str) -> Iterator[str]:
    """Asks the question before about another time, another subject, or something else of the same subject."""
    if time := time_of(topic):
        yield from at_another_time(previous, time)
        if (subject := subject_of(previous)) and NOW.fullmatch(time):
            yield f"{subject}{time}怎樣"
    elif has_han(previous):
        yield from _about_another_in_chinese(previous, topic)
    else:
        yield from _about_another_in_english(previous, topic)


def _about_another_in_chinese(previous: str, topic: str) -> Iterator[str]:
    subject, year_asked = subject_of(previous), YEAR.search(previous)
    is_its, topic = POSSESSIVE.match(topic), POSSESSIVE.sub("", topic)
    if subject and is_its:
        yield f"{subject}{year_asked[0] if year_asked else ''}{topic}{asked_at_the_end(previous) or ''}"
        return  # what was asked before would be answered again
    if subject and subject not in topic:
        if len(subject) > len(topic) + 1 and has_han(subject) and has_han(topic):  # 安徽汽車產量 -> 廣東汽車產量
            yield _replaced(previous, subject, topic + subject[len(topic) :])
        yield _replaced(previous, subject, topic)
        tail = asked_at_the_end(previous)
        if tail is not None:
            yield f"{subject}{year_asked[0] if year_asked else ''}{topic}{tail}"
    elif not subject and (stem := stem_of(previous)):
        yield f"{stem}，{topic}？"
    yield previous if topic == subject else f"{previous} {topic}"


def _replaced(text: str, old: str, new: str) -> str:
    """Replaces the last occurrence: 智譜和MiniMax之中，智譜 is about 智譜."""
    before, _, after = text.rpartition(old)
    return before + new + after


def _about_another_in_english(previous: str, topic: str) -> Iterator[str]:
    names = english_names(previous)
    if _PREPOSITION.match(topic):
        place = _PLACE.search(previous)
        asked = previous.rstrip(" ?？")
        yield f"{asked[: place.start()]}{topic}{asked[place.end() :]}?" if place else f"{asked} {topic}?"
    elif names and not _POSSESSIVE_OR_THE.match(topic) and (topic[:1].isupper() or has_han(topic)):
        yield previous.replace(names[0], topic, 1)
    else:
        year_asked = YEAR.search(previous)
        if names:
            yield f"{names[0]} {_POSSESSIVE_OR_THE.sub('', topic)}{f' in {year_asked[0]}' if year_asked else ''}?"
        yield f"{previous} {topic}"
