"""Passage vectors -> the nearest passages; the only module that knows Chroma."""

from __future__ import annotations

import contextlib
import os
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.errors import IndexDamagedError, IndexFaultError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["NearestPassages"]

COLLECTION = "passages"
BATCH_SIZE = 5000  # Chroma takes at most 5461 rows a call
SEARCH_EFFORT = 200  # hnsw ef_search: candidates kept while searching; must not be under the candidates asked for


class NearestPassages:
    """A Chroma collection of passage vectors, by cosine; row `n` is passage number `n`."""

    def __init__(self, client: Any, collection: Any, is_temporary: bool) -> None:
        self._client = client
        self._collection = collection
        self._is_temporary = is_temporary

    @classmethod
    def build(cls, folder: Path | None, vectors: NDArray[np.float16]) -> NearestPassages:
        """Makes a collection in a new folder, or in memory when there is none.

        Raises:
            IndexFaultError: Chroma cannot store the vectors.
        """
        try:
            client = _client(folder)
            return cls(client, _filled(client, folder is None, vectors), folder is None)
        except Exception as error:  # Chroma's Rust core raises its own kinds, some without a common base
            reason = _one_line(error)
            raise IndexFaultError(
                f"Chroma cannot store the vectors: {reason}. Free space or set QA_INDEX_DIR."
            ) from error

    @classmethod
    def open(cls, folder: Path) -> NearestPassages:
        """Opens a collection that was built.

        Raises:
            IndexDamagedError: Chroma cannot open it.
        """
        try:
            client = _client(folder)
            collection = client.get_collection(COLLECTION, embedding_function=None)
        except Exception as error:  # see build
            raise IndexDamagedError(
                f"Cannot open the vectors in {str(folder)!r}: {_one_line(error)}. Rebuild with: qa index --rebuild"
            ) from error
        return cls(client, collection, False)

    def search(self, query_vector: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        """Returns the numbers of the nearest passages, nearest first."""
        try:
            found = self._collection.query(query_embeddings=[query_vector], n_results=count, include=[])
        except Exception as error:  # see build
            reason = _one_line(error)
            raise IndexDamagedError(
                f"The vectors cannot be searched: {reason}. Rebuild with: qa index --rebuild"
            ) from error
        return np.array([int(number) for number in found["ids"][0]], np.int64)

    def close(self) -> None:
        """Lets go of the collection; one in memory is gone then."""
        with contextlib.suppress(Exception):
            if self._is_temporary:
                self._client.delete_collection(self._collection.name)
            self._client.close()


def _filled(client: Any, is_temporary: bool, vectors: NDArray[np.float16]) -> Any:
    name = f"{COLLECTION}-{uuid.uuid4().hex}" if is_temporary else COLLECTION  # in-memory clients share one store
    configuration = {"hnsw": {"space": "cosine", "ef_search": SEARCH_EFFORT, "ef_construction": SEARCH_EFFORT}}
    collection = client.create_collection(name, embedding_function=None, configuration=configuration)
    for at in range(0, len(vectors), BATCH_SIZE):
        rows = vectors[at : at + BATCH_SIZE].astype(np.float32)
        collection.add(ids=[str(at + row) for row in range(len(rows))], embeddings=rows)
    return collection


def _one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")


def _client(folder: Path | None) -> Any:
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    import chromadb

    return chromadb.PersistentClient(path=str(folder)) if folder else chromadb.EphemeralClient()
