"""Reads a question together with windows of evidence: the words that answer, and whether they do."""

from __future__ import annotations

import importlib.resources
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.embedding import BUNDLED_FINGERPRINT, SentenceTransformerEmbedder
from qa.errors import ReaderError
from qa.reading.windows import Window, pieces

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from qa.embedding import Embedder
    from qa.reading.network import ReaderNetwork
    from qa.reading.pairs import Pairing

__all__ = ["Marked", "Reader", "Reading", "load_reader"]

WEIGHTS = "reader.safetensors"
ENDS = tuple("?？!！.。")  # of a question


@dataclass(frozen=True, slots=True)
class Marked:
    """Words that may answer: their place in the article in code points, and the probability that they are the ones."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a window gave: the probability that it answers at all, and the likeliest words, best first."""

    window: Window
    answers: float
    marked: tuple[Marked, ...]


class Reader:
    """A trained network beside the embedding model, whose embeddings and lower layers it shares."""

    def __init__(self, network: ReaderNetwork, pairing: Pairing) -> None:
        self._network = network
        self._pairing = pairing

    def read(self, question: str, windows: Sequence[Window]) -> list[Reading]:
        """Reads all windows in one batch; one that is too long for the network is cut at its sentences."""
        import torch

        from qa.reading.network import collate
        from qa.reading.spans import best_spans

        question = _with_mark(question)
        room = self._pairing.room(question)
        fitting = [
            piece
            for window in windows
            for piece in pieces(window, lambda piece: self._pairing.token_count(piece.text) <= room)
        ]
        if not fitting:
            return []
        pairs = [self._pairing.pair(question, window.text) for window in fitting]
        with torch.inference_mode():
            outputs = self._network(collate(pairs, self._pairing.padding))
            answers = outputs.answers.float().sigmoid().tolist()
        return [
            Reading(window, probability, tuple(Marked(*window.place(a, b), p) for a, b, p in spans))
            for window, probability, spans in zip(fitting, answers, best_spans(outputs, pairs), strict=True)
        ]


def _with_mark(question: str) -> str:
    """Ends a question as nearly all do from which the reader learnt; it trusts one without a mark less."""
    return question if question.rstrip().endswith(ENDS) else f"{question.rstrip()}?"


def load_reader(embedder: Embedder, weights: Path | None = None) -> Reader:
    """Puts what training changed on top of the embedding model.

    Raises:
        ReaderError: the embedding model is not the one that the reader was trained with, or its weights are
            missing or damaged.
    """
    if not isinstance(embedder, SentenceTransformerEmbedder) or embedder.fingerprint != BUNDLED_FINGERPRINT:
        raise ReaderError("it works with the bundled embedding model only")
    from qa.reading.network import ReaderNetwork
    from qa.reading.pairs import Pairing
    from qa.reading.weights import read_changes

    encoder, tokenizer = embedder.encoder()
    network = ReaderNetwork(encoder)
    try:
        with importlib.resources.as_file(importlib.resources.files("qa.reading") / WEIGHTS) as shipped:
            network.change(read_changes(weights or shipped, embedder.fingerprint))
    except FileNotFoundError as error:
        raise ReaderError(f"its weights {str(weights or WEIGHTS)!r} are missing") from error
    except Exception as error:  # safetensors raises kinds of its own
        raise ReaderError(f"its weights cannot be read: {' '.join(str(error).split())}") from error
    return Reader(network.eval(), Pairing(tokenizer))
