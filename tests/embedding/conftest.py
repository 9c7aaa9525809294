"""One bundled model for all tests of the room, unpacked where the program itself keeps it."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest

from qa.embedding import BUNDLED, Embedder, load_embedder


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    return Path(os.environ.get("QA_CACHE_DIR") or platformdirs.user_cache_dir("qa"))


@pytest.fixture(scope="session")
def embedder(cache_dir: Path) -> Embedder:
    return load_embedder(BUNDLED, cache_dir)
