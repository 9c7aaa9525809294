"""A training goes on from what it was told to, and from nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
import typer

from qa.reading.weights import write_changes
from training.reader import __main__ as training

if TYPE_CHECKING:
    from pathlib import Path


def test_it_starts_from_the_mean_of_several_readers(tmp_path: Path) -> None:
    readers = [tmp_path / "one.safetensors", tmp_path / "other.safetensors"]
    for path, change in zip(readers, (1.0, 3.0), strict=True):
        write_changes(path, "base", {"bias": torch.full((4,), change)})
    network = torch.nn.Linear(2, 4)
    training._start_from(readers, network, {"bias": torch.full((4,), 10.0)}, "base")  # type: ignore[arg-type]
    assert network.bias.tolist() == [12.0] * 4


def test_one_that_was_interrupted_does_not_go_on_with_other_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "WORKSPACE", tmp_path)
    network = torch.nn.Linear(2, 2)
    network.trained_parameters = lambda: dict(network.named_parameters())  # type: ignore[assignment]
    optimiser, schedule = training._optimiser(network, 10, 1.0)  # type: ignore[arg-type]
    command = training._command(1, True, True, [tmp_path / "one.safetensors"], 0.3)
    training._keep(network, optimiser, schedule, {"command": command, "step": 7, "log": []})  # type: ignore[arg-type]
    assert training._resume(network, optimiser, schedule, command) == (7, [])  # type: ignore[arg-type]
    with pytest.raises(typer.BadParameter, match=r"--own-words --news --start one.safetensors --keep 0\.3"):
        training._resume(network, optimiser, schedule, training._command(1, False, False, [], 0.0))  # type: ignore[arg-type]
