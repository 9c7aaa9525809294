"""Articles -> a new generation beside the old one, checked, then switched to."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from qa.articles import read_corpus
from qa.duplicates import COPY_RULES
from qa.embedding import Embedder, load_embedder, model_fingerprint
from qa.errors import IndexBusyError, IndexDamagedError, IndexFaultError, IndexMissingError
from qa.index.catalogue import article_to_json
from qa.index.generation import Generation, build_generation, open_generation
from qa.index.holding import is_held
from qa.index.manifest import MANIFEST, read_manifest, write_manifest
from qa.index.vectors import KeptVectors, embed_all
from qa.passages import PASSAGE_RULES
from qa.records import Article, IndexReport
from qa.text.dates import DATE_RULES
from qa.text.sentences import SENTENCE_RULES
from qa.text.tokens import TOKEN_RULES

if TYPE_CHECKING:
    from pathlib import Path

    from qa.settings import Settings

__all__ = ["Progress", "build_in_memory", "build_index", "current_generation", "is_stale", "open_current"]

Progress = Callable[[str, int, int], None]  # stage, steps done, steps in all

CURRENT = "CURRENT"
KEPT_VECTORS = "vectors.sqlite"
LOCK = "write.lock"
GENERATION_PREFIX = "generation-"
UNFINISHED_PREFIX = "unfinished-"
VERIFY_SECONDS = 300
LAYOUT = "3"  # raise it when the files of a generation change

_GENERATION_NAME = re.compile(rf"{GENERATION_PREFIX}[\w-]{{1,80}}")


def build_index(settings: Settings, progress: Progress | None = None, rebuild: bool = False) -> IndexReport:
    """Brings the index into step with the corpus folder; does nothing when nothing changed.

    Vectors of unchanged text are kept, even with `rebuild`, which makes a new generation in any case.

    Raises:
        CorpusError: there is no article to index; the old index stays.
        IndexBusyError: another process is building.
        IndexFaultError: the folder cannot be written, or the new generation failed its check.
        ModelError: the embedding model cannot be loaded.
    """
    started = time.monotonic()
    corpus = read_corpus(settings.corpus_dir, settings.current_day())
    with _writing(settings.index_dir):
        old = _manifest(settings.index_dir)
        wanted = _wanted(settings, corpus.articles)
        if rebuild or _differs(old, wanted):
            manifest = {**wanted, "built": time.time()}
            passages = _new_generation(settings, corpus.articles, manifest, progress or _silent)
        else:
            passages = old["passages"]
    before: dict[str, str] = old.get("hashes", {})
    hashes = wanted["hashes"]
    return IndexReport(
        articles=len(hashes),
        passages=passages,
        added=len(hashes.keys() - before.keys()),
        updated=sum(before[name] != digest for name, digest in hashes.items() if name in before),
        removed=len(before.keys() - hashes.keys()),
        unchanged=sum(before.get(name) == digest for name, digest in hashes.items()),
        seconds=time.monotonic() - started,
        problems=corpus.problems,
        waiting=len(corpus.waiting),
    )


def is_stale(settings: Settings) -> bool:
    """Tells whether `qa index` would build anew: articles, model or rules changed, or no index can be read.

    Raises:
        CorpusError: there is no article to compare with.
        ModelError: the setting names a model folder that does not exist.
    """
    articles = read_corpus(settings.corpus_dir, settings.current_day()).articles
    return _differs(_manifest(settings.index_dir), _wanted(settings, articles))


def build_in_memory(
    articles: Sequence[Article], settings: Settings, embedder: Embedder, vectors: Path | None = None
) -> Generation:
    """Builds an index that lives as long as the object returned; `vectors` is a file to keep vectors in, if any.

    Raises:
        CorpusError: an article holds half a surrogate pair.
    """
    manifest = {"rules": _rules(settings), "built": time.time()}
    kept = KeptVectors(vectors, embedder.fingerprint)
    embed = functools.partial(embed_all, kept=kept, load=lambda: embedder, progress=lambda _done, _total: None)
    with contextlib.closing(kept):
        return build_generation(articles, settings.passage_chars, embed, None, manifest)


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
        IndexDamagedError: it cannot be read, or was built by another model or older rules.
    """
    generation = open_generation(current_generation(settings.index_dir))
    built, wanted = generation.manifest["rules"], _rules(settings)
    if built.get("model") == wanted["model"] and built.get("text") == wanted["text"]:
        return generation
    generation.close()
    if built.get("model") == wanted["model"]:
        raise IndexDamagedError("The index was built by another version of qa, which cut text otherwise. Run: qa index")
    raise IndexDamagedError(
        f"The index was built with the embedding model {built.get('model')!r}, but the settings name"
        f" {wanted['model']!r}. Run: qa index"
    )


