import random

import pytest

from qa.text.folding import to_simplified
from training.reader.rewording import reword, synonyms


@pytest.mark.parametrize(
    ("word", "other"), [("倒閉", "破產"), ("創辦", "創立"), ("公司", "企業"), ("著名", "有名"), ("國家", "邦國")]
)
def test_words_that_the_dictionary_explains_alike_are_synonyms(word: str, other: str) -> None:
    assert other in synonyms(word)


@pytest.mark.parametrize(("word", "other"), [("公司", "堅定"), ("職務", "郵件"), ("位於", "說謊"), ("出口", "講話")])
def test_one_gloss_in_common_makes_no_synonyms(word: str, other: str) -> None:
    assert other not in synonyms(word)


def test_a_name_keeps_its_characters_whatever_the_words_around_it() -> None:
    for seed in range(40):
        assert "閆俊傑" in reword("閆俊傑在哪一年創辦了這家公司？", random.Random(seed))


def test_a_question_comes_back_in_its_own_script() -> None:
    for seed in range(40):
        asked = reword("这家企业的总部位于哪里？", random.Random(seed))
        assert to_simplified(asked).replace("衞", "卫") == asked.replace("衞", "卫")


def test_a_question_is_asked_in_cantonese_too() -> None:
    asked = {reword("他是在哪裡出生的？", random.Random(seed)) for seed in range(40)}
    assert any("喺邊度" in question for question in asked)


def test_the_same_draw_rewords_alike() -> None:
    question = "重慶2024年新能源車產量是多少？"
    assert reword(question, random.Random(5)) == reword(question, random.Random(5))
    assert len({reword(question, random.Random(seed)) for seed in range(20)}) > 5
