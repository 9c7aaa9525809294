"""Questions in readers' own words, written for this project: far from what the passages say.

`wordings.jsonl` has a line for a question of the data, by its id: the same question as somebody asks who has not read
the article, and another that lies near and that its passage does not answer.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Wording", "read_wordings"]

FILE = Path(__file__).with_name("wordings.jsonl")


class Wording(NamedTuple):
    """A question in other words, and one that its passage leaves open."""

    question: str
    near: str


def read_wordings(path: Path = FILE) -> Mapping[str, Wording]:
    """Returns the wordings by the ids of the questions."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["id"]: Wording(row["question"], row["near"]) for row in rows}
