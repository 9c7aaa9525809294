"""The server keeps to its OpenAPI document, whatever is sent to it: schemathesis makes up requests from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
import schemathesis
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from .conftest import Site, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.engine import Engine

EXAMPLES = 12  # a request


@pytest.fixture(scope="module")
def quick_site(quick_engine: Engine) -> Iterator[Site]:
    with serving(quick_engine) as site:
        yield site


@pytest.fixture(scope="module")
def document(quick_site: Site) -> Any:
    # The vectors of this server mean nothing, so it is not ready.
    return schemathesis.openapi.from_url(f"{quick_site.url}/openapi.json").exclude(path="/health/ready")


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_the_server_keeps_to_its_document(document: Any, mode: GenerationMode) -> None:
    asked = 0
    for found in document.get_all_operations():
        operation = found.ok()

        @hypothesis.settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
        @hypothesis.given(operation.as_strategy(generation_mode=mode))
        def keep_to_it(case: Any) -> None:
            nonlocal asked
            asked += 1
            # That a question is blank or an article unknown is more than a document can say.
            case.call_and_validate(timeout=60, excluded_checks=[positive_data_acceptance])

        try:
            keep_to_it()
        except hypothesis.errors.Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # where nothing is asked, nothing can be asked wrongly
    assert asked > 3 * EXAMPLES
