"""An answer opens with the words themselves only where they are sure, and they are always the articles' own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from qa import Engine, Settings
from qa.articles import read_corpus
from qa.confidence import words_miss_expected
from qa.expected import expected_of
from qa.index import build_in_memory
from qa.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.embedding import Embedder
    from qa.index import Generation

CORPUS = Path(__file__).parents[1] / "corpus"
TODAY = dt.date(2025, 9, 1)


@pytest.fixture(scope="module")
def generation(embedder: Embedder) -> Iterator[Generation]:
    built = build_in_memory(read_corpus(CORPUS).articles, Settings(today=TODAY), embedder)
    yield built
    built.close()


@pytest.fixture(scope="module")
def engine(generation: Generation, embedder: Embedder) -> Engine:
    return Engine(Settings(today=TODAY), generation, embedder, in_memory=True)


ASKED = [
    ("重慶2024年新能源車產量是多少？", "95.3萬輛"),
    ("誰牽頭創辦智譜？", "唐杰"),
    ("Who founded Zhipu?", "唐杰"),
    ("智譜哪一天披露招股書？", "2025年12月19日"),
]


@pytest.mark.parametrize(("question", "words"), ASKED)
def test_an_answer_opens_with_the_words_that_answer(engine: Engine, question: str, words: str) -> None:
    answer = engine.ask(question)
    short, quote = answer.sentences[:2]
    assert words in short.text
    assert len(short.text) < len(quote.text)
    assert answer.text.startswith(f"{short.text}[1]\n\n{quote.text}[1]")


def test_one_figure_is_no_answer_to_a_question_about_several(engine: Engine) -> None:
    answer = engine.ask("2025年上半年安徽、廣東和重慶的汽車產量各是多少？")
    assert "150萬輛" in answer.sentences[0].text
    assert "131萬輛" in answer.sentences[0].text


@pytest.mark.parametrize(("question", "words"), ASKED)
def test_the_marked_words_stand_inside_the_quote(engine: Engine, question: str, words: str) -> None:
    citation = engine.ask(question).citations[0]
    assert citation.answer_start is not None
    assert citation.answer_end is not None
    assert citation.start <= citation.answer_start < citation.answer_end <= citation.end
    article = engine.generation().catalogue.article(citation.article_id)
    assert words in article.text[citation.answer_start : citation.answer_end]


@pytest.mark.parametrize(
    "question", ["重慶2024年新能源車產量達到95.3萬輛嗎？", "Did Zhipu publish a prospectus?", "這篇文章講什麼？"]
)
def test_yes_or_no_and_summaries_get_whole_sentences(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert answer.status == "answered"
    assert len(answer.sentences) == len(answer.citations)


@pytest.mark.parametrize(
    ("asked", "words", "misses"),
    [
        ("Kimi的月活躍用戶有多少？", "月活躍用戶數", True),
        ("Kimi的月活躍用戶有多少？", "五百萬人", False),
        ("花了多少錢？", "10億元", False),
        ("造了幾多架車？", "150萬輛", False),
        ("跌了百分之幾？", "36%", False),
        ("排第幾名？", "第六位", False),
        ("大橋哪一年通車？", "林海", True),
        ("大橋哪一年通車？", "二〇一九年", False),
        ("大橋是誰設計的？", "林海", False),
        ("大橋為什麼停工？", "颱風", False),
    ],
)
def test_words_without_a_figure_are_no_figure(asked: str, words: str, misses: bool) -> None:
    query: Any = SimpleNamespace(expected=expected_of(fold(asked)))
    article = SimpleNamespace(text=f"據說{words}。")
    sentence: Any = SimpleNamespace(
        words=(2, 2 + len(words)), passage=SimpleNamespace(stored=SimpleNamespace(article=article))
    )
    assert words_miss_expected(query, sentence) is misses


def test_a_high_threshold_leaves_the_sentences_alone(generation: Generation, embedder: Embedder) -> None:
    settings = Settings(today=TODAY, short_answer_threshold=1.0)
    answer = Engine(settings, generation, embedder, in_memory=True).ask(ASKED[0][0])
    assert len(answer.sentences) == len(answer.citations)
    assert ASKED[0][1] in answer.text


def test_without_the_reader_answers_are_sentences_with_nothing_marked(
    generation: Generation, embedder: Embedder
) -> None:
    engine = Engine(Settings(today=TODAY, reader="off"), generation, embedder, in_memory=True)
    answer = engine.ask(ASKED[0][0])
    assert ASKED[0][1] in answer.text
    assert len(answer.sentences) == len(answer.citations)
    assert all(citation.answer_start is None for citation in answer.citations)


def test_damaged_weights_turn_the_reader_off_with_one_line_and_all_else_works(
    generation: Generation, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("qa.reading.reader.WEIGHTS", "nothing.safetensors")
    engine = Engine(Settings(today=TODAY), generation, embedder, in_memory=True)
    assert engine.reader is None
    assert [record.message.count("\n") for record in caplog.records] == [0]
    assert "missing" in caplog.text
    assert engine.ask(ASKED[0][0]).status == "answered"


def test_a_stream_says_the_short_answer_first(engine: Engine) -> None:
    answer = engine.ask(ASKED[0][0])
    events = list(engine.stream(ASKED[0][0]))
    assert events[1] == answer.sentences[0]
