"""Questions put word by word into English, to learn from."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from training.reader.glossing import gloss

if TYPE_CHECKING:
    from collections.abc import Sequence


class Whole(random.Random):
    """Replaces every word, by its first translation."""

    def random(self) -> float:
        return 0.0

    def choice(self, seq: Sequence[str]) -> str:  # type: ignore[override]
        return seq[0]


def test_asks_first_and_translates_words_names_and_script() -> None:
    assert gloss("智谱在北京有多少公司？", Whole()) == "how many Zhipu in Beijing has company?"


def test_leaves_figures_and_latin_names_alone() -> None:
    assert gloss("2024年MiniMax是什麼公司", Whole()) == "what 2024 year MiniMax is company?"


def test_a_seed_draws_alike() -> None:
    question = "重慶2024年新能源車產量是多少?"
    assert gloss(question, random.Random(4)) == gloss(question, random.Random(4))


@given(st.text(max_size=30), st.integers())
def test_bears_any_question(question: str, seed: int) -> None:
    assert gloss(question, random.Random(seed)).endswith("?")
