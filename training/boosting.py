"""Boosted regression trees that no evidence speaks against for being stronger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.tree import DecisionTreeRegressor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qa.confidence import Tree

__all__ = ["Boosted"]

RUNS = 3
ROUNDS = 50  # of each run
RATE = 0.1
DEPTH = 3
LEAST_ROWS = 40  # in a leaf
SHARE = 0.5  # of the rows, drawn anew for each tree
LEAST_CURVATURE = 1e-3  # of the log loss, where a row is all but certain


class Boosted:
    """Stochastic gradient boosting on the log loss, with Newton steps (Friedman 2002, Computational Statistics 38).

    Several runs that draw other rows are averaged. The log-odds never fall where a feature of sign 1 rises, nor where
    one of sign -1 falls.
    """

    def __init__(self, signs: Sequence[int]) -> None:
        self._signs = list(signs)
        self.log_odds = 0.0
        self._trees: list[DecisionTreeRegressor] = []

    def fit(self, values: NDArray[Any], right: NDArray[Any], weights: NDArray[Any]) -> Boosted:
        """Fits to values of shape (rows, features), what is right (rows,) and the rows' weights."""
        share = np.average(right, weights=weights)
        self.log_odds = float(np.log(share / (1 - share)))
        for seed in range(RUNS):
            self._run(values, right, weights, np.random.default_rng(seed))
        return self

    def _run(self, values: NDArray[Any], right: NDArray[Any], weights: NDArray[Any], draw: np.random.Generator) -> None:
        said = np.full(len(right), self.log_odds)
        for _ in range(ROUNDS):
            probability = 1 / (1 + np.exp(-said))
            curvature = np.maximum(probability * (1 - probability), LEAST_CURVATURE)
            some = np.flatnonzero(draw.random(len(right)) < SHARE)
            tree = DecisionTreeRegressor(
                max_depth=DEPTH, min_samples_leaf=LEAST_ROWS, monotonic_cst=self._signs, random_state=0
            )
            step = (right - probability) / curvature
            tree.fit(values[some], step[some], sample_weight=(weights * curvature)[some])
            said = said + RATE * tree.predict(values)
            self._trees.append(tree)

    def predict(self, values: NDArray[Any]) -> NDArray[Any]:
        """Returns log-odds of shape (rows,)."""
        total: NDArray[Any] = self.log_odds + RATE / RUNS * sum(tree.predict(values) for tree in self._trees)
        return total

    def written(self, names: Sequence[str]) -> list[Tree]:
        """Writes the trees as `qa.confidence` reads them."""
        return [_written(tree.tree_, 0, names) for tree in self._trees]


def _written(tree: Any, node: int, names: Sequence[str]) -> Tree:
    if tree.children_left[node] < 0:
        return round(RATE / RUNS * float(tree.value[node].item()), 4)
    below, above = (_written(tree, child[node], names) for child in (tree.children_left, tree.children_right))
    return (names[tree.feature[node]], round(float(tree.threshold[node]), 4), below, above)
