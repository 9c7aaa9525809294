"""One writer at a time: the lock on the index folder, what the disk refuses, and what is left to clear away."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from typing import TYPE_CHECKING

from qa.errors import IndexBusyError, IndexFaultError
from qa.index.current import GENERATION_PREFIX
from qa.index.holding import is_held
from qa.index.manifest import MANIFEST
from qa.index.nearest import ServerCollection, drop_collection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.settings import Settings

__all__ = ["UNFINISHED_PREFIX", "discard", "remove_old", "writing"]

LOCK = "write.lock"
UNFINISHED_PREFIX = "unfinished-"


@contextlib.contextmanager
def writing(index_dir: Path, wait: float = 0) -> Iterator[None]:
    """Holds the index folder for one writer, waiting some seconds for another, and says what the disk refuses.

    Raises:
        IndexBusyError: another process is writing.
        IndexFaultError: the folder cannot be written.
    """
    import filelock

    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(index_dir / LOCK, timeout=wait):
            yield
    except filelock.Timeout as error:
        busy = f"Another process is building the index in {str(index_dir)!r}. Try again later."
        raise IndexBusyError(busy) from error
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IndexFaultError(
            f"Cannot write the index in {str(index_dir)!r}: {reason}."
            " Free space or set QA_INDEX_DIR; the old index stays."
        ) from error


def remove_old(settings: Settings, kept: set[str], even_held: bool = False) -> None:
    """Removes what no longer serves and no reader holds; the generation before may be about to be opened."""
    for path in settings.index_dir.glob(f"{GENERATION_PREFIX}*"):
        if path.name not in kept and (even_held or not is_held(path / MANIFEST)):
            with contextlib.suppress(OSError):  # moved first: what is half removed must not look like an index
                path.rename(settings.index_dir / f"{UNFINISHED_PREFIX}{path.name}")
    for path in settings.index_dir.glob(f"{UNFINISHED_PREFIX}*"):
        discard(path, settings.chroma_url)


def discard(unfinished: Path, chroma_url: str | None) -> None:
    """Removes the folder of an unfinished generation, and its collection first: the folder is what reminds of it."""
    name = unfinished.name.removeprefix(UNFINISHED_PREFIX)
    if unfinished.exists() and (not chroma_url or drop_collection(ServerCollection(chroma_url, name))):
        shutil.rmtree(unfinished, ignore_errors=True)
