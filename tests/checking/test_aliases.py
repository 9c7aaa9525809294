"""Names that the evidence gives in two scripts."""

from __future__ import annotations

import pytest

from qa.checking.aliases import aliases_of, with_aliases, without_glosses
from qa.lexicon import open_lexicon

QUOTE = "美國選手凱斯（Madison Keys）擊敗薩巴倫卡（Aryna Sabalenka）。"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Aryna Sabalenka beat Keys.", "薩巴倫卡 beat 凱斯."),
        ("凱斯（Madison Keys）贏了。", "凱斯贏了。"),
        ("Sabalenka's serve", "薩巴倫卡 serve"),
        ("The keyserver", "The keyserver"),
    ],
)
def test_a_latin_name_is_read_as_the_han_name_that_it_explains(said: str, expected: str) -> None:
    assert with_aliases(said, aliases_of(QUOTE, open_lexicon())) == expected


def test_what_the_brackets_hold_is_left_out_where_clauses_are_told_apart() -> None:
    assert without_glosses(QUOTE) == "美國選手凱斯擊敗薩巴倫卡。"
    assert without_glosses("凱斯（29歲）勝出") == "凱斯（29歲）勝出"
