"""The trees of the confidence: an answer reads what training writes, and stronger evidence never tells less."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from qa import confidence as room
from qa.confidence import Tree, log_odds
from training.boosting import Boosted

NAMES = ["words", "absent", "words_here"]


def made_up(rows: int = 600) -> tuple[Any, Any, Any]:
    """Makes rows whose answer hangs on two features together: words count only where little is absent."""
    draw = np.random.default_rng(7)
    values = draw.normal(size=(rows, len(NAMES)))
    answerable = (values[:, 0] > 0) & (values[:, 1] < 0.5)
    return values, answerable, np.ones(rows)


@pytest.fixture(scope="module")
def boosted() -> Boosted:
    return Boosted([1, -1, 1]).fit(*made_up())


def test_features_that_tell_together_are_learnt_together(boosted: Boosted) -> None:
    said = boosted.predict(np.array([[1.0, -1.0, 0.0], [1.0, 1.5, 0.0], [-1.0, -1.0, 0.0]]))
    assert (said[0] > 1.0, said[1] < -1.0, said[2] < -1.0) == (True, True, True)


def test_stronger_evidence_never_tells_less(boosted: Boosted) -> None:
    steps = np.linspace(-3, 3, 25)
    for one, other in itertools.product(steps[::6], repeat=2):
        for at, sign in ((0, 1), (1, -1), (2, 1)):
            values = np.full((len(steps), 3), [one, other, one])
            values[:, at] = steps
            assert (np.diff(boosted.predict(values)) * sign >= -1e-9).all()


def test_rows_without_weight_teach_nothing() -> None:
    values, answerable, weights = made_up()
    misled = np.where(np.arange(len(answerable)) % 2 == 0, answerable, ~answerable)
    weights[1::2] = 1e-9
    said = Boosted([1, -1, 1]).fit(values, misled, weights).predict(np.array([[1.0, -1.0, 0.0], [-1.0, 1.0, 0.0]]))
    assert (said[0] > 1.0, said[1] < -1.0) == (True, True)


def test_what_is_written_says_what_was_fitted(boosted: Boosted, monkeypatch: pytest.MonkeyPatch) -> None:
    trees: list[Tree] = boosted.written(NAMES)
    table = {"weights": {"same_read": {"bias": boosted.log_odds, "hand": -2.0}}, "trees": {"same_read": trees}}
    monkeypatch.setattr(room, "_table", lambda: table)
    values = made_up(50)[0]
    said = [log_odds("same_read", {"bias": 1.0, "hand": 0.5, **dict(zip(NAMES, row, strict=True))}) for row in values]
    assert said == pytest.approx(boosted.predict(values) - 1.0, abs=0.02)
