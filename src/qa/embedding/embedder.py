"""Turns texts into vectors with sentence-transformers."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qa.embedding.bundled import unpack_bundled
from qa.embedding.gathering import Gathering
from qa.embedding.imports import deferred
from qa.embedding.names import BUNDLED, default_prompts, find_folder, hub_commit, model_fingerprint, resolve
from qa.embedding.packaged import packaged_for
from qa.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import torch
    from sentence_transformers import SentenceTransformer

__all__ = ["Embedder", "SentenceTransformerEmbedder", "load_embedder"]

FloatArray: TypeAlias = NDArray[np.float32]

BATCH_SIZE = 16  # 8 to 32 differ by 6 % on a CPU; progress is told after each batch
STAGE = "Loading the embedding model"
HUB_TIMEOUT = 10  # seconds
REASON_LENGTH = 200  # characters of a library's message that fit in one line of ours
ENVIRONMENT = {
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # Waiting threads that spin save 15 ms a query on an idle machine and cost 900 ms beside a busy process.
    "OMP_WAIT_POLICY": "PASSIVE",
    # oneDNN keeps what it compiles for each length of text, 1024 times by default: 300 MB after some hundred questions.
    "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "32",
}


class Embedder(Protocol):
    """Turns texts into vectors of unit length."""

    @property
    def fingerprint(self) -> str:
        """Names the weights and the prompts; vectors of different fingerprints never mix."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def encode_query(self, texts: Sequence[str]) -> FloatArray:
        """Returns the vectors of questions: shape (texts, dimension), float32, unit length."""

    def encode_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> FloatArray:
        """Returns the vectors of passages: shape (texts, dimension), float32, unit length.

        `progress` gets the number of texts finished so far.
        """


