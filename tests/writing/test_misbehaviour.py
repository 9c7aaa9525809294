"""A language model that is away, slow, broken off, garbled, endless or empty: the quotes stand, and soon."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

import pytest
from loops import run_apart
from scripted_model import Reply, Script, ScriptedModel, evidence_in, saying

from qa import Done, Engine, Evidence, Sentence
from qa.wording import wording

from .test_doors import DOORS, QUESTION, RIGHT, SAID, done

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa import Answer

    from .conftest import Attach

STOPPED_WITHIN = 5.0  # seconds; a tenth on an idle machine, and a minute where nobody stops it
HALF = RIGHT[:12]


def nothing(reply: Reply) -> None:
    reply.delta({"role": "assistant", "content": ""})
    reply.wait(60)


def dripping(reply: Reply) -> None:
    reply.say("很" * 100_000, 0.05)


def cut(reply: Reply) -> None:
    reply.say(HALF)
    reply.cut()


def ended_without_a_reason(reply: Reply) -> None:
    reply.say(HALF)
    reply.raw(b"data: [DONE]\n\n")
    reply._handler.wfile.write(b"0\r\n\r\n")


def too_long(reply: Reply) -> None:
    reply.say(HALF)
    reply.end("length")


def no_json(reply: Reply) -> None:
    reply.say(HALF)
    reply.raw(b'data: {"choices": [{"delta"\n\n')


def no_text(reply: Reply) -> None:
    reply.raw(b"data: \xff\xfe\x00\x80\n\n\x00\x00")
    reply.end()


def other_types(reply: Reply) -> None:
    reply.event({"choices": [{"index": 0, "delta": {"content": 5}, "finish_reason": None}]})
    reply.event({"choices": "none"})
    reply.end()


def error_in_the_stream(reply: Reply) -> None:
    reply.say(HALF)
    reply.event({"error": {"message": "secret-detail", "type": "server_error"}})


def page_of_html(reply: Reply) -> None:
    reply.raw(b"<html><body>secret-detail</body></html>")
    reply.raw(b"data: [DONE]\n\n")
    reply._handler.wfile.write(b"0\r\n\r\n")


def endless_sentence(reply: Reply) -> None:
    while True:
        reply.say("又又又又又又又又又又")


def endless_sentences(reply: Reply) -> None:
    while True:
        reply.say("這一句沒有人寫過。[1]")


MISBEHAVIOURS: list[tuple[Script, str]] = [
    (lambda reply: reply.fail(500), "model_away"),
    (lambda reply: reply.fail(401), "model_away"),
    (lambda reply: reply.fail(404), "model_away"),
    (lambda reply: reply.fail(429), "model_away"),
    (lambda reply: reply.cut(), "model_away"),
    (nothing, "model_slow"),
    (dripping, "model_slow"),
    (cut, "model_cut"),
    (ended_without_a_reason, "model_cut"),
    (too_long, "model_cut"),
    (no_json, "model_astray"),
    (no_text, "model_astray"),
    (other_types, "model_astray"),
    (error_in_the_stream, "model_away"),
    (page_of_html, "model_cut"),
    (endless_sentence, "model_astray"),
    (endless_sentences, "model_astray"),
    (saying(""), "model_astray"),
    (saying("   \n\n "), "model_astray"),
    (saying("<think>想了很久"), "model_astray"),
    (saying("沒有答案。"), "model_unsupported"),
    (saying("\ufffd\x00\x1b[31m\u202e。[1]"), "model_unsupported"),
]


@pytest.mark.parametrize(("script", "notice"), MISBEHAVIOURS)
def test_the_quotes_are_the_answer_and_a_notice_says_so(
    attach: Attach, scripted: ScriptedModel, script: Script, notice: str
) -> None:
    limits = {"llm_first_token_seconds": 0.5, "llm_total_seconds": 1} if notice == "model_slow" else {}
    engine = attach(**limits)
    quotes = attach(llm_base_url=None, llm_model=None).ask(QUESTION)
    scripted.does(script)
    events = list(engine.stream(QUESTION))
    answer = done(events)
    assert (answer.mode, answer.notice) == ("quote", wording("zh-Hant")[notice])
    assert (answer.text, answer.citations, answer.sentences) == (quotes.text, quotes.citations, quotes.sentences)
    assert [event for event in events if isinstance(event, Sentence)] == list(quotes.sentences)
    assert "secret-detail" not in repr(events)


@pytest.mark.parametrize("door", DOORS)
def test_every_door_falls_back(attach: Attach, scripted: ScriptedModel, door: Callable[[Engine, str], Answer]) -> None:
    scripted.does(cut)
    answer = door(attach(), QUESTION)
    assert (answer.mode, answer.notice) == ("quote", wording("zh-Hant")["model_cut"])
    assert HALF not in answer.text


def test_a_model_that_is_not_there_keeps_nobody_waiting(attach: Attach) -> None:
    engine = attach(llm_base_url="http://127.0.0.1:9/v1")
    assert engine.ask(QUESTION).notice == wording("zh-Hant")["model_away"]


def test_what_was_checked_before_it_broke_off_stays_and_the_rest_is_quoted(
    attach: Attach, scripted: ScriptedModel
) -> None:
    def breaks_off(reply: Reply) -> None:
        reply.say(f"{evidence_in(reply.prompt)[1]}[1]MiniMax的估值")
        reply.cut()

    scripted.does(breaks_off)
    events = list(attach().stream("智譜和MiniMax有什麼不同？"))
    answer = done(events)
    shown = [event for event in events if isinstance(event, Sentence)]
    assert (answer.mode, answer.notice) == ("scripted", wording("zh-Hant")["model_partial"])
    assert list(answer.sentences) == shown
    assert [sentence.status for sentence in shown] == ["checked", *["quoted"] * (len(shown) - 1)]
    assert [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))


def test_the_next_reader_does_not_wait_for_a_slow_model(attach: Attach, scripted: ScriptedModel) -> None:
    engine = attach(llm_first_token_seconds=0.5)
    scripted.does(nothing)
    assert engine.ask(QUESTION).notice == wording("zh-Hant")["model_slow"]
    scripted.does(saying(RIGHT))
    assert engine.ask(QUESTION).notice == wording("zh-Hant")["model_away"]
    assert scripted.replies == []


def test_a_model_that_comes_back_is_asked_again(attach: Attach, scripted: ScriptedModel) -> None:
    from qa.llm import Breaker

    now = [0.0]
    engine = attach(llm_first_token_seconds=0.3)
    assert engine.model is not None
    engine.model.breaker = Breaker(lambda: now[0])
    scripted.does(nothing)
    engine.ask(QUESTION)
    scripted.does(saying(RIGHT))
    assert engine.ask(QUESTION).mode == "quote"
    now[0] = 60.0
    assert engine.ask(QUESTION).mode == engine.ask(QUESTION).mode == "scripted"


# Leaving


def slow_words(reply: Reply) -> None:
    reply.say(f"{RIGHT}\n")
    reply.say("慢" * 10_000, 0.2)


def left_within(scripted: ScriptedModel, seconds: float) -> bool:
    return scripted.left.wait(seconds)


def test_closing_the_stream_stops_the_model(attach: Attach, scripted: ScriptedModel) -> None:
    scripted.does(slow_words)
    events = attach().stream(QUESTION)
    assert [type(next(events)), type(next(events))] == [Evidence, Sentence]
    events.close()  # type: ignore[attr-defined]
    assert left_within(scripted, STOPPED_WITHIN)
    assert list(events) == []


def test_forgetting_the_stream_stops_the_model(attach: Attach, scripted: ScriptedModel) -> None:
    scripted.does(slow_words)
    events = attach().stream(QUESTION)
    assert [type(next(events)), type(next(events))] == [Evidence, Sentence]
    del events
    assert left_within(scripted, STOPPED_WITHIN)


def test_a_stream_that_is_waiting_can_be_closed_from_another_thread(attach: Attach, scripted: ScriptedModel) -> None:
    scripted.does(nothing)
    events = attach(llm_first_token_seconds=30).stream(QUESTION)
    rest: list[object] = []
    waiting = threading.Thread(target=lambda: rest.extend(events))
    waiting.start()
    while not scripted.replies:
        time.sleep(0.01)
    events.close()  # type: ignore[attr-defined]
    waiting.join(STOPPED_WITHIN)
    assert not waiting.is_alive()
    assert left_within(scripted, STOPPED_WITHIN)
    assert not any(isinstance(event, Done) for event in rest)


def test_cancelling_the_asynchronous_stream_stops_the_model(attach: Attach, scripted: ScriptedModel) -> None:
    scripted.does(nothing)
    engine = attach(llm_first_token_seconds=30)

    async def leave() -> None:
        task = asyncio.ensure_future(engine.aask(QUESTION))
        while not scripted.replies:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_apart(leave())
    assert left_within(scripted, STOPPED_WITHIN)


def test_leaving_the_asynchronous_stream_stops_the_model(attach: Attach, scripted: ScriptedModel) -> None:
    scripted.does(slow_words)
    engine = attach()

    async def leave() -> list[object]:
        events = engine.astream(QUESTION)
        seen: list[object] = [await anext(events), await anext(events)]
        await events.aclose()
        return seen

    assert run_apart(leave())[1] == Sentence(SAID, (1,), "checked")
    assert left_within(scripted, STOPPED_WITHIN)


def test_a_model_that_rests_says_nothing_of_a_reader_who_left(attach: Attach, scripted: ScriptedModel) -> None:
    engine = attach()
    scripted.does(slow_words)
    for _ in range(4):
        events = engine.stream(QUESTION)
        next(events), next(events)
        events.close()  # type: ignore[attr-defined]
    scripted.does(saying(RIGHT))
    assert engine.ask(QUESTION).mode == "scripted"
