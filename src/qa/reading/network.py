"""The reader's network: the embedding model's encoder, retrained, with three small heads."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qa.reading.pairs import Pair

__all__ = ["Batch", "Outputs", "ReaderNetwork", "collate"]

NEVER = -1e4  # a logit for what cannot be a start or an end
SHARED_LAYERS = 4  # of the encoder's twelve: left as they are, which saves a fifth of the training


class Batch(NamedTuple):
    """Pairs padded to one length: all of shape (pairs, tokens); `window` marks the tokens that may be marked."""

    ids: torch.Tensor
    attention: torch.Tensor
    window: torch.Tensor


class Outputs(NamedTuple):
    """Logits: `start` and `end` of shape (pairs, tokens), `answers` of shape (pairs,)."""

    start: torch.Tensor
    end: torch.Tensor
    answers: torch.Tensor


class ReaderNetwork(torch.nn.Module):
    """Marks the words that answer, and tells whether they do (after Devlin et al. 2019, section 4.3)."""

    def __init__(self, encoder: Any) -> None:
        """Copies a `BertModel`'s upper layers, and shares its lower ones and its embeddings with it."""
        super().__init__()
        shared = [encoder.embeddings, *encoder.encoder.layer[:SHARED_LAYERS]]
        self.encoder = copy.deepcopy(encoder, {id(part): part for part in shared})
        hidden, dtype = encoder.config.hidden_size, encoder.encoder.layer[-1].output.dense.weight.dtype
        self.span = torch.nn.Linear(hidden, 2, dtype=dtype)
        self.answers = torch.nn.Linear(hidden, 1, dtype=dtype)

    def forward(self, batch: Batch) -> Outputs:
        """Reads a batch."""
        states = self.encoder(input_ids=batch.ids, attention_mask=batch.attention).last_hidden_state
        start, end = self.span(states).masked_fill(~batch.window.unsqueeze(-1), NEVER).unbind(-1)
        return Outputs(start, end, self.answers(states[:, 0]).squeeze(-1))

    @torch.no_grad()
    def change(self, changes: Iterable[tuple[str, torch.Tensor]]) -> None:
        """Adds what training changed to the embedding model's weights; the heads start from nothing.

        Raises:
            KeyError: a trained parameter is not among the changes.
            AttributeError: a change names no parameter.
        """
        missing = self.trained_parameters()
        for name, change in changes:
            parameter = self.get_parameter(name)
            parameter.copy_(parameter.float() + change if name.startswith("encoder.") else change)
            missing.pop(name)
        if missing:
            raise KeyError(next(iter(missing)))

    def trained_parameters(self) -> dict[str, torch.nn.Parameter]:
        """Lists what training changes: the encoder's upper layers and the heads."""
        shared = ("encoder.embeddings.", *(f"encoder.encoder.layer.{at}." for at in range(SHARED_LAYERS)))
        return {name: value for name, value in self.named_parameters() if not name.startswith(shared)}


def collate(pairs: Sequence[Pair], padding: int) -> Batch:
    """Pads pairs to the longest one."""
    longest = max(len(pair.ids) for pair in pairs)
    ids = torch.full((len(pairs), longest), padding)
    window = torch.zeros((len(pairs), longest), dtype=torch.bool)
    for row, pair in enumerate(pairs):
        ids[row, : len(pair.ids)] = torch.tensor(pair.ids)
        window[row, pair.first : pair.first + len(pair.offsets)] = torch.tensor([b > a for a, b in pair.offsets])
    return Batch(ids, (ids != padding).long(), window)
