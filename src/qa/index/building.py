"""Articles -> a new generation beside the old one, checked, then switched to."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.articles import read_corpus
from qa.embedding import Embedder, load_embedder, model_fingerprint
from qa.errors import IndexBusyError, IndexDamagedError, IndexFaultError, IndexMissingError
from qa.index.catalogue import article_to_json
from qa.index.generation import MANIFEST, Generation, build_generation, open_generation
from qa.index.vectors import KeptVectors, embed_all
from qa.passages import PASSAGE_RULES
from qa.records import Article, IndexReport
from qa.text.dates import DATE_RULES
from qa.text.sentences import SENTENCE_RULES
from qa.text.tokens import TOKEN_RULES

if TYPE_CHECKING:
    from qa.settings import Settings

__all__ = ["Progress", "build_in_memory", "build_index", "current_generation", "open_current"]

Progress = Callable[[str, int, int], None]  # stage, steps done, steps in all

CURRENT = "CURRENT"
KEPT_VECTORS = "vectors.sqlite"
LOCK = "write.lock"
GENERATION_PREFIX = "generation-"
VERIFY_SECONDS = 300
LAYOUT = "1"  # raise it when the files of a generation change


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
    corpus = read_corpus(settings.corpus_dir)
    with _writing(settings.index_dir):
        hashes = {article.id: _digest(article) for article in corpus.articles}
        rules = _rules(settings)
        old = _manifest(settings.index_dir)
        changed = rebuild or old.get("rules") != rules or old.get("hashes") != hashes
        if changed:
            manifest = {"rules": rules, "hashes": hashes, "built": time.time()}
            passages = _new_generation(settings, corpus.articles, manifest, progress or _silent)
        else:
            passages = old["passages"]
    before: dict[str, str] = old.get("hashes", {})
    return IndexReport(
        articles=len(hashes),
        passages=passages,
        added=len(hashes.keys() - before.keys()),
        updated=sum(before[name] != digest for name, digest in hashes.items() if name in before),
        removed=len(before.keys() - hashes.keys()),
        unchanged=sum(before.get(name) == digest for name, digest in hashes.items()),
        seconds=time.monotonic() - started,
        problems=corpus.problems,
    )


def build_in_memory(articles: Sequence[Article], settings: Settings, embedder: Embedder) -> Generation:
    """Builds an index that lives as long as the object returned."""
    manifest = {"rules": _rules(settings), "built": time.time()}
    kept = KeptVectors(None, embedder.fingerprint)
    embed = functools.partial(embed_all, kept=kept, load=lambda: embedder, progress=lambda _done, _total: None)
    with contextlib.closing(kept):
        return build_generation(articles, settings.passage_chars, embed, None, manifest)


def current_generation(index_dir: Path) -> Path:
    """Returns the folder of the generation that serves.

    Raises:
        IndexMissingError: none has been built.
    """
    try:
        name = (index_dir / CURRENT).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise IndexMissingError(f"No index in {str(index_dir)!r}. Build it with: qa index") from error
    folder = index_dir / name
    if not name.startswith(GENERATION_PREFIX) or not (folder / MANIFEST).is_file():
        raise IndexDamagedError(f"The index in {str(index_dir)!r} is damaged. Rebuild with: qa index --rebuild")
    return folder


def open_current(settings: Settings) -> Generation:
    """Opens the generation that serves.

    Raises:
        IndexMissingError: none has been built.
        IndexDamagedError: it cannot be read, or was built by another model or older rules.
    """
    generation = open_generation(current_generation(settings.index_dir))
    built, wanted = generation.manifest["rules"]["model"], model_fingerprint(settings.embedding_model)
    if built != wanted:
        generation.close()
        raise IndexDamagedError(
            f"The index was built with the embedding model {built!r}, but the settings name {wanted!r}. Run: qa index"
        )
    return generation


def _new_generation(
    settings: Settings, articles: Sequence[Article], manifest: dict[str, Any], progress: Progress
) -> int:
    name = f"{GENERATION_PREFIX}{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
    unfinished = settings.index_dir / f"unfinished-{name}"
    load = functools.cache(lambda: load_embedder(settings.embedding_model, settings.cache_dir, progress))
    kept = KeptVectors(settings.index_dir / KEPT_VECTORS, model_fingerprint(settings.embedding_model))
    embed = functools.partial(
        embed_all, kept=kept, load=load, progress=lambda done, total: progress("Embedding", done, total)
    )
    try:
        unfinished.mkdir(parents=True)
        generation = build_generation(articles, settings.passage_chars, embed, unfinished, manifest)
        generation.close()
        progress("Checking", 0, 1)
        _verify(unfinished)
        progress("Checking", 1, 1)
        unfinished.rename(settings.index_dir / name)
        _switch(settings.index_dir, name)
    finally:
        kept.close()
        shutil.rmtree(unfinished, ignore_errors=True)
    _remove_old(settings.index_dir, name)
    return int(generation.passage_count)


def _verify(folder: Path) -> None:
    """Asks a fresh process to find in the new generation what was put into it."""
    command = [sys.executable, "-m", "qa.index.verify", str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=VERIFY_SECONDS, check=False)
    if result.returncode:
        reason = (result.stderr.strip() or f"exit code {result.returncode}").splitlines()[-1]
        raise IndexDamagedError(f"The new index failed its check ({reason}); the old one stays. Run again: qa index")


def _switch(index_dir: Path, name: str) -> None:
    temporary = index_dir / f"{CURRENT}.new"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(index_dir / CURRENT)


def _remove_old(index_dir: Path, name: str) -> None:
    """Removes what no longer serves, but for the generation before, which readers may still hold open."""
    leftovers = sorted(path for path in index_dir.glob(f"{GENERATION_PREFIX}*") if path.name != name)
    for path in [*leftovers[:-1], *index_dir.glob("unfinished-*")]:
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
        raise IndexBusyError(f"Another process is building the index in {str(index_dir)!r}. Try again later.") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise IndexFaultError(
            f"Cannot write the index in {str(index_dir)!r}: {reason}. Free space or set QA_INDEX_DIR; the old index stays."
        ) from error


def _manifest(index_dir: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((current_generation(index_dir) / MANIFEST).read_text(encoding="utf-8"))
    except (IndexFaultError, OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _rules(settings: Settings) -> dict[str, str]:
    return {
        "model": model_fingerprint(settings.embedding_model),
        "text": f"{SENTENCE_RULES}.{PASSAGE_RULES}.{TOKEN_RULES}.{DATE_RULES}.{LAYOUT}.{settings.passage_chars}",
    }


def _digest(article: Article) -> str:
    return hashlib.sha256(article_to_json(article).encode()).hexdigest()


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass
