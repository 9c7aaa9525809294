"""Ask a publisher's articles and read the very sentence that answers, with its source.

articles -> passages -> index -> retrieve -> answer with citations -> chat, widget, API, evaluation
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.errors import QAError
from qa.records import Answer, Article, Citation, Done, Evidence, Hit, IndexReport, Passage, Sentence, Turn

if TYPE_CHECKING:
    from qa.engine import Engine
    from qa.index import build_index
    from qa.settings import Settings

__all__ = [
    "Answer",
    "Article",
    "Citation",
    "Done",
    "Engine",
    "Evidence",
    "Hit",
    "IndexReport",
    "Passage",
    "QAError",
    "Sentence",
    "Settings",
    "Turn",
    "build_index",
]

_HOMES = {"Engine": "qa.engine", "Settings": "qa.settings", "build_index": "qa.index"}


def __getattr__(name: str) -> Any:
    """Imports the heavier names when they are first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
