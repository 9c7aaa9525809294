"""Checks everything that answers depend on, one finding each; a fault comes with what mends it."""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib.metadata
import platform
import shutil
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.embedding import BUNDLED_FINGERPRINT, load_embedder
from qa.engine import Engine
from qa.errors import IndexDamagedError, LanguageModelError, QAError, ReaderError, SettingsError
from qa.index import open_current, verify
from qa.legs import DICTIONARY, legs_that_find
from qa.llm import LanguageModel, Message, Stop, endpoint_of
from qa.reading import load_reader
from qa.settings import PREFIX, Settings
from qa.takedowns import read_published

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from qa.articles import Corpus
    from qa.embedding import Embedder
    from qa.index import Generation, Progress

__all__ = ["Finding", "SettingRow", "examine", "settings_rows"]

LIBRARIES = (
    "torch",
    "sentence-transformers",
    "transformers",
    "chromadb",
    "bm25s",
    "llama-index-core",
    "OpenCC",
    "gradio",
    "fastapi",
)
FREE_BYTES = 1 << 30  # the unpacked model takes half of it; the rest is for two generations of an index
MODEL_FIXES = {
    "unreachable": "Start it, or correct QA_LLM_BASE_URL.",
    "refused": "Correct QA_LLM_API_KEY.",
    "unknown_model": "Load that model, or correct QA_LLM_MODEL or QA_LLM.",
    "slow": "Take a smaller model, or raise QA_LLM_FIRST_TOKEN_SECONDS and QA_LLM_TOTAL_SECONDS.",
}
OTHER_MODEL_FIX = "Look at what the service itself reports."
NAMED_CHANGES = 3  # articles named in a finding; the counts tell the rest


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `fix` is the next step, or None where all is well."""

    name: str
    detail: str
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as documentation and `qa doctor --settings` show it."""

    name: str
    variable: str
    value: str
    default: str
    meaning: str


def examine(settings: Settings, progress: Progress | None = None) -> Iterator[Finding]:
    """Yields findings as they are made: software, disk, articles, model, reader, index, and each leg of the search."""
    yield _software()
    yield _folder("index_dir", settings.index_dir)
    yield _folder("cache_dir", settings.cache_dir)
    try:
        corpus = read_published(settings.corpus_dir, settings.current_day())
        yield from _articles(corpus, settings)
    except QAError as error:
        corpus = None
        yield _fault("articles", error)
    try:
        embedder = load_embedder(settings.embedding_model, settings.cache_dir, progress)
        detail = f"{settings.embedding_model!r} loads and gives vectors of {embedder.dimension} numbers."
        yield Finding("model", detail)
        yield _reader(settings, embedder)
    except QAError as error:
        embedder = None
        yield _fault("model", error)
    yield _language_model(settings)
    try:
        generation = open_current(settings)
    except QAError as error:
        yield _fault("index", error)
        return
    with contextlib.closing(generation):
        yield from _index(generation, corpus)
        if embedder:
            yield from _legs(Engine(settings, generation, embedder, in_memory=False))


def settings_rows(values: Mapping[str, Any]) -> tuple[list[SettingRow], SettingsError | None]:
    """Lists every setting with its value; where the values cannot be read, the defaults and the reason."""
    try:
        settings, error = (
            Settings(**{name: value for name, value in values.items() if value is not None}),
            None,
        )
    except SettingsError as reason:
        settings, error = None, reason
    rows = []
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name) if settings else field.default
        rows.append(
            SettingRow(name, PREFIX + name.upper(), _shown(value), _shown(field.default), field.description or "")
        )
    return rows, error


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else "" if value is None else str(value)


