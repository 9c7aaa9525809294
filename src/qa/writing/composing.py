"""Sentences of a model -> those that the evidence backs, their marks numbered in order of appearance."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING

from qa.errors import LanguageModelError
from qa.records import Evidence, Sentence
from qa.text.folding import has_han, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qa.checking import Verdict
    from qa.records import Citation

__all__ = ["Composer", "joined"]

MAX_SENTENCES = 8  # the model is asked for three
MAX_REPEATED = 2  # a model that says the same again and again will go on
REPEATED = "repeated"


class Composer:
    """Lets through what is checked; `citations` are those shown now, of which the first `cited` are final."""

    def __init__(
        self, quotes: Sequence[Citation], evidence: Sequence[Citation], check: Callable[[str], Verdict]
    ) -> None:
        self._evidence = {citation.n: citation for citation in (*quotes, *evidence)}
        self._order = [citation.n for citation in quotes]
        self._check = check
        self.cited = 0
        self.sentences: list[Sentence] = []
        self.faults: Counter[str] = Counter()

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Returns the citations in the order shown, numbered from 1."""
        return tuple(dataclasses.replace(self._evidence[n], n=at) for at, n in enumerate(self._order, start=1))

    def take(self, written: str) -> Iterator[Evidence | Sentence]:
        """Checks one sentence: yields it, after the evidence anew where that now stands in another order.

        Raises:
            LanguageModelError: it goes on and on.
        """
        if len(self.sentences) >= MAX_SENTENCES or self.faults[REPEATED] > MAX_REPEATED:
            raise LanguageModelError("endless")
        verdict = self._check(written)
        numbers = [n for n in dict.fromkeys(verdict.citations) if n in self._evidence]
        text = " ".join(plain(verdict.text).split())
        if not verdict.supported or not numbers or not text:
            self.faults[verdict.fault or "citation"] += 1
            return
        if any(text == sentence.text for sentence in self.sentences):
            self.faults[REPEATED] += 1
            return
        if self._bring_forward(numbers):
            yield Evidence(self.citations)
        self.sentences.append(Sentence(text, tuple(sorted(self._order.index(n) + 1 for n in numbers)), "checked"))
        yield self.sentences[-1]

    def _bring_forward(self, numbers: Sequence[int]) -> bool:
        """Puts newly cited evidence after that cited before; tells whether anything shown moved."""
        before = tuple(self._order)
        for n in numbers:
            if n in self._order[: self.cited]:
                continue
            if n in self._order:
                self._order.remove(n)
            self._order.insert(self.cited, n)
            self.cited += 1
        return tuple(self._order) != before


def joined(sentences: Sequence[Sentence]) -> str:
    """Writes sentences with their marks as one text: a model's flow, quotes stand in paragraphs of their own."""
    text = ""
    for at, sentence in enumerate(sentences):
        if at:
            flows = sentence.status == sentences[at - 1].status == "checked"
            text += ("" if has_han(sentence.text[:1]) else " ") if flows else "\n\n"
        text += sentence.text + "".join(f"[{n}]" for n in sentence.citations)
    return text
