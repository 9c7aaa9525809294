"""Pairs are made as the reader was trained on them, and never cut in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qa.embedding import SentenceTransformerEmbedder
from qa.reading.pairs import MAX_TOKENS, Pairing

if TYPE_CHECKING:
    from qa.embedding import Embedder

WINDOW = "2024年，重慶生產的新能源車達95.3萬輛。\nDeepSeek R2 尚未發佈。"


@pytest.fixture(scope="module")
def pairing(embedder: Embedder) -> Pairing:
    assert isinstance(embedder, SentenceTransformerEmbedder)
    return Pairing(embedder.encoder()[1])


def test_the_tokens_of_a_window_know_their_places(pairing: Pairing) -> None:
    pair = pairing.pair("重慶的產量是多少？", WINDOW)
    assert "".join(WINDOW[a:b] for a, b in pair.offsets).replace(" ", "") == WINDOW.replace(" ", "")
    assert pair.offsets[0][0] == 0
    assert pair.offsets[-1][1] == len(WINDOW)
    assert len(pair.ids) == pair.first + len(pair.offsets) + 1  # and the closing mark


def test_a_pair_is_the_question_and_the_window_between_special_tokens(pairing: Pairing, embedder: Embedder) -> None:
    assert isinstance(embedder, SentenceTransformerEmbedder)
    tokenizer = embedder.encoder()[1]
    pair = pairing.pair("Who?", "Dai Weimin.")
    assert tokenizer.decode(list(pair.ids), skip_special_tokens=False).count("</s>") == 2
    assert tokenizer.decode(list(pair.ids)) == "query: Who? passage: Dai Weimin."


def test_a_window_that_is_too_long_is_refused_and_not_cut(pairing: Pairing) -> None:
    with pytest.raises(ValueError, match="too long"):
        pairing.pair("多少？", "車" * 3 * MAX_TOKENS)


def test_a_long_question_leaves_room_for_the_window(pairing: Pairing) -> None:
    question = "重慶的汽車產量" * 300 + "是多少？"
    assert pairing.room(question) > MAX_TOKENS / 2
    assert len(pairing.pair(question, WINDOW).ids) <= MAX_TOKENS
