"""The package's own engine for a few new texts, in the place of the model."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from qa.embedding import BUNDLED, Embedder, load_embedder, packaged
from qa.embedding.packaged import FEW_BYTES, PackagedEmbedder, packaged_for
from qa.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [
    "重慶車展 2024年3月5日\n共有1,600輛車參展，3～5月的銷量上升。",
    "营业额１２３，４５６億元（ＡＢＣ）\x00在NUL之後\x0b和\u200b零寬之後",
    "cafe\u0301 ｶﾞ: how many cars did BYD sell?",
    "half \ud800 a pair",
    "",
]
LEAST_COSINE = 0.999


@pytest.fixture(scope="module")
def few() -> PackagedEmbedder:
    found = packaged_for(["一句"])
    assert found
    return found


def test_a_few_texts_get_the_vectors_of_the_model(few: PackagedEmbedder, embedder: Embedder) -> None:
    vectors, expected = few.encode_passages(TEXTS), embedder.encode_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert (vectors * expected).sum(axis=1).min() >= LEAST_COSINE
    assert few.encode_query(TEXTS[:1])[0] @ embedder.encode_query(TEXTS[:1])[0] >= LEAST_COSINE
    assert (few.fingerprint, few.dimension) == (embedder.fingerprint, embedder.dimension)


def test_progress_ends_with_every_text(few: PackagedEmbedder) -> None:
    steps: list[int] = []
    few.encode_passages(["甲", "乙"], steps.append)
    assert steps == [2]


@pytest.mark.parametrize(
    "texts",
    [["字" * 40] * (FEW_BYTES // 120 + 1), ["a b " * 300]],
    ids=["more bytes than few", "more tokens than the model reads"],
)
def test_many_or_long_texts_are_for_the_model(texts: list[str]) -> None:
    assert packaged_for(texts) is None


def test_an_engine_that_cannot_run_here_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    processors = tmp_path / "cpuinfo"
    processors.write_text("flags : fpu sse2", encoding="utf-8")
    monkeypatch.setattr(packaged, "PROCESSORS", processors)
    assert packaged_for(["一句"]) is None


def test_a_damaged_package_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> bytes:
        raise ModelError("is damaged")

    monkeypatch.setattr(packaged, "read_weights", damaged)
    assert packaged_for(["一句"]) is None


def test_another_model_never_runs_in_it(tmp_path: Path) -> None:
    assert isinstance(load_embedder(BUNDLED, tmp_path, None, ["一句"]), PackagedEmbedder)
    with pytest.raises(ModelError, match="No embedding model folder"):
        load_embedder("./mine", tmp_path, None, ["一句"])


def test_indexing_a_small_article_imports_no_torch(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.md").write_text("# 車展\n\n重慶車展共有1,600輛車參展。", encoding="utf-8")
    script = (
        "import sys; from pathlib import Path; from qa import Settings, build_index\n"
        f"settings = Settings(corpus_dir={str(corpus)!r}, index_dir={str(tmp_path / 'index')!r},"
        f" cache_dir={str(tmp_path)!r})\n"
        "print(build_index(settings).passages, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]
    assert [path.suffix for path in tmp_path.glob("dictionary-*")] == [".json"]  # and no unpacked model
    assert not (tmp_path / "models").exists()
