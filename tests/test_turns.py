"""What a turn of a conversation is taken to ask, and answers to several questions; over the shipped articles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa import Engine, Settings, Turn
from qa.answer import marked
from qa.articles import read_corpus
from qa.conversation import clauses_in, questions_in
from qa.index import build_in_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.embedding import Embedder

CORPUS = Path(__file__).parents[1] / "corpus"
WORTH = "智譜的估值是多少？"


@pytest.fixture(scope="module")
def engine(embedder: Embedder) -> Iterator[Engine]:
    settings, articles = Settings(), read_corpus(CORPUS).articles
    with Engine(settings, build_in_memory(articles, settings, embedder), embedder, in_memory=True) as opened:
        yield opened


@pytest.mark.parametrize(
    ("turn", "parts"),
    [
        ("智譜的估值是多少？月之暗面呢？", ("智譜的估值是多少？", "月之暗面呢？")),
        ("你好嗎？渡輪幾點開？", ("你好嗎？渡輪幾點開？",)),
        ("聽說渡輪加價了？加了多少？", ("聽說渡輪加價了？加了多少？",)),
        ("渡輪幾點開？謝謝", ("渡輪幾點開？謝謝",)),
        ("渡輪幾點開？？", ("渡輪幾點開？？",)),
        ("Who founded it? And when was that?", ("Who founded it?", "And when was that?")),
        ("甲是誰？乙是誰？丙是誰？丁是誰？", ("甲是誰？乙是誰？丙是誰？丁是誰？",)),
    ],
)
def test_a_turn_is_parted_after_its_question_marks_where_each_part_asks(turn: str, parts: tuple[str, ...]) -> None:
    assert questions_in(turn) == parts


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("誰創立了渡輪公司，什麼時候創立的？", ("誰創立了渡輪公司", "什麼時候創立的？")),
        ("去年，渡輪有幾班，巴士又有多少班？", ("去年，渡輪有幾班", "巴士又有多少班？")),
        ("甲公司和乙公司的創始人分別是誰？", ("甲公司的創始人是誰？", "乙公司的創始人是誰？")),
        ("渡輪的票價和班次是多少？", ("渡輪的票價是多少？", "渡輪的班次是多少？")),
        (
            "Who founded the ferry company and when did it start?",
            ("Who founded the ferry company", "when did it start?"),
        ),
        ("渡輪加價之後，乘客有什麼反應？", ("渡輪加價之後，乘客有什麼反應？",)),
        ("渡輪和巴士的票價是多少？", ("渡輪和巴士的票價是多少？",)),
        ("Which ferry is fast and cheap?", ("Which ferry is fast and cheap?",)),
    ],
)
def test_a_sentence_that_asks_two_things_is_parted(question: str, parts: tuple[str, ...]) -> None:
    assert clauses_in(question) == parts


def test_each_question_of_a_turn_is_answered_and_each_place_cited_once(engine: Engine) -> None:
    answer = engine.ask(f"{WORTH}MiniMax呢？")
    assert answer.status == "answered"
    assert (answer.text.index(WORTH), "400億元" in answer.text, "288億元" in answer.text) == (0, True, True)
    assert answer.standalone_question == f"{WORTH} MiniMax的估值是多少？"
    places = [(citation.article_id, citation.start, citation.end) for citation in answer.citations]
    assert len(set(places)) == len(places)
    assert [citation.n for citation in answer.citations] == list(range(1, len(places) + 1))
    assert {n for sentence in answer.sentences for n in sentence.citations} == set(range(1, len(places) + 1))
    at = 0
    for sentence in answer.sentences:
        at = answer.text.index(marked(sentence), at) + 1


def test_a_question_that_the_articles_leave_open_is_said_so_beside_one_that_they_answer(engine: Engine) -> None:
    answer = engine.ask("重慶2024年汽車產量是多少？上海呢？")
    assert ("254萬輛" in answer.text, "「上海呢？」：文章裏沒有找到答案。" in answer.text) == (True, True)
    assert answer.confidence == engine.ask("重慶2024年汽車產量是多少？").confidence


def test_what_is_answered_as_a_whole_is_not_taken_apart(engine: Engine) -> None:
    question = "重慶和廣東的汽車產量分別是多少？"
    assert question not in engine.ask(question).text
    assert engine.ask(question).standalone_question == question


def test_of_two_things_asked_in_one_sentence_the_one_that_is_told_is_answered(engine: Engine) -> None:
    answer = engine.ask("誰創立了MiniMax，哪一年創立的？")
    assert ("閆俊傑" in answer.text, "「哪一年創立的？」：文章裏沒有找到答案。" in answer.text) == (True, True)
    assert answer.standalone_question == answer.question


def test_a_question_that_names_what_it_is_about_is_not_completed_from_the_one_before(engine: Engine) -> None:
    history = [Turn(WORTH, engine.ask(WORTH).text)]
    for question in ("誰創立了MiniMax？", "邊個創立咗百川智能？"):
        assert engine.ask(question, history=history).standalone_question == question
    assert "閆俊傑" in engine.ask("誰創立了MiniMax？", history=history).text
    assert engine.ask("誰創立的？", history=history).standalone_question == "智譜誰創立的？"


def test_a_turn_of_which_nothing_is_answered_is_declined_as_one(engine: Engine) -> None:
    answer = engine.ask("今晚食咩好？聽日會唔會落雨？")
    assert (answer.status, answer.citations, "食咩好" in answer.text) == ("declined", (), False)


def test_a_headline_that_asks_twice_is_one_question(embedder: Embedder) -> None:
    [article, *_] = read_corpus(CORPUS).articles
    title = "重慶造了多少車？上海造了多少車？"
    named = type(article)(id="named", title=title, text=article.text)
    with Engine(Settings(), build_in_memory([named], Settings(), embedder), embedder, in_memory=True) as engine:
        assert engine.ask(title).standalone_question == title
        assert "沒有找到" not in engine.ask(title).text


@pytest.mark.parametrize(
    ("before", "question"),
    [
        (WORTH, "月之暗面呢？"),
        ("重慶2024年汽車產量是多少？", "上海呢？"),
        ("How many cars did Chongqing make in 2024?", "What about Shanghai?"),
    ],
)
def test_another_thing_is_not_answered_with_what_was_found_for_the_one_before(
    engine: Engine, before: str, question: str
) -> None:
    answer = engine.ask(question, history=[Turn(before, engine.ask(before).text)])
    assert (answer.status, answer.citations) == ("declined", ())


def test_what_is_said_of_another_thing_comes_first(engine: Engine) -> None:
    before = "重慶2024年汽車產量是多少？"
    answer = engine.ask("廣東呢？", history=[Turn(before, engine.ask(before).text)])
    assert "571萬輛" in answer.citations[0].quote
