"""Han names as Hong Kong and Taiwan write them in Latin letters."""

from __future__ import annotations

import pytest

from qa.checking.romanised import is_romanised
from qa.lexicon import open_lexicon

TEXT = ["业主陈兆基则解释", "语言学者邓沛霖花了六年", "议员曾淑华指出", "梁国雄"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Chan Siu-kei", True),
        ("Tang Pui-lam", True),
        ("Leung Kwok-hung", True),
        ("Tseng Shu-hua", True),  # Wade-Giles
        ("Chan Siu Kei", True),
        ("Chan Ka-ho", False),
        ("Wong Siu-kei", False),
        ("Chan", False),  # one syllable is too many names
        ("John Smith", False),
        ("", False),
    ],
)
def test_a_name_is_known_by_how_it_sounds(name: str, expected: bool) -> None:
    assert is_romanised(name, TEXT, open_lexicon().sounds) is expected
