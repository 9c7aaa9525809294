"""Which generation serves: the pointer, the rules it must keep to, and what serves where it is damaged."""

from __future__ import annotations

import logging
import os
import re
import shutil
from typing import TYPE_CHECKING

from qa.duplicates import COPY_RULES
from qa.embedding import model_fingerprint
from qa.errors import IndexDamagedError, IndexFaultError, IndexMissingError, IndexOutdatedError
from qa.index.generation import Generation, open_generation
from qa.index.manifest import MANIFEST, sync_folder
from qa.passages import PASSAGE_RULES
from qa.text.dates import DATE_RULES
from qa.text.sentences import SENTENCE_RULES
from qa.text.tokens import TOKEN_RULES

if TYPE_CHECKING:
    from pathlib import Path

    from qa.settings import Settings

__all__ = [
    "CURRENT",
    "GENERATION_PREFIX",
    "current_generation",
    "open_current",
    "open_serving",
    "rules_of",
    "switch_to",
]

logger = logging.getLogger(__name__)

CURRENT = "CURRENT"
GENERATION_PREFIX = "generation-"
LAYOUT = "3"  # raise it when the files of a generation change

_GENERATION_NAME = re.compile(rf"{GENERATION_PREFIX}[\w-]{{1,80}}")


def current_generation(index_dir: Path) -> Path:
    """Returns the folder of the generation that serves.

    Raises:
        IndexMissingError: none has been built.
        IndexDamagedError: `CURRENT` names none.
    """
    try:
        name = (index_dir / CURRENT).read_text(encoding="utf-8", errors="replace").strip()
    except OSError as error:
        raise IndexMissingError(f"No index in {str(index_dir)!r}. Build it with: qa index") from error
    if not _GENERATION_NAME.fullmatch(name) or not (index_dir / name / MANIFEST).is_file():
        raise IndexDamagedError(f"The index in {str(index_dir)!r} is damaged. Rebuild with: qa index --rebuild")
    return index_dir / name


def open_current(settings: Settings) -> Generation:
    """Opens the generation that serves.

    Raises:
        IndexMissingError: none has been built.
        IndexDamagedError: it cannot be read.
        IndexOutdatedError: it was built by another model or older rules.
    """
    return _open_ruled(current_generation(settings.index_dir), settings)


def open_serving(settings: Settings) -> Generation:
    """Opens the generation that serves or, where it is damaged, the newest whole one before it, and logs that.

    Raises:
        IndexMissingError: none has been built.
        IndexDamagedError: none can be read.
        IndexOutdatedError: the one that serves was built by another model or older rules.
    """
    try:
        return open_current(settings)
    except IndexOutdatedError:
        raise
    except IndexDamagedError as error:
        for folder in sorted(settings.index_dir.glob(f"{GENERATION_PREFIX}*"), reverse=True):
            try:
                before = _open_ruled(folder, settings)
            except IndexFaultError:
                continue
            logger.warning("%s Until then the index before it serves.", error)
            return before
        raise


def switch_to(index_dir: Path, name: str) -> None:
    """Makes a generation the one that serves, or removes it."""
    temporary = index_dir / f"{CURRENT}.new"
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(index_dir)  # the generation itself
        temporary.replace(index_dir / CURRENT)
        sync_folder(index_dir)
    except OSError:
        temporary.unlink(missing_ok=True)
        shutil.rmtree(index_dir / name, ignore_errors=True)
        raise


def rules_of(settings: Settings) -> dict[str, str]:
    """Names all that decides, beside the articles, what a build makes of them."""
    return {
        "model": model_fingerprint(settings.embedding_model),
        "text": f"{SENTENCE_RULES}.{PASSAGE_RULES}.{TOKEN_RULES}.{DATE_RULES}.{COPY_RULES}.{LAYOUT}",
        "passage_chars": str(settings.passage_chars),
        "vectors": "server" if settings.chroma_url else "folder",
    }


def _open_ruled(folder: Path, settings: Settings) -> Generation:
    generation = open_generation(folder, settings.chroma_url)
    built, wanted = generation.manifest["rules"], rules_of(settings)
    if all(built.get(rule) == wanted[rule] for rule in ("model", "text", "vectors")):
        return generation
    generation.close()
    if built.get("vectors") != wanted["vectors"] == "server":
        raise IndexOutdatedError(
            f"The vectors of the index are in its folder, not in the Chroma server at {settings.chroma_url!r}."
            " Run: qa index"
        )
    if built.get("model") == wanted["model"]:
        raise IndexOutdatedError(
            "The index was built by another version of qa, which cut text otherwise. Run: qa index"
        )
    raise IndexOutdatedError(
        f"The index was built with the embedding model {built.get('model')!r}, but the settings name"
        f" {wanted['model']!r}. Run: qa index"
    )
