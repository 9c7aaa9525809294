"""The bundled model in less memory: its word embeddings stay in their file, each row is read when it is needed."""

from __future__ import annotations

import json
import os
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from qa.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["TableOnDisk", "leave_table_on_disk"]

TENSOR = "embeddings.word_embeddings.weight"
HEADER_LENGTH = struct.Struct("<Q")  # opens a safetensors file: the bytes of the JSON that follows
ROW_TYPE = np.dtype("<f4")


class TableOnDisk(torch.nn.Module):
    """An embedding table whose rows are read from a safetensors file; a text has few, the table 250,000."""

    def __init__(self, path: Path, dtype: torch.dtype) -> None:
        super().__init__()
        self._file = path.open("rb", buffering=0)
        header = json.loads(self._file.read(HEADER_LENGTH.unpack(self._file.read(HEADER_LENGTH.size))[0]))
        self._dimension = header[TENSOR]["shape"][1]
        self._start = self._file.tell() + header[TENSOR]["data_offsets"][0]
        self._dtype = dtype

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Returns one row an id: shape (..., dimension).

        Raises:
            ModelError: the file no longer holds the row.
        """
        distinct, places = torch.unique(ids, return_inverse=True)
        rows = np.empty((len(distinct), self._dimension), ROW_TYPE)
        for row, number in zip(rows, distinct.tolist(), strict=True):
            if os.preadv(self._file.fileno(), [row], self._start + number * row.nbytes) != row.nbytes:
                reason = f"{self._file.name!r} was cut short: it has no row {number}"
                raise ModelError(f"{reason}. Delete its folder and run again.")
        return torch.from_numpy(rows)[places].to(self._dtype)


def leave_table_on_disk(encoder: Any, weights: Path) -> None:
    """Takes a `BertModel`'s table out of memory, where the system can read at a place in a file.

    Mapped into memory, as it is loaded, each row that is looked up brings in the 16 pages around it.
    """
    table = encoder.embeddings.word_embeddings.weight
    if hasattr(os, "preadv") and table.device.type == "cpu":
        encoder.embeddings.word_embeddings = TableOnDisk(weights, table.dtype)
