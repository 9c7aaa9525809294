"""What a metric cannot measure is left out of it, and what it can is not flattered."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from qa.evaluation.comparing import is_right
from qa.evaluation.intervals import mean, roc_auc
from qa.evaluation.legs import rankings
from qa.evaluation.summary import broken_floors, summarise
from qa.retrieve import prepare

from .test_results import LEG, RECORDS, missing, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.embedding import Embedder
    from qa.index import Generation


def test_without_accepted_answers_no_passage_can_hold_one() -> None:
    open_ended = record("g", expected=[], contains=None, legs={"fused": {**LEG, "passage_rank": None}, "dense": LEG})
    assert "passage@1" not in summarise([open_ended])["all"]
    assert summarise([*RECORDS, open_ended])["all"]["passage@5"]["count"] == 3


def test_what_is_taken_for_small_talk_is_not_answered() -> None:
    taken = record("g", status="greeting", contains=False, confidence=0.0)
    assert summarise([record("a"), taken])["all"]["answered"]["value"] == 0.5


def test_small_talk_among_the_gold_questions_is_left_out_of_declining() -> None:
    hello = missing("g", "greeting", status="greeting", confidence=0.0)
    whole = [*RECORDS, hello]
    for name in ("answered", "declined_recall", "roc_auc", "ece"):
        assert summarise(whole)["all"][name] == summarise(RECORDS)["all"][name]
    assert summarise(whole)["reliability"] == summarise(RECORDS)["reliability"]
    assert is_right(hello)
    assert not is_right({**hello, "status": "answered"})


def test_a_broken_floor_never_reads_as_the_floor_itself() -> None:
    nearly = [record(str(at), contains=at < 151) for at in range(159)]
    assert broken_floors(summarise(nearly), {"contains": 0.95}) == ["contains is 0.949, under its floor 0.95."]


@pytest.mark.parametrize("values", [[1.0] * 3, [1.0], [0.0, 0.01, 0.0], [0.9, 1.0, 1.0, 1.0]])
def test_the_interval_of_a_mean_stays_between_nothing_and_all(values: list[float]) -> None:
    found = mean(values)
    assert 0.0 <= found.low < found.high <= 1.0
    assert found.low <= found.value <= found.high


def test_two_questions_do_not_prove_a_perfect_ranking() -> None:
    assert roc_auc([0.9], [0.1]).low < 0.5
    assert roc_auc([0.9] * 50, [0.1] * 50).low > 0.9


def test_a_baseline_ranks_only_what_matches(
    make_generation: Callable[..., Generation], embedder_of_hashes: Embedder
) -> None:
    generation = make_generation("圖書館週一休館。", "渡輪每天開十二班。", "碼頭在海旁。")
    query = prepare("渡輪每天開幾班？", generation, embedder_of_hashes, dt.date(2026, 1, 1))
    ranked = rankings(query, generation, 50)
    assert ranked["dictionary"] == []
    assert ranked["keyword"] == [1]
    assert ranked["rank fusion"][0] == 1
    assert sorted(ranked["rank fusion"]) == sorted(ranked["dense"]) == [0, 1, 2]
