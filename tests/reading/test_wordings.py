"""Questions in readers' own words: each once, and taken up by what the reader learns from."""

import re

from qa.text.folding import to_simplified
from training.reader.data import Data, Example, Gold
from training.reader.examples import draw_examples
from training.wordings import FILE, Wording, read_wordings

TEXT = "海港新碼頭由林海生掌管。工程耗資83億元。渡輪照常行駛。"
GOLD = Gold("q", "新碼頭由誰掌管？", ("林海生",), "a", "harbour")
WORDING = Wording("碼頭那邊歸哪一位管？", "碼頭那邊有幾個人上班？")


def drawn(**wordings: Wording) -> list[Example]:
    data = Data({"a": TEXT}, {"harbour": ["a"]}, {"q": ["a"]}, [GOLD], [], {"harbour": [GOLD.question]}, wordings)
    return [example for seed in range(40) for example in draw_examples(data, 0, seed)]


def asked(examples: list[Example], question: str) -> list[Example]:
    return [example for example in examples if to_simplified(example.question) == to_simplified(question)]


def test_a_question_is_learnt_in_a_readers_words_with_the_answer_marked() -> None:
    found = asked(drawn(q=WORDING), WORDING.question)
    assert {to_simplified(ex.window[slice(*ex.answer)]) for ex in found if ex.answer} == {"林海生"}
    assert not any("林海生" in ex.window for ex in found if ex.answer is None)


def test_what_the_window_leaves_open_is_learnt_as_open() -> None:
    found = asked(drawn(q=WORDING), WORDING.near)
    assert found
    assert {example.answer for example in found} == {None}


def test_a_question_without_another_wording_is_learnt_as_it_was_written() -> None:
    assert not asked(drawn(), WORDING.question)


def test_a_worded_question_is_learnt_as_it_was_written_too() -> None:
    assert asked(drawn(q=WORDING), GOLD.question)


def test_each_line_words_one_question_anew_and_asks_another() -> None:
    wordings = read_wordings()
    assert len(wordings) == len(FILE.read_text(encoding="utf-8").splitlines())
    assert all(re.search(r"\w", wording.question) and re.search(r"\w", wording.near) for wording in wordings.values())
    assert not [name for name, wording in wordings.items() if wording.question == wording.near]
