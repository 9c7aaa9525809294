"""Passages -> an index on disk and back; the only room that knows Chroma and bm25s."""

from qa.index.building import Progress, build_in_memory, build_index, is_stale
from qa.index.current import current_generation, open_current, open_serving
from qa.index.following import Outcome, follow
from qa.index.generation import Generation, StoredPassage
from qa.index.takedown import indexed_articles, take_down
from qa.index.verify import verify

__all__ = [
    "Generation",
    "Outcome",
    "Progress",
    "StoredPassage",
    "build_in_memory",
    "build_index",
    "current_generation",
    "follow",
    "indexed_articles",
    "is_stale",
    "open_current",
    "open_serving",
    "take_down",
    "verify",
]
