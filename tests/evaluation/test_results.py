"""From records to a summary, a report, floors, and what moved between two runs."""

from __future__ import annotations

import dataclasses
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from qa.errors import EvaluationError
from qa.evaluation import (
    Results,
    broken_floors,
    compare,
    read_floors,
    read_results,
    summarise,
    write_report,
    write_results,
)

if TYPE_CHECKING:
    from pathlib import Path

LEG = {"rank": 1, "passage_rank": 2, "rr": 1.0, "ndcg": 1.0}


def record(name: str, **changes: Any) -> dict[str, Any]:
    plain = {
        "id": name, "question": f"{name}？", "standalone": f"{name}？", "lang": "zh-Hant", "kind": "fact",
        "answerable": True, "expected": ["答"], "article_ids": ["x"], "status": "answered", "text": "答[1]",
        "confidence": 0.95, "seconds": 0.2, "mode": "quote", "cited": ["x"], "legs": {"fused": LEG, "dense": LEG},
        "retrieved": ["段落"], "contains": True, "exact": True, "f1": 1.0, "verbatim": True, "citation_recall": 1.0,
        "citation_precision": 1.0, "right_source": True, "cited_though_declined": None, "wrong_script": False,
    }  # fmt: skip
    return {**plain, **changes}


def missing(name: str, kind: str, **changes: Any) -> dict[str, Any]:
    unknown = dict.fromkeys(
        ("legs", "contains", "exact", "f1", "verbatim", "citation_recall", "citation_precision", "right_source")
    )
    declined = {"status": "declined", "text": "沒有", "confidence": 0.05, "cited": [], "cited_though_declined": False}
    return record(name, **unknown, **{"kind": kind, "answerable": False, "expected": [], **declined, **changes})


RECORDS = [
    record("a"),
    record(
        "b",
        lang="en",
        contains=False,
        exact=False,
        f1=0.5,
        confidence=0.65,
        legs={"fused": {**LEG, "rank": 3}, "dense": LEG},
    ),
    record("c", status="declined", text="沒有", contains=False, exact=False, f1=0.0, confidence=0.35, verbatim=None),
    missing("d", "near_miss", status="answered", text="錯[1]", confidence=0.85, cited_though_declined=None),
    missing("e", "near_miss"),
    missing("f", "far_miss"),
]


def results(records: list[dict[str, Any]], **changes: Any) -> Results:
    made = Results(
        "2026-11-24T12:00:00+08:00", "abc1234", "gold.jsonl", {"articles": 2}, {}, True, summarise(records), records
    )
    return dataclasses.replace(made, **changes)


def test_each_metric_is_measured_on_the_questions_that_can_tell() -> None:
    found = summarise(RECORDS)["all"]
    values = {name: (found[name]["value"], found[name]["count"]) for name in found}
    assert values["hit@1"] == (pytest.approx(2 / 3), 3)
    assert values["hit@5"] == (1.0, 3)
    assert values["passage@1"] == (0.0, 3)
    assert values["contains"] == (pytest.approx(1 / 3), 3)
    assert values["f1"] == (pytest.approx(0.5), 3)
    assert values["verbatim"] == (1.0, 2)
    assert values["answered"] == (pytest.approx(2 / 3), 3)
    assert values["declined_precision"] == (pytest.approx(2 / 3), 3)
    assert values["declined_recall"] == (pytest.approx(2 / 3), 3)
    assert values["near_declined"] == (0.5, 2)
    assert values["far_declined"] == (1.0, 1)
    assert values["roc_auc"][0] == pytest.approx(7 / 9)
    assert values["cited_though_declined"] == (0.0, 2)
    assert values["latency_p50"] == (0.2, 6)


def test_the_calibration_error_weighs_each_bin_by_its_questions() -> None:
    off = [abs(0.95 - 1), abs(0.65 - 1), abs(0.35 - 1), abs(0.85 - 0), 2 * abs(0.05 - 0)]
    assert summarise(RECORDS)["all"]["ece"]["value"] == pytest.approx(sum(off) / 6, abs=1e-4)


def test_groups_and_recipes_are_measured_apart() -> None:
    summary = summarise(RECORDS)
    assert summary["by_language"]["en"]["contains"]["value"] == 0.0
    assert set(summary["by_kind"]) == {"fact", "near_miss", "far_miss"}
    assert "contains" not in summary["by_kind"]["near_miss"]
    assert set(summarise(RECORDS[:1])["legs"]) == {"fused", "dense"}


def test_a_floor_that_is_broken_or_cannot_be_measured_is_said() -> None:
    summary = summarise(RECORDS)
    floors = read_floors(["hit@5=0.95", "far_declined=1", "contains=0.9"])
    assert broken_floors(summary, floors) == ["contains is 0.333, under its floor 0.9."]
    [line] = broken_floors(summarise(RECORDS[:1]), {"far_declined": 1.0})
    assert "could not be measured" in line


@pytest.mark.parametrize("text", ["hit@5", "hit@5=much", "hit@5=2", "hit@5=nan", "ece=0.05", "nothing=1"])
def test_a_floor_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(EvaluationError):
        read_floors([text])


def test_results_come_back_as_they_were_written(tmp_path: Path) -> None:
    written = results(RECORDS)
    path = write_results(written, tmp_path / "new")
    assert path.name == "2026-11-24-120000-abc1234.json"
    assert read_results(path) == written
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("text", ["", "[]", '{"made": 1}'])
def test_a_file_without_results_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(EvaluationError, match=r"x\.json: no results of `qa eval`"):
        read_results(path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluationError, match="Cannot write"):
        write_results(results(RECORDS), tmp_path / "file")


def test_what_moved_is_told_question_by_question_the_worse_first() -> None:
    after = [
        record("a", contains=False, text="錯[1]"),
        record("b", lang="en", text="對[1]"),
        missing("d", "near_miss"),
        missing("e", "near_miss", text="換了話"),
        record("g"),
    ]
    found = compare(results(RECORDS), results(after))
    assert [(move.id, move.change) for move in found.moved] == [
        ("a", "worse"), ("b", "better"), ("d", "better"), ("e", "other"),
    ]  # fmt: skip
    assert (found.only_before, found.only_after) == (["c", "f"], ["g"])
    assert {name: (old, new) for name, old, new in found.metrics}["contains"] == pytest.approx((1 / 3, 2 / 3), abs=1e-4)


class Loads(HTMLParser):
    """Collects what a page would load, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [f"{tag} {name}" for name, _ in attrs if name in ("src", "href", "onload", "onerror")]
        self.loads += [tag] if tag in ("script", "img", "link", "iframe") else []

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_names_every_failure_and_loads_nothing(tmp_path: Path) -> None:
    attack = "<img src=x onerror=alert(1)>$title"
    records = [*RECORDS, record("h", question=attack, contains=False, text=attack, retrieved=[attack])]
    write_report(results(records), tmp_path / "report.html")
    page = Loads((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert page.loads == []
    assert all(f"{name}？" in page.text for name in "bcd")
    assert "a？" not in page.text
    assert attack in page.text
    assert "4 of 7" in page.text


def test_a_report_of_one_question_and_of_an_interrupted_run_can_be_drawn(tmp_path: Path) -> None:
    write_report(results(RECORDS[-1:], complete=False), tmp_path / "report.html")
    assert "interrupted" in (tmp_path / "report.html").read_text(encoding="utf-8")
