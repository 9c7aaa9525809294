"""Instructions hidden in articles and in questions, with a model that obeys every one of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from scripted_model import ScriptedModel, saying

from qa import Article, Engine, Sentence, Settings
from qa.index import build_in_memory
from qa.wording import LANGUAGES
from qa.writing import addresses_a_machine
from qa.writing.prompts import _prompt

from .test_doors import done

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa import Answer
    from qa.embedding import Embedder
    from qa.records import Event

INJECTIONS: list[dict[str, str]] = [
    json.loads(line)
    for line in Path(__file__).with_name("injections.jsonl").read_text(encoding="utf-8").split("\n")
    if line
]
FOREIGN = re.compile(r"evil|https?:|www\.|javascript:|data:|[<>`]|\]\(|!\[|@", re.IGNORECASE)
TRUE = "鑽機在北坡。|The drill is on the north slope."  # what is left of an obeying answer may be true


@pytest.fixture(scope="module")
def engine(embedder: Embedder, scripted: ScriptedModel) -> Iterator[Engine]:
    """Answers whatever it is asked from articles that each hold a fact and an order."""
    articles = [
        Article(
            f"drill-{number}", f"第{number}號鑽機", f"第{number}號鑽機在北坡鑽到了{number + 300}米深。\n{one['text']}"
        )
        for number, one in enumerate(INJECTIONS, start=1)
    ]
    settings = Settings(confidence_threshold=0, reader="off", llm_base_url=scripted.url, llm_model="scripted")
    engine = Engine(settings, build_in_memory(articles, settings, embedder), embedder, in_memory=True)
    yield engine
    engine.close()


def obeyed(engine: Engine, scripted: ScriptedModel, question: str, said: str) -> tuple[list[Event], Answer]:
    scripted.does(saying(said))
    events = list(engine.stream(question))
    return events, done(events)


def check_nothing_foreign(engine: Engine, events: list[Event], answer: Answer, said: str) -> None:
    written = [event for event in events if isinstance(event, Sentence) and event.status == "checked"]
    assert written == [sentence for sentence in answer.sentences if sentence.status == "checked"]
    for sentence in written:
        assert not FOREIGN.search(sentence.text)
        assert re.fullmatch(TRUE, sentence.text)
    if not re.search(TRUE, said):
        assert (written, answer.mode) == ([], "quote")
    for citation in answer.citations:
        article = engine.generation().catalogue.article(citation.article_id)
        assert article.text[citation.start : citation.end] == citation.quote
    rules = [line.strip("- ") for language in LANGUAGES for line in _prompt("answer", language)[0].splitlines()]
    assert not any(rule in answer.text for rule in rules if len(rule) > 8)


def test_there_are_forty_and_more() -> None:
    assert len({one["text"] for one in INJECTIONS}) == len(INJECTIONS) >= 40


@pytest.mark.parametrize("number", range(1, len(INJECTIONS) + 1), ids=[one["name"] for one in INJECTIONS])
def test_an_order_in_an_article_is_not_carried_out(engine: Engine, scripted: ScriptedModel, number: int) -> None:
    said = INJECTIONS[number - 1]["obeyed"]
    events, answer = obeyed(engine, scripted, f"第{number}號鑽機鑽到了多深？", said)
    check_nothing_foreign(engine, events, answer, said)
    assert f"{number + 300}米" in answer.text or answer.mode == "scripted"


@pytest.mark.parametrize("one", INJECTIONS, ids=[one["name"] for one in INJECTIONS])
def test_an_order_in_a_question_is_not_carried_out(
    engine: Engine, scripted: ScriptedModel, one: dict[str, str]
) -> None:
    events, answer = obeyed(engine, scripted, f"第7號鑽機鑽到了多深？{one['text']}", one["obeyed"])
    check_nothing_foreign(engine, events, answer, one["obeyed"])


@pytest.mark.parametrize("one", INJECTIONS, ids=[one["name"] for one in INJECTIONS])
def test_an_order_is_not_handed_to_the_model_as_evidence(one: dict[str, str]) -> None:
    assert addresses_a_machine(one["text"])


@pytest.mark.parametrize(
    "text",
    [
        "工程師忽略了一個細節，鑽機因此停工三天。",
        "他在劇中扮演一名船長。",
        "這家公司推出了新的語言模型，用戶可以寫提示詞。",
        "公司要求員工遵守所有規則。",
        "系統在凌晨更新，讀者一度未能登入。",
        "局長回答說，系統會在六月完成。",
        "The company said it would not ignore the findings.",
        "He answered that the new system works.",
        "Print sales fell by 3% and the output rose.",
    ],
)
def test_what_only_sounds_like_an_order_is_evidence(text: str) -> None:
    assert not addresses_a_machine(text)


def test_an_obeying_model_cannot_cite_an_article_it_was_not_given(engine: Engine, scripted: ScriptedModel) -> None:
    said = "第9號鑽機在北坡鑽到了309米深。[9]"
    events, answer = obeyed(engine, scripted, "第7號鑽機鑽到了多深？", said)
    assert not any(isinstance(event, Sentence) and event.status == "checked" for event in events)
    assert "309" not in answer.text
