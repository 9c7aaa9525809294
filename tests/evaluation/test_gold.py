"""A file of gold questions, and every way in which it can be wrong."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from qa.articles import read_corpus
from qa.errors import EvaluationError
from qa.evaluation import check_articles, read_questions
from qa.evaluation.measures import contains
from qa.records import Turn
from qa.text.folding import fold

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "eval" / "gold.jsonl"
UNREAD = ROOT / "eval" / "unread.jsonl"
LINE = {"id": "a", "question": "問？", "lang": "zh-Hant", "answers": ["答"], "article_ids": ["x"], "answerable": True}


def write(path: Path, *lines: object) -> Path:
    file = path / "questions.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    file.write_text("\n".join(texts), encoding="utf-8")
    return file


def test_a_question_is_read_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    history = [{"question": "先問？", "answer": "先答"}]
    line = {**LINE, "kind": "fact", "history": history, "today": "2025-08-01"}
    [gold] = read_questions(write(tmp_path, line, ""))
    assert (gold.answers, gold.article_ids, gold.kind) == (("答",), frozenset({"x"}), "fact")
    assert (gold.history, gold.today) == ((Turn("先問？", "先答"),), dt.date(2025, 8, 1))


def test_what_is_not_known_may_be_left_out(tmp_path: Path) -> None:
    [gold] = read_questions(write(tmp_path, {"id": "a", "question": "問？"}))
    assert (gold.answers, gold.answerable) == ((), True)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ({**LINE, "answer": "x"}, "unknown field 'answer'"),
        ({**LINE, "answers": "x"}, "answers is 'x', not list"),
        ({**LINE, "answers": [5]}, "answers holds something that is not text"),
        ({**LINE, "answers": [" "]}, "answers holds something that is not text"),
        ({**LINE, "answerable": "yes"}, "answerable is 'yes', not bool"),
        ({**LINE, "question": " "}, "question is missing or blank"),
        ({"question": "問？"}, "id is missing or blank"),
        ({**LINE, "today": "gestern"}, "today is 'gestern'; write a day as 2025-07-30"),
        ({**LINE, "history": [{"answer": "x"}]}, "history holds turns such as"),
        ({**LINE, "history": ["x"]}, "history holds turns such as"),
        ({**LINE, "history": [{"question": 5}]}, "history holds turns such as"),
        ({**LINE, "history": [{"question": "x", "answer": None}]}, "answer in history is None, not str"),
        ({**LINE, "history": [{"question": "x", "reply": "y"}]}, "unknown field 'reply' in history"),
        ({**LINE, "question": "\u200b"}, r"The question is blank: '\u200b'. Ask in words."),
        ({**LINE, "question": "問" * 2001}, "The question has 2001 characters; ask in at most 2000."),
        (json.dumps({**LINE, "question": "\ud83d?"}), r"question holds half a character: '\ud83d?'"),
        (json.dumps({**LINE, "answers": ["\ud83d"]}), "answers holds half a character"),
        (json.dumps({**LINE, "lang": "\ud83d"}), "lang holds half a character"),
        (json.dumps({**LINE, "history": [{"question": "\ud83d"}]}), "history holds half a character"),
        (f'{{"id": {"9" * 5000}}}', "not JSON: a number has too many digits"),
        ("[" * 100_000, "not JSON: lists or objects stand too deep in one another"),
        ('{"id": "a\x0b"}', "not JSON: Invalid control character"),
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: object, reason: str) -> None:
    file = write(tmp_path, {**LINE, "id": "first"}, line)
    with pytest.raises(EvaluationError) as error:
        read_questions(file)
    assert str(error.value).startswith(f"{file}:2: {reason}")


def test_only_a_line_feed_ends_a_line(tmp_path: Path) -> None:
    texts = [f"問\u2028題\u2029一\u0085{number}？" for number in range(2)]
    file = write(tmp_path, *({**LINE, "id": str(number), "question": text} for number, text in enumerate(texts)), "{")
    with pytest.raises(EvaluationError, match=r"questions\.jsonl:3: not JSON"):
        read_questions(file)
    golds = read_questions(write(tmp_path, json.dumps(LINE) + "\r", {**LINE, "id": "b", "question": texts[0]}))
    assert [(gold.question, gold.line) for gold in golds] == [("問？", 1), (texts[0], 2)]


def test_a_question_is_as_long_as_the_engine_takes(tmp_path: Path) -> None:
    file = write(tmp_path, {**LINE, "question": "問" * 11})
    assert len(read_questions(file, max_chars=11)) == 1
    with pytest.raises(EvaluationError, match=r":1: The question has 11 characters; ask in at most 10\."):
        read_questions(file, max_chars=10)


def test_an_id_that_stands_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r":2: the id 'a' stands twice"):
        read_questions(write(tmp_path, LINE, LINE))


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_file_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(EvaluationError, match=r"questions\.jsonl: no questions"):
        read_questions(write(tmp_path, text))


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "big5.jsonl"
    file.write_bytes(b'{"id": "a"}\n{"id": "' + "問題".encode("big5") + b'"}')
    with pytest.raises(EvaluationError, match=r"big5\.jsonl:2: not UTF-8"):
        read_questions(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"Cannot read .*No such file"):
        read_questions(tmp_path / "gone.jsonl")


@pytest.mark.parametrize("answerable", [True, False])
def test_an_article_that_the_corpus_lacks_is_named_with_its_line(tmp_path: Path, answerable: bool) -> None:
    file = write(tmp_path, {"id": "first", "question": "問？"}, "", {**LINE, "answerable": answerable})
    with pytest.raises(EvaluationError) as error:
        check_articles(read_questions(file), {"y"}, file)
    assert str(error.value) == (
        f"{file}:3: question 'a' names the article 'x', which the corpus lacks. Correct the id, add the article, or"
        " take it out of article_ids."
    )


# Our own gold questions


def test_our_questions_cover_what_they_are_to_cover() -> None:
    golds = read_questions(GOLD)
    kinds = {kind: sum(gold.kind == kind for gold in golds) for kind in {gold.kind for gold in golds}}
    assert len(golds) >= 120
    assert kinds["near_miss"] >= 30
    assert sum(not gold.answerable for gold in golds) >= 40
    assert kinds["relative_date"] >= 10
    assert all(gold.today for gold in golds if gold.kind == "relative_date")
    assert all(gold.history for gold in golds if gold.kind == "follow_up")
    assert set(kinds) >= {"fact", "figure", "who", "when", "why", "list", "comparison", "summary", "follow_up"}
    assert {gold.language for gold in golds} == {"zh-Hant", "zh-Hans", "en", "yue"}


@pytest.mark.parametrize("file", [GOLD, UNREAD])
def test_every_answer_stands_in_the_articles_that_are_said_to_hold_it(file: Path) -> None:
    articles = {article.id: article.text for article in read_corpus(ROOT / "corpus").articles}
    golds = read_questions(file)
    check_articles(golds, articles, file)
    for gold in golds:
        texts = [articles[name] for name in gold.article_ids]
        assert gold.answerable is bool(gold.answers) is bool(texts), gold.id
        if gold.answerable:
            assert any(answer in text for answer in gold.answers for text in texts), gold.id
            assert any(contains(text, gold.answers) for text in texts), gold.id


def test_the_questions_that_nobody_has_read_are_others() -> None:
    known = {fold(gold.question) for gold in read_questions(GOLD)}
    unread = read_questions(UNREAD)
    assert sum(not gold.answerable for gold in unread) >= 40
    assert not [gold.id for gold in unread if fold(gold.question) in known]
