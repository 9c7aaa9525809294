"""What every test starts from: no settings of the machine, an empty folder, and one loaded model."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
import pytest

from qa.embedding import BUNDLED, Embedder, load_embedder
from qa.records import Article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
