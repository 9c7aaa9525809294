"""Turns texts into vectors with sentence-transformers."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Protocol

import numpy as np

from qa.embedding.bundled import BUNDLED_FINGERPRINT, unpack_bundled
from qa.embedding.names import default_prompts, hub_commit, is_bundled, local_folder, model_fingerprint, resolve
from qa.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import torch
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    FloatArray = NDArray[np.float32]

__all__ = ["Embedder", "load_embedder"]

BATCH_SIZE = 32  # larger batches gain nothing on a CPU, and progress is told after each


class Embedder(Protocol):
    """Turns texts into vectors of unit length."""

    @property
    def fingerprint(self) -> str:
        """Names the weights and the prompts; vectors of different fingerprints never mix."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def encode_query(self, texts: Sequence[str]) -> FloatArray:
        """Returns the vectors of questions, shape (texts, dimension), float32, unit length."""

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> FloatArray:
        """Returns the vectors of passages, shape (texts, dimension), float32, unit length.

        `progress` gets the number of texts finished so far.
        """
