"""What training changed, kept small: the difference to the embedding model, four bits a weight."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import torch
from safetensors import safe_open
from safetensors.torch import save_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["read_changes", "write_changes"]

GROUP = 64  # weights that share a scale; 32 and 128 change the answers as little
LEVELS = 7  # a difference is one of -7 ... 7 times its group's scale
BASE = "base"  # the embedding model's fingerprint, among the file's metadata


def write_changes(path: Path, base: str, changes: Mapping[str, torch.Tensor]) -> None:
    """Writes differences by parameter name: matrices in four bits, vectors in half precision."""
    tensors: dict[str, torch.Tensor] = {}
    for name, change in changes.items():
        if change.ndim < 2 or change.numel() % GROUP:
            tensors[name] = change.half().contiguous()
        else:
            tensors[f"{name}:bits"], tensors[f"{name}:scale"] = _pack(change)
    shapes = json.dumps({name: list(change.shape) for name, change in changes.items()})
    save_file(tensors, path, metadata={BASE: base, "shapes": shapes})


def read_changes(path: Path, base: str) -> Iterator[tuple[str, torch.Tensor]]:
    """Yields differences by parameter name, in single precision, one at a time: all at once would stay in memory.

    Raises:
        ValueError: they were made for another embedding model than `base`.
        Exception: safetensors' own, when the file is damaged.
    """
    with safe_open(path, "pt") as file:
        metadata = file.metadata() or {}
        if metadata.get(BASE) != base:
            raise ValueError(f"it was made for the embedding model {metadata.get(BASE)!r}")
        shapes: dict[str, list[int]] = json.loads(metadata["shapes"])
        whole = set(file.keys())
        for name, shape in shapes.items():
            if name in whole:
                values = file.get_tensor(name)
            else:
                values = _unpack(file.get_tensor(f"{name}:bits"), file.get_tensor(f"{name}:scale"))
            yield name, values.float().reshape(shape)


def _pack(change: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    groups = change.detach().float().reshape(-1, GROUP)
    scale = (groups.abs().amax(1, keepdim=True) / LEVELS).half()
    levels = (groups / scale.float().clamp_min(1e-12)).round().clamp(-LEVELS, LEVELS).to(torch.int8) + LEVELS + 1
    low, high = levels.to(torch.uint8).chunk(2, dim=1)
    return (low | high << 4).contiguous(), scale.contiguous()


def _unpack(bits: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    levels = torch.cat((bits & 15, bits >> 4), dim=1).float() - (LEVELS + 1)
    return levels * scale.float()
