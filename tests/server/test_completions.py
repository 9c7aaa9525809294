"""Answers in the form of the OpenAI chat API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from loops import run_apart

from qa.records import Answer, Done, Evidence, Sentence
from qa.server.completions import chunks_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from qa.records import Event

WRITTEN = Answer(
    "q",
    "q",
    "渡輪每天十二班。[1]周末加四班。[1][2] It is cheap.[2]\n\n頭班船六時半。[3]",
    (),
    (),
    "answered",
    0.9,
    mode="a model",
)
WRITTEN_EVENTS: tuple[Event, ...] = (
    Evidence(()),
    Sentence("渡輪每天十二班。", (1,), "checked"),
    Evidence(()),
    Sentence("周末加四班。", (1, 2), "checked"),
    Sentence("It is cheap.", (2,), "checked"),
    Sentence("頭班船六時半。", (3,), "quoted"),
    Done(WRITTEN),
)
QUOTED = Answer("q", "q", "簡言之：\n\n渡輪每天十二班。[1]", (), (), "answered", 0.9)
QUOTED_EVENTS: tuple[Event, ...] = (Evidence(()), Sentence("渡輪每天十二班。", (1,)), Done(QUOTED))


def contents(events: tuple[Event, ...]) -> list[str]:
    async def told() -> AsyncIterator[Event]:
        for event in events:
            yield event

    async def collect() -> list[dict[str, Any]]:
        return [chunk async for chunk in chunks_of(told(), "name", str, with_usage=False)]

    chunks = run_apart(collect())
    return [content for chunk in chunks if (content := chunk["choices"][0]["delta"].get("content"))]


@pytest.mark.parametrize(("events", "answer"), [(WRITTEN_EVENTS, WRITTEN), (QUOTED_EVENTS, QUOTED)])
def test_the_pieces_add_up_to_the_answer(events: tuple[Event, ...], answer: Answer) -> None:
    assert "".join(contents(events)) == answer.text


def test_what_a_model_writes_comes_sentence_by_sentence_and_quotes_at_once() -> None:
    assert contents(WRITTEN_EVENTS) == [
        "渡輪每天十二班。[1]", "周末加四班。[1][2]", " It is cheap.[2]", "\n\n頭班船六時半。[3]",
    ]  # fmt: skip
    assert contents(QUOTED_EVENTS) == [QUOTED.text]
