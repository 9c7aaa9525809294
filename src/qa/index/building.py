"""Articles -> a new generation beside the old one, checked, then switched to."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from qa.embedding import Embedder, load_embedder, model_fingerprint
from qa.errors import CorpusShrunkError, IndexFaultError
from qa.index.catalogue import article_to_json
from qa.index.checker import Checker
from qa.index.current import CURRENT, GENERATION_PREFIX, current_generation, rules_of, switch_to
from qa.index.generation import Generation, Vectors, build_generation
from qa.index.manifest import check_files, read_manifest, write_manifest
from qa.index.nearest import ServerCollection
from qa.index.vectors import KeptVectors, embed_all
from qa.index.writing import UNFINISHED_PREFIX, discard, remove_old, writing
from qa.records import Article, IndexReport
from qa.takedowns import read_published, taken_down

if TYPE_CHECKING:
    from pathlib import Path

    from qa.settings import Settings

__all__ = ["Progress", "build_in_memory", "build_index", "clear", "is_stale", "new_generation", "wanted_for"]

Progress = Callable[[str, int, int], None]  # stage, steps done, steps in all

KEPT_VECTORS = "vectors.sqlite"
MOST_REMOVED = 0.2  # share of the articles that may go unasked: a feed that comes back empty takes nearly all
NAMED_REMOVALS = 3  # articles named where too many are gone


def build_index(
    settings: Settings,
    progress: Progress | None = None,
    rebuild: bool = False,
    allow_removals: bool = False,
    load: Callable[[], Embedder] | None = None,
) -> IndexReport:
    """Brings the index into step with the corpus folder; does nothing when nothing changed and the index is whole.

    Vectors of unchanged text are kept, even with `rebuild`, which makes a new generation in any case. `load` gives
    the model, where the caller has its own; it is called when there is new text.

    Raises:
        CorpusError: there is no article to index; the old index stays.
        CorpusShrunkError: more than a fifth of the articles are gone, and no `allow_removals`;
            the old index stays.
        IndexBusyError: another process is building.
        IndexFaultError: the folder cannot be written, or the new generation failed its check.
        ModelError: the embedding model cannot be loaded.
    """
    started = time.monotonic()
    corpus = read_published(settings.corpus_dir, settings.current_day())
    with writing(settings.index_dir):
        old = _manifest(settings.index_dir)
        wanted = wanted_for(settings, corpus.articles)
        if not allow_removals:
            _check_removals(settings, old, wanted)
        if rebuild or _differs(old, wanted) or not _is_whole(settings.index_dir, old):
            manifest = {**wanted, "built": time.time()}
            passages = new_generation(settings, corpus.articles, manifest, progress, load)
        else:
            passages = old["passages"]
            remove_old(settings, _newest_two(settings.index_dir))  # what a killed process has left
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
    articles = read_published(settings.corpus_dir, settings.current_day()).articles
    return _differs(_manifest(settings.index_dir), wanted_for(settings, articles))


def build_in_memory(
    articles: Sequence[Article], settings: Settings, embedder: Embedder, vectors: Path | None = None
) -> Generation:
    """Builds an index that lives as long as the object returned; `vectors` is a file to keep vectors in, if any.

    Raises:
        CorpusError: an article holds half a surrogate pair.
    """
    manifest = {"rules": rules_of(settings), "built": time.time()}
    kept = KeptVectors(vectors, embedder.fingerprint)
    embed = functools.partial(embed_all, kept=kept, load=lambda _new: embedder, progress=lambda _done, _total: None)
    with contextlib.closing(kept):
        return build_generation(articles, settings.passage_chars, embed, None, manifest)


def new_generation(
    settings: Settings,
    articles: Sequence[Article],
    manifest: dict[str, Any],
    progress: Progress | None = None,
    load: Callable[[], Embedder] | None = None,
    forgetting: bool = False,
) -> int:
    """Builds a generation, checks it, switches to it, and returns the number of its passages; needs the lock.

    With `forgetting` it removes every other generation, even one that is held, and all vectors that it does not need.
    """
    name = f"{GENERATION_PREFIX}{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
    unfinished = settings.index_dir / f"{UNFINISHED_PREFIX}{name}"
    server = ServerCollection(settings.chroma_url, name) if settings.chroma_url else None
    report = progress or _silent
    kept = KeptVectors(settings.index_dir / KEPT_VECTORS, model_fingerprint(settings.embedding_model))
    load_for = functools.partial(load_embedder, settings.embedding_model, settings.cache_dir, report)

    def embed(texts: list[str]) -> Vectors:
        embedding = functools.partial(report, "Embedding")
        vectors = embed_all(texts, kept, lambda new: load() if load else load_for(new), embedding)
        checker.start()  # not before: embedding may take an hour
        return vectors

    with contextlib.closing(kept), contextlib.closing(Checker()) as checker:
        try:
            unfinished.mkdir(parents=True)
            generation = build_generation(
                articles, settings.passage_chars, embed, unfinished, manifest, server, settings.cache_dir
            )
            generation.close()
            write_manifest(unfinished, generation.manifest)
            report("Checking", 0, 1)
            checker.check(unfinished, settings.chroma_url)
            report("Checking", 1, 1)
            before = _name_before(settings.index_dir)
            unfinished.rename(settings.index_dir / name)
            switch_to(settings.index_dir, name)
        finally:
            discard(unfinished, settings.chroma_url)
        if forgetting:
            kept.prune()
    remove_old(settings, {name} if forgetting else {name, before}, even_held=forgetting)
    return generation.passage_count


def clear(settings: Settings) -> None:
    """Removes the index and the kept vectors; needs the lock."""
    (settings.index_dir / CURRENT).unlink(missing_ok=True)
    remove_old(settings, set(), even_held=True)
    for path in settings.index_dir.glob(f"{KEPT_VECTORS}*"):
        path.unlink()


def wanted_for(settings: Settings, articles: Sequence[Article]) -> dict[str, Any]:
    """Returns what the manifest of an index of these articles has to say."""
    return {"rules": rules_of(settings), "hashes": {article.id: _digest(article) for article in articles}}


def _manifest(index_dir: Path) -> dict[str, Any]:
    try:
        return read_manifest(current_generation(index_dir))
    except (IndexFaultError, OSError, ValueError):
        return {}


def _name_before(index_dir: Path) -> str:
    """Names the generation that serves, to be kept beside the new one; a damaged one is not worth it."""
    with contextlib.suppress(IndexFaultError):
        folder = current_generation(index_dir)
        return folder.name if _is_whole(index_dir, _manifest(index_dir)) else ""
    return ""


def _newest_two(index_dir: Path) -> set[str]:
    """Names the generation that serves and the newest beside it."""
    serving = current_generation(index_dir).name
    others = sorted(path.name for path in index_dir.glob(f"{GENERATION_PREFIX}*") if path.name != serving)
    return {serving, *others[-1:]}


def _is_whole(index_dir: Path, manifest: dict[str, Any]) -> bool:
    """Tells whether the files of the generation that serves are what was built; takes no heavy library."""
    try:
        check_files(current_generation(index_dir), manifest)
    except (IndexFaultError, OSError, ValueError, KeyError):
        return False
    return True


def _check_removals(settings: Settings, old: dict[str, Any], wanted: dict[str, Any]) -> None:
    before, meant = old.get("hashes", {}), taken_down(settings.corpus_dir)
    gone = [name for name in before if name not in wanted["hashes"] and name not in meant]
    if len(gone) > MOST_REMOVED * len(before):
        named = ", ".join(map(repr, gone[:NAMED_REMOVALS])) + (", …" if len(gone) > NAMED_REMOVALS else "")
        raise CorpusShrunkError(
            f"{len(gone)} of {len(before)} articles are gone from {str(settings.corpus_dir)!r} ({named})."
            " The old index stays; if that is meant, run: qa index --allow-removals"
        )


def _differs(manifest: dict[str, Any], wanted: dict[str, Any]) -> bool:
    return any(manifest.get(key) != value for key, value in wanted.items())


def _digest(article: Article) -> str:
    return hashlib.sha256(article_to_json(article).encode()).hexdigest()


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass
