"""From records to a summary, a report, floors, and what moved between two runs."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

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
from qa.evaluation.results import check_folder, commit

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


@pytest.mark.parametrize("text", ["", "[]", '{"made": 1}', "[" * 100_000])
def test_a_file_without_results_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(EvaluationError, match=r"x\.json: no results of `qa eval`"):
        read_results(path)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"summary": {}}, "its summary has no metrics"),
        ({"summary": []}, "its summary has no metrics"),
        ({"summary": {"all": None}}, "its summary has no metrics"),
        ({"records": []}, "it has no records"),
        ({"records": {}}, "it has no records"),
        ({"records": [record("a"), 5]}, "record 2 is no object"),
        ({"records": [{"id": "a"}]}, "record 1 has no 'question'"),
    ],
)
def test_results_that_lack_what_is_compared_are_named(tmp_path: Path, changes: dict[str, Any], fault: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({**dataclasses.asdict(results(RECORDS)), **changes}))
    with pytest.raises(EvaluationError, match=rf"x\.json: no results of `qa eval`: {fault}\."):
        read_results(path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluationError, match="Cannot write"):
        write_results(results(RECORDS), tmp_path / "file")
    with pytest.raises(EvaluationError, match=r"Cannot write into .*file'"):
        check_folder(tmp_path / "file")


def test_a_folder_that_was_checked_is_there_and_empty(tmp_path: Path) -> None:
    check_folder(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def _full(*_arguments: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("fails", ["write_text", "replace"])
def test_what_cannot_be_written_whole_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    write_report(results(RECORDS), tmp_path / "report.html")
    before = (tmp_path / "report.html").read_bytes()
    write_text = Path.write_text

    def half(path: Path, text: str, **options: Any) -> None:
        write_text(path, text[:10], **options)
        _full()

    monkeypatch.setattr(Path, fails, half if fails == "write_text" else _full)
    with pytest.raises(EvaluationError, match="No space left"):
        write_report(results(RECORDS[:1]), tmp_path / "report.html")
    with pytest.raises(EvaluationError, match="No space left"):
        write_results(results(RECORDS), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_bytes() == before


def test_half_a_character_does_not_lose_the_run(tmp_path: Path) -> None:
    written = results([record("a", contains=False, text="\ud83d")], questions="gold\udcff.jsonl")
    assert read_results(write_results(written, tmp_path)) == written
    write_report(written, tmp_path / "report.html")
    assert "gold\\udcff.jsonl" in (tmp_path / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("hangs", "named"), [("status", "abc1234+"), ("rev-parse", "")])
def test_a_git_that_hangs_does_not_lose_the_run(monkeypatch: pytest.MonkeyPatch, hangs: str, named: str) -> None:
    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        if hangs in command:
            raise subprocess.TimeoutExpired(command, 10)
        return subprocess.CompletedProcess(command, 0, "abc1234\n" if "rev-parse" in command else "", "")

    monkeypatch.setattr(subprocess, "run", run)
    assert commit() == named


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
    assert found.common == 4
    # Both have a and b with accepted answers: a was right, b was not; now b is.
    assert {name: (old, new) for name, old, new in found.metrics}["contains"] == (0.5, 0.5)


def test_metrics_are_compared_over_the_questions_that_both_runs_have() -> None:
    found = compare(results(RECORDS), results(RECORDS[:1]))
    assert found.common == 1
    assert {name for name, old, new in found.metrics if old != new} == set()
    assert ("contains", 1.0, 1.0) in found.metrics


def test_a_metric_that_one_run_could_not_measure_is_compared_with_nothing() -> None:
    found = compare(results([record("a", verbatim=None)]), results([record("a", faithful=True)]))
    compared = {name: (old, new) for name, old, new in found.metrics}
    assert compared["verbatim"] == (None, 1.0)
    assert compared["faithful"] == (None, 1.0)


def test_a_record_of_an_older_version_can_be_compared() -> None:
    old = record("a")
    del old["wrong_script"], old["cited"]
    found = compare(dataclasses.replace(results([record("a")]), records=[old]), results([record("a")]))
    assert {name: (was, now) for name, was, now in found.metrics}["wrong_script"] == (None, 0.0)


@pytest.mark.parametrize(
    ("changes", "change", "parts"),
    [
        ({"contains": False}, "worse", {"right": (True, False)}),
        ({"cited": ["x", "y"]}, "other", {"cited": (["x"], ["x", "y"])}),
        ({"legs": {"fused": {**LEG, "rank": 4}, "dense": LEG}}, "other", {"rank": (1, 4)}),
        ({"legs": {"fused": {**LEG, "passage_rank": None}, "dense": LEG}}, "other", {"passage rank": (2, None)}),
        ({"legs": None}, "other", {"rank": (1, None), "passage rank": (2, None)}),
        ({"text": "別的[1]"}, "other", {}),
    ],
)
def test_whatever_moved_of_a_question_is_told(
    changes: dict[str, Any], change: str, parts: dict[str, tuple[Any, Any]]
) -> None:
    [move] = compare(results([record("a")]), results([record("a", **changes)])).moved
    assert (move.change, move.parts) == (change, parts)


def test_a_run_that_was_interrupted_is_named() -> None:
    found = compare(results(RECORDS), results(RECORDS[:2], complete=False))
    assert (found.interrupted, found.common, found.only_before) == (["after"], 2, ["c", "d", "e", "f"])


def test_runs_without_a_common_question_have_nothing_to_compare() -> None:
    found = compare(results(RECORDS[:1]), results(RECORDS[1:]))
    assert (found.metrics, found.moved, found.common) == ([], [], 0)


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


def test_a_report_draws_what_could_not_be_measured_as_a_dash(tmp_path: Path) -> None:
    made = results(RECORDS)
    for name in ("passage@1", "mrr"):
        del made.summary["all"][name], made.summary["legs"]["dense"][name]
    write_report(made, tmp_path / "report.html")
    assert "–" in Loads((tmp_path / "report.html").read_text(encoding="utf-8")).text
    made.summary["legs"] = {}
    write_report(made, tmp_path / "report.html")
    assert "Nothing could be measured." in (tmp_path / "report.html").read_text(encoding="utf-8")
