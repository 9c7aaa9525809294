"""Takes articles out of every generation and out of the kept vectors."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

from qa.errors import IndexFaultError
from qa.index.building import Progress, clear, new_generation, wanted_for
from qa.index.catalogue import Catalogue
from qa.index.current import GENERATION_PREFIX, current_generation
from qa.index.generation import CATALOGUE
from qa.index.manifest import check_files, read_manifest
from qa.index.writing import writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from qa.records import Article
    from qa.settings import Settings

__all__ = ["indexed_articles", "take_down"]

WAIT_SECONDS = 120.0  # for a build that is under way: a takedown is not to be tried again by hand


def indexed_articles(settings: Settings, article_ids: Iterable[str]) -> dict[str, Article]:
    """Finds articles in whatever generation holds them, the newest first; what none holds is left out."""
    found: dict[str, Article] = {}
    for folder in _generations(settings.index_dir):
        with contextlib.suppress(IndexFaultError), _catalogue(folder) as catalogue:
            for name in article_ids:
                with contextlib.suppress(KeyError):
                    found.setdefault(name, catalogue.article(name))
    return found


def take_down(settings: Settings, article_ids: Iterable[str], progress: Progress | None = None) -> None:
    """Makes a generation without the articles, and removes every other and all vectors that it does not need.

    The corpus folder has no part in it: what changed there waits for the next build. Where no generation can be
    read, or none of its articles is left, the whole index goes.

    Raises:
        IndexBusyError: another process has been building for two minutes.
        IndexFaultError: the folder cannot be written, or the new generation failed its check; nothing is removed.
    """
    if not settings.index_dir.is_dir():
        return
    with writing(settings.index_dir, WAIT_SECONDS):
        remaining = _remaining(settings.index_dir, set(article_ids))
        if remaining:
            manifest: dict[str, Any] = {**wanted_for(settings, remaining), "built": time.time()}
            new_generation(settings, remaining, manifest, progress, forgetting=True)
        else:
            clear(settings)


def _remaining(index_dir: Path, gone: set[str]) -> list[Article]:
    """Reads the articles of the newest generation that is whole, in its order, without those that go."""
    for folder in _generations(index_dir):
        with contextlib.suppress(IndexFaultError, OSError, ValueError, KeyError):
            manifest = read_manifest(folder)
            check_files(folder, manifest)
            with _catalogue(folder) as catalogue:
                return [catalogue.article(name) for name in manifest["hashes"] if name not in gone]
    return []


def _generations(index_dir: Path) -> Iterator[Path]:
    """Yields the folders of all generations, the one that serves first, then the newest."""
    with contextlib.suppress(IndexFaultError):
        yield current_generation(index_dir)
    yield from sorted(index_dir.glob(f"{GENERATION_PREFIX}*"), reverse=True)


@contextlib.contextmanager
def _catalogue(folder: Path) -> Iterator[Catalogue]:
    with contextlib.closing(Catalogue.open(folder / CATALOGUE)) as catalogue:
        yield catalogue
