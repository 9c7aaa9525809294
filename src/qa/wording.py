"""The words around quotes, in the reader's language; they live in `texts/*.json`."""

from __future__ import annotations

import functools
import importlib.resources
import json
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LANGUAGES", "wording"]

LANGUAGES: tuple[Literal["zh-Hant", "zh-Hans", "en"], ...] = ("zh-Hant", "zh-Hans", "en")


@functools.cache
def wording(language: str) -> Mapping[str, str]:
    """Returns the interface texts of a language by key; an unknown language gets Traditional Chinese."""
    name = language if language in LANGUAGES else LANGUAGES[0]
    text = importlib.resources.files("qa").joinpath("texts", f"{name}.json").read_text(encoding="utf-8")
    texts: dict[str, str] = json.loads(text)
    return texts