def _software() -> Finding:
    versions = {name: _version(name) for name in LIBRARIES}
    missing = [name for name, version in versions.items() if version is None]
    detail = f"qa {_version('qa')}, Python {platform.python_version()}, "
    detail += ", ".join(f"{name} {version or 'missing'}" for name, version in versions.items())
    return Finding("software", detail, f"Install what is missing: pip install {' '.join(missing)}" if missing else None)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _folder(setting: str, folder: Path) -> Finding:
    """Tries to write in a folder, or in the nearest one that exists above it, and looks at the space left there."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    variable = PREFIX + setting.upper()
    try:
        with tempfile.TemporaryFile(dir=there):
            free = shutil.disk_usage(there).free
    except OSError as error:
        detail = f"Cannot write in {str(there)!r}: {error.strerror}."
        return Finding(setting, detail, f"Change its permissions or set {variable}.")
    detail = f"{str(folder)!r} can be written, {free / (1 << 30):.1f} GiB free."
    return Finding(setting, detail, None if free >= FREE_BYTES else f"Free 1 GiB or set {variable}.")


def _reader(settings: Settings, embedder: Embedder) -> Finding:
    """Loads the reader; where it is off by choice, that is no fault."""
    if settings.reader == "off":
        return Finding("reader", "It is switched off by QA_READER: answers quote whole sentences.")
    if embedder.fingerprint != BUNDLED_FINGERPRINT:
        return Finding("reader", "It is off beside another embedding model: answers quote whole sentences.")
    try:
        load_reader(embedder)
    except ReaderError as error:
        detail = f"It is off: {error}. Answers quote whole sentences."
        return Finding("reader", detail, "Install qa again, or set QA_READER=off.")
    return Finding("reader", "It loads, and marks the words that answer.")


def _language_model(settings: Settings) -> Finding:
    """Has the language model write a word; none is no fault."""
    endpoint = endpoint_of(settings)
    if endpoint is None:
        return Finding("language model", "None is attached: answers are quotes.")
    where = f"{endpoint.model!r} at {endpoint.shown_url}"
    model, started = LanguageModel(endpoint), time.perf_counter()
    try:
        for _ in model.write([Message("user", "1+1=")], Stop()):
            pass
    except LanguageModelError as error:
        detail = f"{where} gives no answer: {error.fault}{f' ({error.detail})' if error.detail else ''}."
        return Finding("language model", detail, MODEL_FIXES.get(error.fault, OTHER_MODEL_FIX))
    finally:
        model.close()
    return Finding("language model", f"{where} answers, after {time.perf_counter() - started:.1f} s.")


def _articles(corpus: Corpus, settings: Settings) -> Iterator[Finding]:
    waiting = f", {len(corpus.waiting)} more not published yet" if corpus.waiting else ""
    yield Finding("articles", f"{len(corpus.articles)} in {str(settings.corpus_dir)!r}{waiting}.")
    for problem in corpus.problems:
        yield Finding("article", f"{problem}.", "Correct it and run: qa index")


def _index(generation: Generation, corpus: Corpus | None) -> Iterator[Finding]:
    manifest = generation.manifest
    built = dt.datetime.fromtimestamp(manifest["built"]).astimezone().isoformat(" ", "seconds")
    yield Finding("index", f"{manifest['articles']} articles, {generation.passage_count} passages, built {built}.")
    if corpus:
        yield _changes(generation, corpus)
    try:
        verify(generation)
    except IndexDamagedError as error:
        yield Finding("index check", str(error), "Rebuild with: qa index --rebuild")
    else:
        yield Finding("index check", "It gives back what was put into it.")


def _changes(generation: Generation, corpus: Corpus) -> Finding:
    """Compares the articles in the folder with those in the index."""
    given = {article.id: article for article in corpus.articles}
    held = {row[0] for row in generation.catalogue.headlines(generation.manifest["articles"])}
    added, removed = given.keys() - held, held - given.keys()
    updated = {name for name in given.keys() & held if generation.catalogue.article(name) != given[name]}
    changed = sorted(added | removed | updated)
    if not changed:
        return Finding("freshness", "The index holds the articles as they are now.")
    named = ", ".join(changed[:NAMED_CHANGES]) + (", …" if len(changed) > NAMED_CHANGES else "")
    counts = f"{len(added)} added, {len(updated)} updated, {len(removed)} removed"
    return Finding("freshness", f"The articles changed since: {counts} ({named}).", "Run: qa index")


def _legs(engine: Engine) -> Iterator[Finding]:
    """Looks with each leg for a sentence of the newest article."""
    article_id, title, _ = engine.generation().catalogue.headlines(1)[0]
    try:
        found = legs_that_find(engine)
    except QAError as error:
        yield _fault("search", error)
        return
    for name, finds in found.items():
        sought = f"A sentence of {title or article_id!r}"
        if name == DICTIONARY:
            sought = "The translation of a word in one of the newest articles"
        if finds:
            yield Finding(f"search: {name}", f"{sought} leads back to it.")
        else:
            detail = f"{sought} does not lead back to it."
            yield Finding(f"search: {name}", detail, "Rebuild with: qa index --rebuild")


def _fault(name: str, error: QAError) -> Finding:
    """Takes an error as a finding: its message ends with the next step."""
    sentence, _, fix = str(error).rpartition(". ")
    return Finding(name, f"{sentence}." if sentence else "", fix)
