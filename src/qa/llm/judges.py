"""LlamaIndex's judges, with the attached model as the judge: is an answer faithful to its quotes, and is it right?"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.llm.model import LanguageModel

__all__ = ["Judges"]

logger = logging.getLogger(__name__)

BEST_SCORE = 5.0  # LlamaIndex has correctness judged from 1 to 5


class Judges:
    """Asks the model what it thinks of an answer; an opinion that it does not give is None."""

    def __init__(self, model: LanguageModel) -> None:
        from llama_index.core.evaluation import CorrectnessEvaluator, FaithfulnessEvaluator

        self._model = model
        self._faithfulness = FaithfulnessEvaluator(llm=model.client())
        self._correctness = CorrectnessEvaluator(llm=model.client())

    def faithful(self, answer: str, quotes: Sequence[str]) -> bool | None:
        """Tells whether the quotes say what the answer says."""
        try:
            result = self._model.run(self._faithfulness.aevaluate(response=answer, contexts=list(quotes)))
        except Exception as error:  # the judge is a service; whatever fails in it, the evaluation goes on
            logger.warning("The judge gives no opinion: %s", type(error).__name__)
            return None
        return bool(result.passing)

    def correct(self, question: str, answer: str, reference: str) -> float | None:
        """Returns how right an answer is beside an accepted one, from 0 to 1."""
        judging = self._correctness.aevaluate(query=question, response=answer, reference=reference)
        try:
            result = self._model.run(judging)
        except Exception as error:
            logger.warning("The judge gives no opinion: %s", type(error).__name__)
            return None
        return None if result.score is None else min(1.0, max(0.0, (result.score - 1) / (BEST_SCORE - 1)))
