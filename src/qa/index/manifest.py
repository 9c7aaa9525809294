"""What a generation says of itself: rules, articles, counts, and its files with their sizes and digests."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MANIFEST", "check_digests", "check_sizes", "read_manifest", "write_manifest"]

MANIFEST = "manifest.json"
CHROMA_LOG = "chroma.sqlite3"  # Chroma tidies it while it searches
CHROMA_GRAPH = "index_metadata.pickle"  # without it, the .bin files beside it are blanks that Chroma rewrites


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Writes the manifest of a finished generation, last of all its files, once they are safe on disk."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): _sealed(path) for path in paths}
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


def check_sizes(folder: Path, manifest: dict[str, Any]) -> None:
    """Looks for files that are missing or cut short, which native code would crash on.

    Raises:
        ValueError: a file has another size than when it was built.
        OSError: a file is missing.
    """
    for name, (size, _) in manifest["files"].items():
        found = (folder / name).stat().st_size
        if found != size and not name.endswith(CHROMA_LOG):
            raise ValueError(f"{name} has {found} bytes, not {size}")


def check_digests(folder: Path, manifest: dict[str, Any]) -> None:
    """Reads every file through that never changes.

    Raises:
        ValueError: a file's content is not what was built.
        OSError: a file cannot be read.
    """
    for name, (_, digest) in manifest["files"].items():
        if digest and _digest(folder / name) != digest:
            raise ValueError(f"{name} is not as it was built")


def _sealed(path: Path) -> tuple[int, str]:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return path.stat().st_size, _digest(path) if _is_fixed(path) else ""


def _is_fixed(path: Path) -> bool:
    if path.suffix == ".bin":
        return path.with_name(CHROMA_GRAPH).exists()
    return path.name != CHROMA_LOG


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
