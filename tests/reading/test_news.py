"""Questions about made-up news: taken up by what the reader learns from, answered or left open."""

import dataclasses
import re

from qa.text.folding import to_simplified
from training.news import FILE, read_news
from training.reader.data import Data, Example, Gold, is_held_out
from training.reader.examples import draw_examples, news_examples

TEXT = "海港新碼頭由林海生掌管。工程耗資83億元。渡輪照常行駛。"
GOLD = Gold("n-1", "碼頭嗰邊邊個話事？", ("林海生",), "n", "n")
OPEN = "碼頭有幾個人上班？"


def data(learn: list[Gold], held_out: list[Gold]) -> Data:
    return Data({"n": TEXT}, {"n": ["n"]}, {"n-1": ["n"]}, learn, held_out, {}, {}, {"n": (OPEN,)})


def drawn() -> list[Example]:
    return [example for seed in range(40) for example in draw_examples(data([], []), 0, seed, data([GOLD], []))]


def asked(examples: list[Example], question: str) -> list[Example]:
    return [example for example in examples if to_simplified(example.question) == to_simplified(question)]


def test_a_question_about_news_is_learnt_with_its_answer_marked_and_without_it() -> None:
    found = asked(drawn(), GOLD.question)
    assert {to_simplified(ex.window[slice(*ex.answer)]) for ex in found if ex.answer} == {"林海生"}
    without = [ex.window for ex in found if ex.answer is None]
    assert without
    assert not any("林海生" in window for window in without)


def test_what_an_article_leaves_open_is_learnt_as_open_beside_its_answer() -> None:
    found = asked(drawn(), OPEN)
    assert {example.answer for example in found} == {None}
    assert any("林海生" in example.window for example in found)


def test_half_of_the_other_questions_come_along() -> None:
    others = [Gold(f"q{at}", "新碼頭由誰掌管？", ("林海生",), "n", "n") for at in range(40)]
    alone = dataclasses.replace(data([], []), learn=others, asked={"n": ["舊碼頭由誰掌管？"]})
    alone.similar.update({gold.id: ["n"] for gold in others})
    epochs = [draw_examples(alone, 0, 1, news) for news in (None, data([GOLD], []))]
    with_answers = [sum(ex.answer is not None for ex in examples) for examples in epochs]
    assert with_answers == [40, 20 + 1]


def test_held_out_news_is_asked_each_question_and_one_that_it_leaves_open() -> None:
    [(gold, right, wrong, left_open)] = news_examples(data([], [GOLD]), 1)
    assert gold is GOLD
    assert right.answer
    assert right.window[slice(*right.answer)] == "林海生"
    assert wrong is None or "林海生" not in wrong.window
    assert (left_open.question, left_open.window, left_open.answer) == (OPEN, right.window, None)


def test_each_article_answers_its_questions_and_has_an_id_of_its_own() -> None:
    items = read_news()
    assert len({item.id for item in items}) == len(items) == len(FILE.read_text(encoding="utf-8").splitlines())
    assert all(re.fullmatch(r"news\d+", item.id) for item in items)  # the training names a source so
    assert not [item.id for item in items if any(answer not in item.text for _, answer in item.asked)]
    assert not [item.id for item in items if {question for question, _ in item.asked} & {*item.left_open}]
    held_out = [item for item in items if is_held_out(item.id)]
    assert 0.1 < len(held_out) / len(items) < 0.2
