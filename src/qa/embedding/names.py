"""Says which model a name means, without loading any of it."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

from qa.embedding.bundled import BUNDLED_FINGERPRINT, PROMPTS, has_bundled
from qa.errors import ModelError

__all__ = ["BUNDLED", "default_prompts", "find_folder", "hub_commit", "model_fingerprint", "resolve"]

BUNDLED = "bundled"
HUB_TWIN = "intfloat/multilingual-e5-small"  # the model that the bundled weights were quantised from
SMALL_FILE = 1 << 20  # bytes; larger files (weights, vocabularies) are known by size and time of change
HUB_NAME = re.compile(r"\w[\w.-]*(/[\w.-]+)?", re.ASCII)
E5_NAME = re.compile(r"(^|[-_])e5[-_](?!.*instruct)", re.IGNORECASE)


def model_fingerprint(name: str) -> str:
    """Names the weights and prompts behind `name`, without importing torch or sentence-transformers.

    A hub name's fingerprint holds the commit in the local cache, which appears with the first download.
    Raises `ModelError` when `name` is the path of a folder that does not exist.
    """
    name = resolve(name)
    if name == BUNDLED:
        return BUNDLED_FINGERPRINT
    folder = find_folder(name)
    identity = f"folder@{_folder_digest(folder)}" if folder else f"{name}@{hub_commit(name) or 'latest'}"
    prompts = default_prompts(name)
    return f"{identity} {json.dumps(prompts)}" if prompts else identity


def resolve(name: str) -> str:
    """Replaces the bundled model by its hub twin on platforms for which no package carries it."""
    return HUB_TWIN if name == BUNDLED and not has_bundled() else name


def find_folder(name: str) -> Path | None:
    """Returns the local folder that `name` means, or None when it is a hub name.

    Raises `ModelError` when `name` can only be a path and no folder is there.
    """
    try:
        path = Path(name).expanduser()
        if name and path.is_dir():
            return path
        is_hub_name = HUB_NAME.fullmatch(name) and not path.exists()
    except (OSError, RuntimeError):  # too long a name, or the home folder of nobody
        is_hub_name = False
    if is_hub_name:
        return None
    raise ModelError(f"No embedding model folder at {name!r}. Set embedding_model to one that exists.")


def default_prompts(name: str) -> dict[str, str]:
    """Returns the E5 family's prompts, which its hub repositories do not define, or none for other models."""
    return PROMPTS if E5_NAME.search(Path(name).name) else {}


def hub_commit(name: str) -> str | None:
    """Returns the commit of a hub model that was downloaded before; later ones never replace it silently."""
    from huggingface_hub.constants import HF_HUB_CACHE

    cache = Path(os.environ.get("SENTENCE_TRANSFORMERS_HOME") or HF_HUB_CACHE)
    repository = name if "/" in name else f"sentence-transformers/{name}"
    folder = cache / f"models--{repository.replace('/', '--')}"
    try:
        return (folder / "refs" / "main").read_text().strip() or None
    except (OSError, ValueError):
        return None


def _folder_digest(folder: Path) -> str:
    """Digests small files whole and large ones by size and time of change."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).as_posix()
        if path.is_file() and not relative.startswith("."):
            digest.update(f"\n{relative}\n".encode(errors="surrogateescape") + _file_identity(path))
    return digest.hexdigest()[:16]


def _file_identity(path: Path) -> bytes:
    try:
        status = path.stat()
        if status.st_size <= SMALL_FILE:
            return hashlib.sha256(path.read_bytes()).digest()
    except OSError as error:
        raise ModelError(f"Cannot read {str(path)!r}: {error.strerror}. Check its permissions.") from error
    return f"{status.st_size} {status.st_mtime_ns}".encode()
