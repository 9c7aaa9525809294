"""Vectors by content, kept from build to build, so that only new text is ever embedded."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from qa.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from qa.embedding import Embedder

__all__ = ["KeptVectors", "embed_all"]

LOOKUP_SIZE = 500  # keys a query; SQLite takes 32,766 variables, older builds 999
REASON_CHARS = 200  # torch writes pages
UNIT_TOLERANCE = 0.01  # half precision leaves unit vectors 0.001 off
CHUNK = 2048  # texts embedded between two commits: what a crash loses


class KeptVectors:
    """A store of half-precision vectors keyed by the model's fingerprint and the text."""

    def __init__(self, path: Path | None, fingerprint: str) -> None:
        self._path = path
        self._connection = _connect(path)
        self._fingerprint = fingerprint.encode()
        self._used: set[bytes] = set()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def get(self, texts: Sequence[str]) -> dict[str, NDArray[np.float16]]:
        """Returns the vectors of those texts that were embedded before; damaged ones are as good as never kept."""
        by_key = {self._key(text): text for text in texts}
        keys = list(by_key)
        self._used.update(keys)
        found: dict[str, NDArray[np.float16]] = {}
        try:
            for at in range(0, len(keys), LOOKUP_SIZE):
                for key, vector in _whole(self._rows(keys[at : at + LOOKUP_SIZE])):
                    found[by_key[key]] = vector
        except sqlite3.OperationalError:  # see _connect
            raise
        except sqlite3.DatabaseError:
            self._connection.close()
            if self._path:
                self._path.unlink()
            self._connection = _connect(self._path)
        return found

    def _rows(self, keys: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
        marks = ",".join("?" * len(keys))
        return self._connection.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", keys).fetchall()

    def put(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keeps vectors; they are on disk when this returns."""
        rows = [
            (self._key(text), vector.astype(np.float16).tobytes()) for text, vector in zip(texts, vectors, strict=True)
        ]
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def prune(self) -> None:
        """Deletes every vector but those asked for since the store was opened, and overwrites its place on disk."""
        self._connection.execute("PRAGMA secure_delete = ON")
        with self._connection:
            self._connection.execute("CREATE TEMP TABLE used (key BLOB PRIMARY KEY) WITHOUT ROWID")
            self._connection.executemany("INSERT INTO used VALUES (?)", ((key,) for key in self._used))
            self._connection.execute("DELETE FROM vectors WHERE key NOT IN (SELECT key FROM used)")
        self._connection.execute("VACUUM")

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(self._fingerprint + b"\0" + text.encode()).digest()[:16]


def _whole(rows: Sequence[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, NDArray[np.float16]]]:
    """Yields the vectors that have the length of most, and of one."""
    if not rows:
        return
    usual = Counter(len(vector) for _, vector in rows).most_common(1)[0][0]
    same = [(key, vector) for key, vector in rows if len(vector) == usual]
    vectors = np.frombuffer(b"".join(vector for _, vector in same), np.float16).reshape(len(same), -1)
    sound = np.abs(np.linalg.norm(vectors.astype(np.float32), axis=1) - 1) < UNIT_TOLERANCE
    yield from ((key, vector) for (key, _), vector, is_sound in zip(same, vectors, sound, strict=True) if is_sound)


def _connect(path: Path | None) -> sqlite3.Connection:
    """Opens the store; one that is no database any more is begun anew, as nothing in it is lost for good."""
    connection = sqlite3.connect(path or ":memory:")
    try:
        connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
    except sqlite3.OperationalError:  # locked, read-only or full: not damage
        connection.close()
        raise
    except sqlite3.DatabaseError:
        connection.close()
        if path is None:
            raise
        path.unlink()
        return _connect(path)
    return connection


def embed_all(
    texts: Sequence[str],
    kept: KeptVectors,
    load: Callable[[Sequence[str]], Embedder],
    progress: Callable[[int, int], None],
) -> NDArray[np.float16]:
    """Returns one vector a text, shape (texts, dimension), embedding each new text once.

    `load` is only called when something is new, with all that is; `progress` gets texts done and their total.

    Raises:
        ModelError: the model cannot be loaded, or fails.
    """
    known = kept.get(texts)
    # The longest first: batches of like length waste least on padding, and the time left is not underestimated.
    new = sorted({text for text in texts if text not in known}, key=lambda text: (-len(text.encode()), text))
    embedder: Embedder | None = None
    for at in range(0, len(new), CHUNK):
        chunk = new[at : at + CHUNK]
        embedder = embedder or load(new)
        vectors = _embed(embedder, chunk, lambda done, at=at: progress(at + done, len(new)))  # type: ignore[misc]
        kept.put(chunk, vectors)
        known.update(zip(chunk, vectors.astype(np.float16), strict=True))
    return np.stack([known[text] for text in texts])


def _embed(embedder: Embedder, texts: Sequence[str], progress: Callable[[int], None]) -> NDArray[np.float32]:
    try:
        vectors: NDArray[np.float32] = embedder.encode_passages(texts, progress)
    except RuntimeError as error:  # what torch raises, out of memory for one
        reason = " ".join(str(error).split())[:REASON_CHARS].rstrip(".")
        raise ModelError(f"The embedding model failed: {reason}. The old index stays; run again: qa index") from error
    return vectors
