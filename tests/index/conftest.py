"""A small library: a corpus folder and its index, embedded at once."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.faults import CheckerHere
from qa.dictionary import _entries
from qa.index import Generation, build_index, open_current
from qa.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa.records import IndexReport

ARTICLES = {
    "harbour": "# 港口新聞\n\n港口去年處理了十萬個貨櫃。今年會更多。\n",
    "cars": "# 汽車新聞\n\n重慶的新能源汽車產量達到一百萬輛。\n",
    "english": "# Harbour news\n\nThe harbour handled many containers.\n",
}


class Library:
    """A corpus folder of Markdown files and the settings of its index."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(corpus_dir=folder / "corpus", index_dir=folder / "index")
        self.settings.corpus_dir.mkdir(parents=True)
        for name, text in ARTICLES.items():
            self.write(name, text)

    @property
    def index_dir(self) -> Path:
        return self.settings.index_dir

    def write(self, name: str, text: str) -> None:
        (self.settings.corpus_dir / f"{name}.md").write_text(text, encoding="utf-8")

    def remove(self, name: str) -> None:
        (self.settings.corpus_dir / f"{name}.md").unlink()

    def build(self, **options: Any) -> IndexReport:
        return build_index(self.settings, **options)

    @contextlib.contextmanager
    def opened(self) -> Iterator[Generation]:
        with contextlib.closing(open_current(self.settings)) as generation:
            yield generation

    def ids(self) -> set[str]:
        with self.opened() as generation:
            return {row[0] for row in generation.catalogue.headlines(100)}

    def folders(self) -> set[str]:
        return {path.name for path in self.index_dir.iterdir() if path.is_dir()}


@pytest.fixture(scope="session")
def few_entries() -> list[Any]:
    return list(_entries(None)[::200])


@pytest.fixture
def library(tmp_path: Path, hash_embedder: Any, few_entries: list[Any], monkeypatch: pytest.MonkeyPatch) -> Library:
    monkeypatch.setattr("qa.dictionary._entries", lambda _: few_entries)  # all of them take half a second a build
    monkeypatch.setattr("qa.index.building.load_embedder", lambda *_: hash_embedder)
    monkeypatch.setattr("qa.index.building.Checker", CheckerHere)
    return Library(tmp_path)
