"""The lists of words that the checks go by; they live in `words.json`, Chinese ones in Simplified characters."""

from __future__ import annotations

import functools
import importlib.resources
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["word_list"]


def word_list(name: str) -> frozenset[str]:
    """Returns one list of words by its name."""
    return frozenset(_lists()[name].split())


@functools.cache
def _lists() -> Mapping[str, str]:
    text = importlib.resources.files("qa.checking").joinpath("words.json").read_text(encoding="utf-8")
    lists: dict[str, str] = json.loads(text)
    return lists
