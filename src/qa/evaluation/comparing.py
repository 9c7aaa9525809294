"""Two runs -> what moved: the metrics, and question by question."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.evaluation.gold import GREETING
from qa.evaluation.legs import SHIPPED
from qa.evaluation.summary import metrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.evaluation.results import Results
    from qa.evaluation.running import Record

__all__ = ["Comparison", "Moved", "compare", "is_right"]


@dataclass(frozen=True, slots=True)
class Moved:
    """A question whose outcome changed; `change` is better, worse or other, `parts` what moved: name -> before, after.

    `before` and `after` are the answers' texts.
    """

    id: str
    question: str
    change: str
    before: str
    after: str
    parts: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What moved between two runs, over the `common` questions that both have.

    `metrics` holds (name, before, after), None where one run could not measure it; `only_before` and `only_after` are
    ids; `interrupted` names the runs, before and after, that asked only some of their questions.
    """

    metrics: list[tuple[str, float | None, float | None]]
    moved: list[Moved]
    only_before: list[str]
    only_after: list[str]
    common: int
    interrupted: list[str]


def compare(before: Results, after: Results) -> Comparison:
    """Compares two runs; questions are matched by id, and metrics are measured anew over those that both runs have."""
    earlier = {record["id"]: record for record in before.records}
    later = {record["id"]: record for record in after.records}
    common = [name for name in later if name in earlier]
    moved = [move for name in common if (move := _moved(earlier[name], later[name]))]
    order = ("worse", "better", "other")
    return Comparison(
        _metrics([earlier[name] for name in common], [later[name] for name in common]),
        sorted(moved, key=lambda move: order.index(move.change)),
        [name for name in earlier if name not in later],
        [name for name in later if name not in earlier],
        len(common),
        [name for name, run in (("before", before), ("after", after)) if not run.complete],
    )


def is_right(record: Record) -> bool:
    """Tells whether a question went as it should: answered with an accepted answer, or declined where there is none.

    Without accepted answers, being answered is all that can be asked.
    """
    if record["kind"] == GREETING:
        return bool(record["status"] == "greeting")
    if not record["answerable"]:
        return bool(record["status"] != "answered")
    if record.get("contains") is None:
        return bool(record["status"] == "answered")
    return bool(record["contains"])


def _metrics(before: Sequence[Record], after: Sequence[Record]) -> list[tuple[str, float | None, float | None]]:
    # A metric that an older version did not record reads as not measured.
    old, new = (metrics([defaultdict(lambda: None, record) for record in records]) for records in (before, after))
    return [
        (name, old[name].value if name in old else None, new[name].value if name in new else None)
        for name in dict.fromkeys([*old, *new])
    ]


def _moved(before: Record, after: Record) -> Moved | None:
    old, new = _parts(before), _parts(after)
    parts = {name: (old[name], new[name]) for name in old if old[name] != new[name]}
    if not parts and before["text"] == after["text"]:
        return None
    was, is_now = old["right"], new["right"]
    change = "better" if is_now > was else "worse" if is_now < was else "other"
    return Moved(after["id"], after["question"], change, before["text"], after["text"], parts)


def _parts(record: Record) -> dict[str, Any]:
    """Returns what is compared of a question besides the text: ranks are those of the recipe that is shipped."""
    leg = (record.get("legs") or {}).get(SHIPPED) or {}
    return {
        "status": record["status"],
        "right": is_right(record),
        "rank": leg.get("rank"),
        "passage rank": leg.get("passage_rank"),
        "cited": record.get("cited") or [],
    }
