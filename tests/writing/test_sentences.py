"""A stream cut into sentences, however its pieces fall."""

from __future__ import annotations

import pytest

from qa.errors import LanguageModelError
from qa.writing.sentences import SENTENCE_MAX_CHARS, sentences_of

TEXTS = [
    ("甲是乙。[1]丙是丁。[2]", ["甲是乙。[1]", "丙是丁。[2]"]),
    ("甲是乙[1]。丙是丁【編號2】。", ["甲是乙[1]。", "丙是丁【編號2】。"]),
    ("甲是乙。 [1][2] 丙是丁。（3）戊", ["甲是乙。 [1][2]", "丙是丁。（3）", "戊"]),
    ("It rose 3.5% in 2024. [1] Dr. Lee agreed. [2]", ["It rose 3.5% in 2024. [1]", "Dr. Lee agreed. [2]"]),
    ("他說：「甲是乙。丙是丁。」的時候走了。[1]", ["他說：「甲是乙。丙是丁。」的時候走了。[1]"]),
    ("答案\n\n- 甲是乙[1]\n- 丙是丁[2]\n", ["答案", "甲是乙[1]", "丙是丁[2]"]),
    ("## 標題\n甲是乙。[1]", ["標題", "甲是乙。[1]"]),
    ("見![圖](https://evil.example/x.png?a=1!b)甲是乙。[1]", ["見![圖](https://evil.example/x.png?a=1!b)甲是乙。[1]"]),
    ("甲是乙。[1]\n\n。。。\n", ["甲是乙。[1]"]),
    ("甲是乙。<sup>1</sup>丙是丁。", ["甲是乙。<sup>1</sup>", "丙是丁。"]),
    ("甲[1]。", ["甲[1]。"]),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_sentences_are_the_same_however_the_stream_is_cut(text: str, expected: list[str], size: int) -> None:
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert list(sentences_of(pieces)) == expected


def test_a_sentence_is_handed_on_as_soon_as_the_next_begins() -> None:
    seen: list[str] = []

    def pieces() -> object:
        yield "甲是乙。[1]"
        assert seen == []
        yield "丙"
        yield "是丁。[2]"
        assert seen == ["甲是乙。[1]"]

    for sentence in sentences_of(pieces()):  # type: ignore[arg-type]
        seen.append(sentence)
    assert seen == ["甲是乙。[1]", "丙是丁。[2]"]


def test_what_never_ends_is_no_sentence() -> None:
    with pytest.raises(LanguageModelError, match="endless"):
        list(sentences_of(["又"] * (SENTENCE_MAX_CHARS + 2)))
