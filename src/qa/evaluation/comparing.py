"""Two runs -> what moved: the metrics, and question by question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.evaluation.results import Results
    from qa.evaluation.running import Record

__all__ = ["Comparison", "Moved", "compare", "is_right"]


@dataclass(frozen=True, slots=True)
class Moved:
    """A question whose outcome changed; `change` is better, worse or other."""

    id: str
    question: str
    change: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Metrics as (name, before, after), where both runs have them; questions that moved; ids that only one run has."""

    metrics: list[tuple[str, float, float]]
    moved: list[Moved]
    only_before: list[str]
    only_after: list[str]


def compare(before: Results, after: Results) -> Comparison:
    """Compares two runs; questions are matched by id."""
    old, new = before.summary["all"], after.summary["all"]
    metrics = [(name, old[name]["value"], new[name]["value"]) for name in old if name in new]
    earlier = {record["id"]: record for record in before.records}
    later = {record["id"]: record for record in after.records}
    common = [name for name in later if name in earlier]
    moved = [move for name in common if (move := _moved(earlier[name], later[name]))]
    order = ("worse", "better", "other")
    return Comparison(
        metrics,
        sorted(moved, key=lambda move: order.index(move.change)),
        [name for name in earlier if name not in later],
        [name for name in later if name not in earlier],
    )


def is_right(record: Record) -> bool:
    """Tells whether a question went as it should: answered with an accepted answer, or declined where there is none.

    Without accepted answers, being answered is all that can be asked.
    """
    if not record["answerable"]:
        return bool(record["status"] != "answered")
    if record["contains"] is None:
        return bool(record["status"] == "answered")
    return bool(record["contains"])


def _moved(before: Record, after: Record) -> Moved | None:
    if (before["status"], before["text"]) == (after["status"], after["text"]):
        return None
    was, is_now = is_right(before), is_right(after)
    change = "better" if is_now > was else "worse" if is_now < was else "other"
    return Moved(after["id"], after["question"], change, before["text"], after["text"])
