"""One engine over the two articles of the project with a scripted language model attached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from scripted_model import ScriptedModel, running

from qa.articles import read_corpus
from qa.engine import Engine
from qa.index import build_in_memory
from qa.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.embedding import Embedder
    from qa.index import Generation

CORPUS = Path(__file__).parents[2] / "corpus"
KEY = "sk-not-to-be-printed"

Attach = Callable[..., Engine]


@pytest.fixture(scope="module")
def scripted() -> Iterator[ScriptedModel]:
    with running() as model:
        yield model


@pytest.fixture(scope="session")
def generation(embedder: Embedder) -> Iterator[Generation]:
    generation = build_in_memory(read_corpus(CORPUS).articles, Settings(), embedder)
    yield generation
    generation.close()


@pytest.fixture(scope="module")
def attach(embedder: Embedder, generation: Generation, scripted: ScriptedModel) -> Iterator[Attach]:
    """Attaches the scripted model to an engine; each has a circuit breaker of its own."""
    engines: list[Engine] = []

    def attach(**fields: Any) -> Engine:
        defaults: dict[str, Any] = {
            "today": dt.date(2025, 9, 1), "llm_base_url": scripted.url, "llm_model": "scripted", "llm_api_key": KEY,
            "llm_first_token_seconds": 60, "llm_total_seconds": 90,
        }  # fmt: skip
        engine = Engine(Settings(**{**defaults, **fields}), generation, embedder, in_memory=True)
        engines.append(engine)
        return engine

    yield attach
    for engine in engines:
        if engine.model:
            engine.model.close()


@pytest.fixture(scope="module")
def engine(attach: Attach) -> Engine:
    return attach()
