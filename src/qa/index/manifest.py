"""What a generation says of itself: rules, articles, counts, and its files with their sizes and digests."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MANIFEST", "check_files", "read_manifest", "sync_folder", "write_manifest"]

MANIFEST = "manifest.json"
CHROMA_LOG = "chroma.sqlite3"  # Chroma tidies it while it searches
CHROMA_GRAPH = "index_metadata.pickle"  # without it, the .bin files beside it are blanks that Chroma rewrites
BUSY_SECONDS = 1.0  # that a reader may take to tidy it
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Writes the manifest of a finished generation, last of all its files, once they are safe on disk."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): _sealed(path) for path in paths}
    for inner in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        sync_folder(inner)
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump({**manifest, "files": files}, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> dict[str, Any]:
    """Reads `rules`, `hashes` by article, `built` (seconds since 1970), `files` and the counts of a generation.

    Raises:
        ValueError: it is not whole.
        OSError: it cannot be read.
    """
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    kinds = {"rules": dict, "hashes": dict, "files": dict, "articles": int, "passages": int, "sentences": int}
    if not isinstance(manifest, dict) or any(not isinstance(manifest.get(key), kinds[key]) for key in kinds):
        raise ValueError(f"{MANIFEST} does not describe an index")
    return manifest


def check_files(folder: Path, manifest: dict[str, Any]) -> None:
    """Reads every file through, as native code would crash on some that are cut short or overwritten.

    Raises:
        ValueError: a file's content is not what was built.
        OSError: a file cannot be read.
    """
    sizes = {name: (folder / name).stat().st_size for name in manifest["files"]}  # first, as it costs least
    for name, (size, digest) in manifest["files"].items():
        if sizes[name] != size and not name.endswith(CHROMA_LOG):
            raise ValueError(f"{name} has {sizes[name]} bytes, not {size}")
        if digest and _digest(folder / name) != digest:
            raise ValueError(f"{name} is not as it was built")
        if name.endswith(CHROMA_LOG):
            _check_database(folder / name)


def sync_folder(folder: Path) -> None:
    """Makes sure that the names in a folder outlast a power cut, where the system can."""
    with contextlib.suppress(OSError):  # Windows opens no folders
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _check_database(path: Path) -> None:
    uri = f"{path.resolve().as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as database:
        try:
            found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
            tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode in _BUSY:
                return
            raise ValueError(f"{path.name} is damaged: {error}") from error
    if found != "ok" or not tables:
        raise ValueError(f"{path.name} is damaged: {found if tables else 'it is empty'}")


def _sealed(path: Path) -> tuple[int, str]:
    with path.open("rb+") as file:
        if _is_blank(path):  # Chroma writes what its memory happens to hold, text of other articles as well
            file.write(bytes(path.stat().st_size))
            file.flush()
        os.fsync(file.fileno())
    return path.stat().st_size, _digest(path) if _is_fixed(path) else ""


def _is_fixed(path: Path) -> bool:
    return path.name != CHROMA_LOG and not _is_blank(path)


def _is_blank(path: Path) -> bool:
    return path.suffix == ".bin" and not path.with_name(CHROMA_GRAPH).exists()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
