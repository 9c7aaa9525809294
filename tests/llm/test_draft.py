"""What a model thinks is not what it says; and a wish to stop reaches what comes after it."""

from __future__ import annotations

import pytest

from qa.errors import LanguageModelError
from qa.llm import Draft, Stop
from qa.llm.draft import Thoughts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("甲<think>乙</think>丙", "甲丙"),
        ("<think>乙<丙></think>\n丁", "\n丁"),
        ("<think>沒有完", ""),
        ("1 < 2 <thin", "1 < 2 <thin"),
        ("甲<think></think><think>乙</think>丙", "甲丙"),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_thoughts_are_taken_out_however_the_stream_is_cut(text: str, said: str, size: int) -> None:
    thoughts = Thoughts()
    heard = "".join(thoughts.without(text[at : at + size]) for at in range(0, len(text), size))
    assert heard + thoughts.rest() == said


def test_a_draft_that_is_closed_before_it_began_ends() -> None:
    draft, stop = Draft(), Stop()
    stop.wish()
    stop.watch(draft)
    with pytest.raises(LanguageModelError, match="stopped"):
        list(draft)