class SentenceTransformerEmbedder:
    """An `Embedder` over one loaded sentence-transformers model; threads take turns."""

    def __init__(self, model: SentenceTransformer, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self.dimension = _probe(model)
        self._model = model
        self._lock = threading.Lock()
        self._questions = Gathering(lambda texts: self._encode(model.encode_query, texts, None), self._tokens_asked)

    def encode_query(self, texts: Sequence[str]) -> FloatArray:
        """Returns the vectors of questions: shape (texts, dimension), float32, unit length."""
        if len(texts) == 1:
            return self._questions.vector(texts[0])[np.newaxis]
        return self._encode(self._model.encode_query, texts, None)

    def encode_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> FloatArray:
        """Returns the vectors of passages: shape (texts, dimension), float32, unit length."""
        return self._encode(self._model.encode_document, texts, progress)

    def encoder(self) -> tuple[Any, Any]:
        """Returns the model's own network and its `tokenizers.Tokenizer`, for the reader to share."""
        return self._model[0].auto_model, self._model.tokenizer.backend_tokenizer

    def _tokens_asked(self, question: str) -> int:
        text = (self._model.prompts.get("query") or "") + question.encode("utf-8", "replace").decode()
        return len(self._model.tokenizer(text)["input_ids"])

    def _encode(
        self, encode: Callable[..., FloatArray], texts: Sequence[str], progress: Callable[[int], None] | None
    ) -> FloatArray:
        encoded = [text.encode("utf-8", "replace") for text in texts]  # tokenizers refuse lone surrogates
        # UTF-8 length follows the number of tokens better than characters do where Chinese meets English.
        order = sorted(range(len(encoded)), key=lambda index: -len(encoded[index]))
        vectors = np.empty((len(encoded), self.dimension), np.float32)
        for start in range(0, len(order), BATCH_SIZE):
            batch = order[start : start + BATCH_SIZE]
            with self._lock:  # held for one batch, so a question need not wait for a whole index run
                vectors[batch] = encode(
                    [encoded[index].decode() for index in batch],
                    batch_size=BATCH_SIZE,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
            if progress:
                progress(start + len(batch))
        return _unit_length(vectors)


def _probe(model: SentenceTransformer) -> int:
    """Returns the length of the vector that the model really gives, and fails for one that gives none."""
    vector = model.encode_document(["?"], show_progress_bar=False)[0]
    if not np.isfinite(vector).all():
        raise ValueError("its vectors are not finite numbers")
    return len(vector)


def _unit_length(vectors: FloatArray) -> FloatArray:
    """Normalises again in float32, as bfloat16 leaves lengths up to 0.5 % off; zero vectors stay zero."""
    lengths: FloatArray = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.maximum(lengths, np.finfo(np.float32).tiny)
    return vectors


def load_embedder(
    name: str,
    cache_dir: Path,
    progress: Callable[[str, int, int], None] | None = None,
    passages: Sequence[str] = (),
) -> Embedder:
    """Loads the model that the setting `embedding_model` names: bundled, a hub name or a local folder.

    The bundled model is unpacked under `cache_dir` on the first call. `progress` gets a stage's label, the
    steps done and their total. Where `passages` are all that it is for and they are few, the bundled model may
    run in its package's own engine, which is there at once. Raises `ModelError` when the model is missing or damaged.
    """
    name = resolve(name)
    if name == BUNDLED and passages and (packaged := packaged_for(passages)):
        return packaged
    folder = unpack_bundled(cache_dir, progress) if name == BUNDLED else find_folder(name)
    report = progress or (lambda *_: None)
    report(STAGE, 0, 1)
    try:
        embedder = SentenceTransformerEmbedder(_load(name, folder), model_fingerprint(name))
    except Exception as error:  # a damaged model makes the libraries raise anything at all
        raise ModelError(_failure(name, folder, error)) from error
    report(STAGE, 1, 1)
    return embedder


def _load(name: str, folder: Path | None) -> SentenceTransformer:
    _prepare_libraries()
    with deferred("sklearn.metrics"):  # 1.5 seconds, for distances that no one here asks for
        from sentence_transformers import SentenceTransformer

    commit = None if folder else hub_commit(name)
    if not folder and not commit and "/" in name:
        _require_on_hub(name)
    model = SentenceTransformer(
        str(folder or name),
        revision=commit,
        local_files_only=folder is not None,
        model_kwargs={"dtype": _data_type()},
    )
    if not any(model.prompts.values()):
        model.prompts.update(default_prompts(name))
    if name == BUNDLED and folder:
        from qa.embedding.table import leave_table_on_disk

        leave_table_on_disk(model[0].auto_model, folder / "model.safetensors")
    return model


def _require_on_hub(name: str) -> None:
    """Fails at once for a wrong name or connection, where the download would try again for a minute."""
    from huggingface_hub import HfApi

    HfApi().model_info(name, timeout=HUB_TIMEOUT)


def _prepare_libraries() -> None:
    """Keeps progress bars and telemetry away and the processor shared; runs before torch is imported."""
    for variable, value in ENVIRONMENT.items():
        os.environ.setdefault(variable, value)
    from huggingface_hub.utils.tqdm import disable_progress_bars
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bars()
    disable_progress_bar()


def _data_type() -> torch.dtype:
    """Returns bfloat16 where the processor computes it natively: twice as fast, cosine 0.9996 to float32."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    is_native = capabilities.get("avx512_bf16") or capabilities.get("amx_bf16")
    return torch.bfloat16 if is_native and not torch.cuda.is_available() else torch.float32


def _failure(name: str, folder: Path | None, error: Exception) -> str:
    reason = " ".join(f"{type(error).__name__}: {error}".split())[:REASON_LENGTH].rstrip(".")
    if name == BUNDLED:
        return f"Cannot load the embedding model: {reason}. Delete {str(folder)!r} and run again."
    hint = "Check the folder" if folder else "No such folder here; check the hub name and the connection"
    return f"Cannot load the embedding model {name!r}: {reason}. {hint}."
