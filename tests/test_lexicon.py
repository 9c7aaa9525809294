"""Single words looked up in the whole dictionary."""

from __future__ import annotations

import pytest

from qa.lexicon import names_in, open_lexicon


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("车辆购置税的优惠政策", ("车辆", "购置", "税", "的", "优惠", "政策")),
        ("以墨西哥为中南美的中心", ("以", "墨西哥", "为", "中", "南美", "的", "中心")),
        ("馆长林美玲", ("馆", "长", "林", "美玲")),
        ("", ()),
    ],
)
def test_a_run_is_cut_into_the_fewest_words(run: str, words: tuple[str, ...]) -> None:
    assert open_lexicon().words(run) == words


def test_words_are_known_for_names_and_verbs() -> None:
    lexicon = open_lexicon()
    assert lexicon.is_name("重庆")
    assert not lexicon.is_name("汽车")
    assert lexicon.is_verb("增长")
    assert not lexicon.is_verb("汽车")


def test_a_reference_leads_to_its_meaning() -> None:
    assert "tencent" in open_lexicon().meanings("腾讯")


def test_names_are_listed_in_either_script_and_in_latin_letters() -> None:
    assert names_in("MiniMax的客戶在重慶和成都，Kimi的在AI公司") == {"minimax", "重庆", "成都", "kimi", "ai"}
    assert names_in("現任總裁是哪位？") == frozenset()
