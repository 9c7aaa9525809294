"""Putting off an import changes when a module is loaded, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import textwrap

from qa.embedding.imports import deferred


def run(program: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(program)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_a_deferred_module_is_loaded_when_its_function_is_called() -> None:
    program = """
        import sys
        from qa.embedding.imports import deferred
        with deferred("fractions"):
            from fractions import Fraction
        print("fractions" in sys.modules, Fraction(2, 4), "fractions" in sys.modules)
    """
    assert run(program) == "False 1/2 True"


def test_a_module_that_was_loaded_before_is_left_alone() -> None:
    with deferred("textwrap"):
        from textwrap import dedent as inside
    assert inside is textwrap.dedent


def test_sentence_transformers_keeps_its_distances_and_loads_scikit_learn_for_them_only() -> None:
    program = """
        import sys
        from qa import Settings
        from qa.embedding import load_embedder
        load_embedder("bundled", Settings().cache_dir)
        before = "sklearn" in sys.modules
        from sentence_transformers.util import manhattan_sim
        import torch
        print(before, float(manhattan_sim(torch.tensor([[1.0, 2.0]]), torch.tensor([[4.0, 6.0]]))))
    """
    assert run(program) == "False -7.0"  # |1 - 4| + |2 - 6|
