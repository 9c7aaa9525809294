"""Records of single questions -> metrics with intervals, over all and by group, and the floors they must not break."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.errors import EvaluationError
from qa.evaluation.gold import FAR_MISS, GREETING, NEAR_MISS
from qa.evaluation.intervals import Estimate, mean, roc_auc, share
from qa.evaluation.legs import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from qa.evaluation.running import Record

__all__ = [
    "FLOORS",
    "broken_floors",
    "calibration_error",
    "metrics",
    "read_floors",
    "reliability",
    "summarise",
    "writing",
]

BINS = 10  # of the reliability diagram
Metrics = dict[str, Estimate]


def summarise(records: Sequence[Record]) -> dict[str, Any]:
    """Returns metrics over all records, by language, by kind, and for each retrieval recipe, by language too.

    A question that a metric cannot measure is left out of it; a metric without questions is left out altogether.
    """
    return {
        "all": _plain(metrics(records)),
        "by_language": {name: _plain(metrics(some)) for name, some in _groups(records, "lang")},
        "by_kind": {name: _plain(metrics(some)) for name, some in _groups(records, "kind")},
        "legs": {name: _plain(values) for name, values in _legs(records).items()},
        "legs_by_language": {
            language: {name: _plain(values) for name, values in _legs(some).items()}
            for language, some in _groups(records, "lang")
        },
        "reliability": reliability((r["confidence"], r["answerable"]) for r in records if r["kind"] != GREETING),
        "writing": writing(records),
    }


def metrics(records: Sequence[Record]) -> Metrics:
    """Measures a group of records: shares and means from 0 to 1, latencies in seconds."""
    found: Metrics = dict(_legs(records).get(SHIPPED, {}))
    for name in ("contains", "exact", "verbatim", "right_source"):
        _add(found, name, share, [bool(r[name]) for r in records if r[name] is not None])
    for name in ("f1", "citation_precision", "citation_recall"):
        _add(found, name, mean, [float(r[name]) for r in records if r[name] is not None])
    _declining(found, records)
    _add(found, "faithful", share, [r["faithful"] for r in records if r.get("faithful") is not None])
    _add(found, "correct", mean, [r["correct"] for r in records if r.get("correct") is not None])
    for name in ("wrong_script", "cited_though_declined"):
        _add(found, name, share, [bool(r[name]) for r in records if r[name] is not None])
    seconds = [r["seconds"] for r in records]
    for name, percentile in (("latency_p50", 50), ("latency_p95", 95)):
        if seconds:
            value = float(np.percentile(seconds, percentile))
            found[name] = Estimate(value, value, value, len(seconds))
    return found


def reliability(judged: Iterable[tuple[float, bool]]) -> list[dict[str, float]]:
    """Returns, for each bin of confidence that holds any, how many questions, their mean confidence and the share
    that the articles answer."""
    bins: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, answerable in judged:
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, answerable))
    return [
        {
            "count": len(some),
            "confidence": float(np.mean([confidence for confidence, _ in some])),
            "answerable": float(np.mean([answerable for _, answerable in some])),
        }
        for _, some in sorted(bins.items())
    ]


def calibration_error(judged: Sequence[tuple[float, bool]]) -> float:
    """Returns the expected calibration error (Naeini et al. 2015) over bins of equal width."""
    off = sum(part["count"] * abs(part["confidence"] - part["answerable"]) for part in reliability(judged))
    return float(off / len(judged))


def writing(records: Sequence[Record]) -> dict[str, Any]:
    """Counts what a language model wrote: modes, faults, sentences kept and dropped, tokens; nothing without one."""
    written = [record["written"] for record in records if record.get("written")]
    if not written:
        return {}
    dropped: Counter[str] = Counter()
    for one in written:
        dropped.update(one["dropped"])
    tokens = {name: sum(one["usage"][name] or 0 for one in written) for name in ("prompt_tokens", "completion_tokens")}
    return {
        "asked": len(written),
        "modes": dict(Counter(record["mode"] for record in records)),
        "faults": dict(Counter(one["fault"] for one in written if one["fault"])),
        "kept": sum(one["kept"] for one in written),
        "dropped": dict(dropped),
        **tokens,
    }


def _declining(found: Metrics, records: Sequence[Record]) -> None:
    asked = [r for r in records if r["kind"] != GREETING]
    declined = [r for r in asked if r["status"] == "declined"]
    wanting = [r for r in asked if not r["answerable"]]
    _add(found, "answered", share, [r["status"] == "answered" for r in asked if r["answerable"]])
    _add(found, "declined_precision", share, [not r["answerable"] for r in declined])
    _add(found, "declined_recall", share, [r["status"] != "answered" for r in wanting])
    for name, kind in (("near_declined", NEAR_MISS), ("far_declined", FAR_MISS)):
        _add(found, name, share, [r["status"] != "answered" for r in wanting if r["kind"] == kind])
    right = [r["confidence"] for r in asked if r["answerable"]]
    if right and wanting:
        found["roc_auc"] = roc_auc(right, [r["confidence"] for r in wanting])
        error = calibration_error([(r["confidence"], r["answerable"]) for r in asked])
        found["ece"] = Estimate(error, error, error, len(asked))


def _legs(records: Sequence[Record]) -> dict[str, Metrics]:
    measured = [r["legs"] for r in records if r["legs"]]
    found: dict[str, Metrics] = {}
    for name in measured[0] if measured else ():
        legs = [legs[name] for legs in measured]
        found[name] = {f"hit@{k}": share([_within(leg["rank"], k) for leg in legs]) for k in (1, 5, 10)}
        found[name]["mrr"] = mean([leg["rr"] for leg in legs])
        found[name]["ndcg@10"] = mean([leg["ndcg"] for leg in legs])
        holding = [r["legs"][name]["passage_rank"] for r in records if r["legs"] and r["expected"]]
        for k in (1, 5):
            _add(found[name], f"passage@{k}", share, [_within(rank, k) for rank in holding])
    return found


def _within(rank: int | None, depth: int) -> bool:
    return rank is not None and rank <= depth


def _add(found: Metrics, name: str, estimate: Callable[[Sequence[Any]], Estimate], values: Sequence[Any]) -> None:
    if values:
        found[name] = estimate(values)


def _groups(records: Sequence[Record], field: str) -> list[tuple[str, list[Record]]]:
    groups: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        groups[record[field] or "-"].append(record)
    return sorted(groups.items())


def _plain(values: Metrics) -> dict[str, dict[str, float]]:
    return {name: {key: round(part, 9) for key, part in asdict(value).items()} for name, value in values.items()}


FLOORS = (
    "hit@1", "hit@5", "hit@10", "mrr", "ndcg@10", "passage@1", "passage@5", "contains", "exact", "f1", "verbatim",
    "right_source", "citation_precision", "citation_recall", "answered", "declined_precision", "declined_recall",
    "near_declined", "far_declined", "roc_auc",
)  # fmt: skip


def read_floors(texts: Iterable[str]) -> dict[str, float]:
    """Reads floors such as `hit@5=0.95`.

    Raises:
        EvaluationError: one is no metric with a number from 0 to 1, or has no floor because less is better.
    """
    floors = {}
    for text in texts:
        name, _, value = text.partition("=")
        if name not in FLOORS:
            raise EvaluationError(f"{name!r} has no floor. Choose among: {', '.join(FLOORS)}.")
        try:
            floors[name] = float(value)
        except ValueError:
            floors[name] = math.nan
        if not 0 <= floors[name] <= 1:
            raise EvaluationError(f"The floor {text!r} is no number from 0 to 1. Write it as {name}=0.95.")
    return floors


def broken_floors(summary: Mapping[str, Any], floors: Mapping[str, float]) -> list[str]:
    """Says, a line each, which floors are broken; a metric that could not be measured breaks its floor."""
    broken = []
    for name, floor in floors.items():
        measured = summary["all"].get(name)
        if measured is None:
            broken.append(f"{name} could not be measured; its floor is {floor:g}.")
        elif measured["value"] < floor:
            value = math.floor(1000 * measured["value"]) / 1000  # rounded up it might read as the floor itself
            broken.append(f"{name} is {value:.3f}, under its floor {floor:g}.")
    return broken
