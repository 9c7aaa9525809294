"""Passage vectors -> the nearest passages; the only module that knows Chroma, embedded or as a server."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from qa.errors import ChromaServerError, IndexDamagedError, IndexFaultError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["NearestPassages", "ServerCollection", "drop_collection", "ready"]

COLLECTION = "passages"
BATCH_SIZE = 5000  # Chroma takes at most 5461 rows a call
SERVER_BATCH_SIZE = 1000  # rows of 4096 numbers, the widest model's, stay under a server's 40 MB a request
SERVER_PORT = 8000  # Chroma's own default
CONNECT_SECONDS = 5.0
SERVER_SECONDS = 120.0  # for one request, which may be a batch to store
SEARCH_EFFORT = 200  # hnsw ef_search: candidates kept while searching; must not be under the candidates asked for


@dataclass(frozen=True, slots=True)
class ServerCollection:
    """A collection of a Chroma server."""

    url: str
    name: str


class NearestPassages:
    """A Chroma collection of passage vectors, by cosine; row `n` is passage number `n`."""

    def __init__(
        self,
        client: Any,
        collection: Any,
        is_temporary: bool,
        url: str | None = None,
        copy: tempfile.TemporaryDirectory[str] | None = None,
    ) -> None:
        self._client = client
        self._collection = collection
        self._is_temporary = is_temporary
        self._url = url
        self._copy = copy

    @classmethod
    def build(cls, place: Path | ServerCollection | None, vectors: NDArray[np.float16]) -> NearestPassages:
        """Makes a collection in a new folder, in a server, or in memory when there is no place.

        Raises:
            IndexFaultError: Chroma cannot store the vectors.
            ChromaServerError: the server does not answer.
        """
        url = place.url if isinstance(place, ServerCollection) else None
        try:
            with _answering(url):
                client = _client(place)
                return cls(client, _filled(client, place, vectors), place is None, url)
        except IndexFaultError:
            raise
        except Exception as error:  # Chroma's Rust core raises its own kinds, some without a common base
            reason = _one_line(error)
            raise IndexFaultError(
                f"Chroma cannot store the vectors: {reason}. Free space or set QA_INDEX_DIR."
            ) from error

    @classmethod
    def open(cls, place: Path | ServerCollection) -> NearestPassages:
        """Opens a collection that was built; a folder that may only be read is copied first, as Chroma writes in it.

        Raises:
            IndexDamagedError: Chroma cannot open it, or the server does not hold it.
            ChromaServerError: the server does not answer.
        """
        url = place.url if isinstance(place, ServerCollection) else None
        copy = None
        try:
            if isinstance(place, Path) and not _is_writable(place):
                copy = tempfile.TemporaryDirectory(prefix="qa-")
                place = _copied(place, Path(copy.name))
            with _answering(url):
                client = _client(place)
                collection = client.get_collection(_name(place), embedding_function=None)
        except IndexFaultError:
            raise
        except Exception as error:  # see build
            where = url or str(place)
            raise IndexDamagedError(
                f"Cannot open the vectors in {where!r}: {_one_line(error)}. Rebuild with: qa index --rebuild"
            ) from error
        return cls(client, collection, False, url, copy)

    def search(self, query_vector: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        """Returns the numbers of the nearest passages, nearest first.

        Raises:
            IndexDamagedError: Chroma cannot search them.
            ChromaServerError: the server does not answer.
        """
        try:
            with _answering(self._url):
                found = self._collection.query(query_embeddings=[query_vector], n_results=count, include=[])
        except IndexFaultError:
            raise
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
        if self._copy:
            self._copy.cleanup()


def drop_collection(place: ServerCollection) -> bool:
    """Removes a collection from its server; tells whether it is gone."""
    from chromadb.errors import NotFoundError

    try:
        with contextlib.closing(_client(place)) as client:
            client.delete_collection(place.name)
    except NotFoundError:
        return True
    except Exception:  # it is tried again after the next build
        return False
    return True


def _filled(client: Any, place: Path | ServerCollection | None, vectors: NDArray[np.float16]) -> Any:
    configuration = {"hnsw": {"space": "cosine", "ef_search": SEARCH_EFFORT, "ef_construction": SEARCH_EFFORT}}
    collection = client.create_collection(_name(place), embedding_function=None, configuration=configuration)
    size = SERVER_BATCH_SIZE if isinstance(place, ServerCollection) else BATCH_SIZE
    for at in range(0, len(vectors), size):
        rows = vectors[at : at + size].astype(np.float32)
        collection.add(ids=[str(at + row) for row in range(len(rows))], embeddings=rows)
    return collection


def _is_writable(folder: Path) -> bool:
    return not folder.exists() or all(os.access(path, os.W_OK) for path in (folder, *folder.iterdir()))


def _copied(folder: Path, to: Path) -> Path:
    """Copies the files of a folder without their permissions."""
    for path in (path for path in folder.rglob("*") if path.is_file()):
        target = to / path.relative_to(folder)
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target)
    return to


def _name(place: Path | ServerCollection | None) -> str:
    if isinstance(place, ServerCollection):
        return place.name
    return COLLECTION if place else f"{COLLECTION}-{uuid.uuid4().hex}"  # in-memory clients share one store


def _one_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")


def ready() -> Any:
    """Imports Chroma, which takes most of a second, and returns it."""
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    import chromadb

    return chromadb


def _client(place: Path | ServerCollection | None) -> Any:
    chromadb = ready()
    if isinstance(place, ServerCollection):
        host, port, is_secure = _address(place.url)
        socket.create_connection((host, port), CONNECT_SECONDS).close()  # Chroma's client would wait for ever
        client = chromadb.HttpClient(host=host, port=port, ssl=is_secure)
        client._server._session.timeout = SERVER_SECONDS  # no setting of Chroma's says so
        return client
    return chromadb.PersistentClient(path=str(place)) if place else chromadb.EphemeralClient()


def _address(url: str) -> tuple[str, int, bool]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or SERVER_PORT, parts.scheme == "https"


@contextlib.contextmanager
def _answering(url: str | None) -> Iterator[None]:
    """Tells a server that does not answer from one that does not hold what is asked for."""
    try:
        yield
    except Exception as error:
        reason = next((cause for cause in _causes(error) if _is_of_the_network(cause)), None)
        if url is None or reason is None:
            raise
        raise ChromaServerError(
            f"The Chroma server at {url!r} does not answer ({_one_line(reason)}). Start it or correct QA_CHROMA_URL."
        ) from error


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _is_of_the_network(error: BaseException) -> bool:
    """Knows errors of the connection by the library that Chroma's client speaks HTTP with."""
    return isinstance(error, OSError) or type(error).__module__.split(".")[0] in ("httpx", "httpcore")
