"""What `qa eval` and `qa doctor` say of an attached language model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scripted_model import Reply, ScriptedModel, saying

from qa.doctor import _language_model
from qa.evaluation import GoldQuestion, evaluate, summarise
from qa.evaluation.report import writing_rows

from .conftest import KEY
from .test_doors import QUESTION, RIGHT

if TYPE_CHECKING:
    from .conftest import Attach

GOLDS = [
    GoldQuestion("a", QUESTION, "zh-Hant", answers=("95.3萬輛",)),
    GoldQuestion("b", "火星上最高的山有多高？", "zh-Hant", "far_miss", answerable=False),
]


def writes_and_judges(reply: Reply) -> None:
    if "YES or NO" in reply.prompt:
        saying("YES")(reply)
    elif "Reference Answer" in reply.prompt:
        saying("4.0\nIt is right.")(reply)
    else:
        saying(f"{RIGHT}這是全國最高。[9]")(reply)


def test_eval_counts_what_the_model_wrote_and_lets_it_judge(attach: Attach, scripted: ScriptedModel) -> None:
    scripted.does(writes_and_judges)
    records = list(evaluate(attach(), GOLDS))
    summary = summarise(records)
    assert (records[0]["mode"], records[0]["contains"], records[0]["faithful"]) == ("scripted", True, True)
    assert records[0]["correct"] == 0.75  # (4 - 1) / (5 - 1)
    assert (records[1]["written"], records[1]["faithful"]) == (None, None)
    assert summary["writing"] == {
        "asked": 1, "modes": {"scripted": 1, "quote": 1}, "faults": {}, "kept": 1, "dropped": {"citation": 1},
        "prompt_tokens": 300, "completion_tokens": 40,
    }  # fmt: skip
    assert ["sentences dropped: citation", "1"] in writing_rows(summary["writing"])
    assert summary["all"]["faithful"]["value"] == 1.0


def test_eval_without_a_model_counts_nothing_of_it(attach: Attach) -> None:
    summary = summarise(list(evaluate(attach(llm_base_url=None, llm_model=None), GOLDS[:1])))
    assert summary["writing"] == {}
    assert writing_rows({}) == []
    assert "faithful" not in summary["all"]


def test_a_judge_that_fails_has_no_opinion(attach: Attach, scripted: ScriptedModel) -> None:
    scripted.does(lambda reply: saying(RIGHT)(reply) if reply.request.get("stream") else reply.fail(500))
    [record] = evaluate(attach(), GOLDS[:1])
    assert (record["mode"], record["faithful"], record["correct"]) == ("scripted", None, None)


@pytest.mark.parametrize(
    ("script", "fix"),
    [
        (saying("2"), None),
        (lambda reply: reply.fail(401), "QA_LLM_API_KEY"),
        (lambda reply: reply.fail(404), "QA_LLM_MODEL"),
        (lambda reply: reply.fail(500), "service itself"),
        (lambda reply: reply.wait(30), "QA_LLM_FIRST_TOKEN_SECONDS"),
    ],
)
def test_the_doctor_has_the_model_write_a_word(
    attach: Attach, scripted: ScriptedModel, script: object, fix: str | None
) -> None:
    settings = attach(llm_first_token_seconds=1 if "FIRST" in str(fix) else 30).settings
    scripted.does(script)  # type: ignore[arg-type]
    finding = _language_model(settings)
    assert (finding.fix is None) == (fix is None)
    assert (fix or "") in (finding.fix or "")
    assert KEY not in repr(finding)
    assert "secret-detail" not in repr(finding)


def test_the_doctor_says_how_to_mend_an_address_where_nobody_listens(attach: Attach) -> None:
    finding = _language_model(attach(llm_base_url="http://name:password@127.0.0.1:9/v1").settings)
    assert "QA_LLM_BASE_URL" in (finding.fix or "")
    assert "password" not in repr(finding)


def test_without_a_model_the_doctor_finds_no_fault(attach: Attach) -> None:
    assert _language_model(attach(llm_base_url=None, llm_model=None).settings).fix is None
