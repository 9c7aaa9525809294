"""A table left on disk gives the rows that it gave in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import save_file

from qa.embedding import SentenceTransformerEmbedder
from qa.embedding.table import TENSOR, TableOnDisk
from qa.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from qa.embedding import Embedder


@pytest.fixture
def table() -> torch.Tensor:
    torch.manual_seed(0)
    return torch.randn(50, 12)


@pytest.fixture
def file(tmp_path: Path, table: torch.Tensor) -> Path:
    path = tmp_path / "model.safetensors"
    save_file({"before": torch.ones(3), TENSOR: table, "after": torch.ones(7)}, path)
    return path


def test_rows_are_those_of_the_file(file: Path, table: torch.Tensor) -> None:
    ids = torch.tensor([[3, 49, 0], [3, 3, 17]])
    assert torch.equal(TableOnDisk(file, torch.float32)(ids), table[ids])


def test_rows_come_in_the_precision_of_the_model(file: Path, table: torch.Tensor) -> None:
    rows = TableOnDisk(file, torch.bfloat16)(torch.tensor([[5, 6]]))
    assert rows.dtype == torch.bfloat16
    assert torch.equal(rows[0], table[[5, 6]].bfloat16())


def test_a_file_cut_short_is_an_error_and_no_wrong_row(file: Path) -> None:
    on_disk = TableOnDisk(file, torch.float32)
    file.write_bytes(file.read_bytes()[:-1500])  # 50 rows of 48 bytes, and 40 bytes of the other tensors
    with pytest.raises(ModelError, match="no row 49"):
        on_disk(torch.tensor([[49]]))


def test_the_bundled_model_reads_its_table_from_disk(embedder: Embedder) -> None:
    assert isinstance(embedder, SentenceTransformerEmbedder)
    encoder, _ = embedder.encoder()
    assert isinstance(encoder.embeddings.word_embeddings, TableOnDisk)
    assert sum(parameter.numel() for parameter in encoder.parameters()) < 25_000_000  # of 118 million
