"""What training changed survives being kept in four bits, and is not taken for another model's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch

from qa.reading.weights import read_changes, write_changes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def changes() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    return {
        "encoder.matrix": torch.randn(96, 128) * 0.01,
        "encoder.bias": torch.randn(96) * 0.01,
        "span.weight": torch.randn(2, 96),
        "still": torch.zeros(4, 64),
    }


def test_four_bits_keep_a_matrix_to_within_half_a_level(tmp_path: Path, changes: dict[str, torch.Tensor]) -> None:
    write_changes(tmp_path / "w.safetensors", "base", changes)
    read = dict(read_changes(tmp_path / "w.safetensors", "base"))
    assert {name: value.shape for name, value in read.items()} == {name: c.shape for name, c in changes.items()}
    groups = changes["encoder.matrix"].reshape(-1, 64)
    level = groups.abs().amax(1, keepdim=True) / 7
    wrong = (read["encoder.matrix"].reshape(-1, 64) - groups).abs()
    assert bool((wrong <= 0.51 * level).all())  # half a level, and the scale's own rounding to half precision
    assert torch.equal(read["still"], changes["still"])


def test_vectors_are_kept_in_half_precision(tmp_path: Path, changes: dict[str, torch.Tensor]) -> None:
    write_changes(tmp_path / "w.safetensors", "base", changes)
    assert torch.equal(
        dict(read_changes(tmp_path / "w.safetensors", "base"))["encoder.bias"], changes["encoder.bias"].half().float()
    )


def test_a_matrix_takes_just_over_half_a_byte_a_weight(tmp_path: Path) -> None:
    write_changes(tmp_path / "w.safetensors", "base", {"matrix": torch.randn(512, 512)})
    assert (tmp_path / "w.safetensors").stat().st_size < 0.54 * 512 * 512 + 500  # 4 bits, 16 a group of 64, the header


def test_changes_made_for_another_model_are_refused(tmp_path: Path, changes: dict[str, torch.Tensor]) -> None:
    write_changes(tmp_path / "w.safetensors", "base", changes)
    with pytest.raises(ValueError, match="'base'"):
        dict(read_changes(tmp_path / "w.safetensors", "another"))