def _new_generation(
    settings: Settings, articles: Sequence[Article], manifest: dict[str, Any], progress: Progress
) -> int:
    name = f"{GENERATION_PREFIX}{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
    unfinished = settings.index_dir / f"{UNFINISHED_PREFIX}{name}"
    load = functools.cache(lambda: load_embedder(settings.embedding_model, settings.cache_dir, progress))
    kept = KeptVectors(settings.index_dir / KEPT_VECTORS, model_fingerprint(settings.embedding_model))
    embed = functools.partial(
        embed_all, kept=kept, load=load, progress=lambda done, total: progress("Embedding", done, total)
    )
    try:
        unfinished.mkdir(parents=True)
        generation = build_generation(articles, settings.passage_chars, embed, unfinished, manifest)
        generation.close()
        write_manifest(unfinished, generation.manifest)
        progress("Checking", 0, 1)
        _verify(unfinished)
        progress("Checking", 1, 1)
        before = _current_name(settings.index_dir)
        unfinished.rename(settings.index_dir / name)
        _switch(settings.index_dir, name)
    finally:
        kept.close()
        shutil.rmtree(unfinished, ignore_errors=True)
    _remove_old(settings.index_dir, {name, before})
    return generation.passage_count


def _verify(folder: Path) -> None:
    """Asks a fresh process to find in the new generation what was put into it."""
    command = [sys.executable, "-m", "qa.index.verify", str(folder)]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=VERIFY_SECONDS, check=False)
        reason = result.stderr.strip().splitlines()[-1:] if result.returncode > 0 else []
        failure = None if result.returncode == 0 else "".join(reason) or f"exit code {result.returncode}"
    except subprocess.TimeoutExpired:
        failure = f"not done in {VERIFY_SECONDS} seconds"
    if failure:
        raise IndexDamagedError(f"The new index failed its check ({failure}); the old one stays. Run again: qa index")


def _switch(index_dir: Path, name: str) -> None:
    """Makes a generation the one that serves, or removes it."""
    temporary = index_dir / f"{CURRENT}.new"
    try:
        with temporary.open("w", encoding="utf-8") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(index_dir / CURRENT)
    except OSError:
        temporary.unlink(missing_ok=True)
        shutil.rmtree(index_dir / name, ignore_errors=True)
        raise


def _remove_old(index_dir: Path, kept: set[str]) -> None:
    """Removes what no longer serves and no reader holds; the generation before may be about to be opened."""
    for path in index_dir.glob(f"{GENERATION_PREFIX}*"):
        if path.name not in kept and not is_held(path / MANIFEST):
            with contextlib.suppress(OSError):  # moved first: what is half removed must not look like an index
                path.rename(index_dir / f"{UNFINISHED_PREFIX}{path.name}")
    for path in index_dir.glob(f"{UNFINISHED_PREFIX}*"):
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _writing(index_dir: Path) -> Iterator[None]:
    """Holds the index folder for one writer, and says in one line what the disk refuses."""
    import filelock

    try:
        index_dir.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(index_dir / LOCK, timeout=0):
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


def _manifest(index_dir: Path) -> dict[str, Any]:
    try:
        return read_manifest(current_generation(index_dir))
    except (IndexFaultError, OSError, ValueError):
        return {}


def _current_name(index_dir: Path) -> str:
    try:
        return current_generation(index_dir).name
    except IndexFaultError:
        return ""


def _wanted(settings: Settings, articles: Sequence[Article]) -> dict[str, Any]:
    return {"rules": _rules(settings), "hashes": {article.id: _digest(article) for article in articles}}


def _differs(manifest: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return any(manifest.get(key) != value for key, value in wanted.items())


def _rules(settings: Settings) -> dict[str, str]:
    return {
        "model": model_fingerprint(settings.embedding_model),
        "text": f"{SENTENCE_RULES}.{PASSAGE_RULES}.{TOKEN_RULES}.{DATE_RULES}.{COPY_RULES}.{LAYOUT}",
        "passage_chars": str(settings.passage_chars),
    }


def _digest(article: Article) -> str:
    return hashlib.sha256(article_to_json(article).encode()).hexdigest()


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass
