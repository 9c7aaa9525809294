"""What every test starts from: no settings of the machine, an empty folder, and one loaded model."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import numpy as np
import platformdirs
import pytest

from qa.embedding import BUNDLED, Embedder, load_embedder
from qa.index import Generation, build_in_memory
from qa.records import Article
from qa.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

hypothesis.settings.register_profile("patient", deadline=None)  # no test fails for being slow
hypothesis.settings.load_profile("patient")

KEPT = "QA_CACHE_DIR"  # the unpacked model may lie elsewhere


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_the_machine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.upper().startswith("QA_") and name.upper() != KEPT:
                patch.delenv(name)
        yield


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps the repository's `qa.toml`, `corpus` and `index` out of every test."""
    monkeypatch.chdir(tmp_path_factory.mktemp("here"))


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    return Path(os.environ.get(KEPT) or platformdirs.user_cache_dir("qa"))


@pytest.fixture(scope="session")
def embedder(cache_dir: Path) -> Embedder:
    return load_embedder(BUNDLED, cache_dir)


@pytest.fixture(scope="session")
def make_article() -> Callable[..., Article]:
    """Returns a builder of articles that fills in whatever a test does not care about."""

    def make(text: str = "港口去年處理了十萬個貨櫃。", **fields: Any) -> Article:
        defaults: dict[str, Any] = {"id": "harbour", "title": "港口新聞", "published": dt.date(2025, 7, 30)}
        return Article(text=text, **{**defaults, **fields})

    return make


class HashEmbedder:
    """Gives every text a unit vector of its own, at once; `embedded` lists the passages it was asked for."""

    fingerprint = "hash"
    dimension = 16

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = [np.frombuffer(hashlib.shake_128(text.encode()).digest(16), np.int8) for text in texts]
        return np.stack([vector / np.linalg.norm(vector) for vector in vectors]).astype(np.float32)

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.embedded += texts
        if progress:
            progress(len(texts))
        return self.encode_query(texts)


@pytest.fixture
def hash_embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture(scope="session")
def embedder_of_hashes() -> HashEmbedder:
    """The same, to be shared by what does not look at what was embedded."""
    return HashEmbedder()


@pytest.fixture(scope="session")
def make_generation() -> Iterator[Callable[..., Generation]]:
    """Returns a builder of an index in memory, one article a text; the same texts give the same index."""
    opened: list[Generation] = []

    @functools.cache
    def make(*texts: str) -> Generation:
        articles = [Article(id=f"a{number}", title="", text=text) for number, text in enumerate(texts)]
        opened.append(build_in_memory(articles, Settings(), HashEmbedder()))
        return opened[-1]

    yield make
    for generation in opened:
        generation.close()
