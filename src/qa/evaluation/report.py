"""Results -> one HTML page that needs no other file and no network."""

from __future__ import annotations

import importlib.resources
import string
from html import escape
from typing import TYPE_CHECKING, Any

from qa.evaluation.charts import bars, histogram, reliability_diagram
from qa.evaluation.comparing import is_right
from qa.evaluation.results import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from qa.evaluation.results import Results
    from qa.evaluation.running import Record

__all__ = ["NAMES", "said", "write_report", "writing_rows"]

# Every metric with what it is, in the order of the tables.
NAMES = {
    "hit@1": "right article first",
    "hit@5": "right article among five",
    "hit@10": "right article among ten",
    "mrr": "mean reciprocal rank",
    "ndcg@10": "normalised gain of the first ten",
    "passage@1": "first passage holds the answer",
    "passage@5": "one of five passages holds the answer",
    "contains": "answer holds an accepted answer",
    "exact": "short answer is an accepted one",
    "f1": "characters in common with it (F1)",
    "verbatim": "quotes are verbatim",
    "right_source": "a right article is cited",
    "citation_precision": "citations that are needed (ALCE)",
    "citation_recall": "sentences that are supported (ALCE)",
    "answered": "answerable questions answered",
    "declined_precision": "declined questions rightly so",
    "declined_recall": "unanswerable questions declined",
    "near_declined": "near misses declined",
    "far_declined": "far misses declined",
    "roc_auc": "confidence tells them apart (ROC AUC)",
    "ece": "calibration error",
    "faithful": "faithful to its quotes, as the model judges",
    "correct": "right, as the model judges",
    "wrong_script": "answers with characters of the other script",
    "cited_though_declined": "declined with a citation",
    "latency_p50": "latency, median",
    "latency_p95": "latency, 95th percentile",
}
CHARTED = ("passage@1", "contains", "answered", "declined_recall")
RETRIEVED_CHARS = 160


def write_report(results: Results, path: Path) -> None:
    """Writes the report, whole or not at all.

    Raises:
        EvaluationError: it cannot be written.
    """
    template = importlib.resources.files("qa.evaluation").joinpath("report.html").read_text(encoding="utf-8")
    write_whole(path, string.Template(template).substitute(_parts(results)))


def said(name: str, estimate: Mapping[str, float]) -> str:
    """Writes a metric as a person reads it: percent with its interval, seconds, or a number from 0 to 1."""
    value, low, high = (estimate[part] for part in ("value", "low", "high"))
    if name.startswith("latency"):
        return f"{1000 * value:.0f} ms"
    if name in ("mrr", "ndcg@10", "roc_auc"):
        return f"{value:.3f} [{low:.3f}, {high:.3f}]"
    if name == "ece":
        return f"{value:.3f}"
    return f"{100 * value:.1f} % [{100 * low:.1f}, {100 * high:.1f}]"


def writing_rows(writing: Mapping[str, Any]) -> list[list[str]]:
    """Lists what a language model wrote, a count a row; nothing without one."""
    if not writing:
        return []
    rows = [["answers that it was asked for", str(writing["asked"])]]
    rows += [[f"answers in mode {mode}", str(count)] for mode, count in sorted(writing["modes"].items())]
    rows += [[f"no answer of it: {fault}", str(count)] for fault, count in sorted(writing["faults"].items())]
    rows.append(["sentences kept", str(writing["kept"])])
    rows += [[f"sentences dropped: {fault}", str(count)] for fault, count in sorted(writing["dropped"].items())]
    return [*rows, *([name.replace("_", " "), str(writing[name])] for name in ("prompt_tokens", "completion_tokens"))]


def _parts(results: Results) -> dict[str, Any]:
    summary = results.summary
    failed = [record for record in results.records if not is_right(record)]
    about = f"{results.made} · commit {results.commit or 'unknown'} · {results.questions} · " + ", ".join(
        f"{count} {name}" for name, count in results.corpus.items()
    )
    return {
        "title": "How good the answers are",
        "about": escape(about),
        "interrupted": "" if results.complete else '<p class="bad">The run was interrupted: not all were asked.</p>',
        "overview": _table({"all": summary["all"]}, transposed=True),
        "writing": _writing(summary.get("writing", {})),
        "charts": _charts(results),
        "legs": _table(summary["legs"]),
        "languages": _table(summary["by_language"]),
        "kinds": _table(summary["by_kind"]),
        "failed": len(failed),
        "count": len(results.records),
        "failures": "".join(map(_failure, failed)) or "<p>Nothing.</p>",
    }


def _writing(writing: Mapping[str, Any]) -> str:
    return f"<h2>What the language model wrote</h2>{_rows(['', 'count'], writing_rows(writing))}" if writing else ""


def _charts(results: Results) -> str:
    summary = results.summary
    seconds = [1000 * record["seconds"] for record in results.records]
    return "".join(
        (
            reliability_diagram("Confidence against what the articles answer", summary["reliability"]),
            bars("By language", summary["by_language"], CHARTED),
            bars("Retrieval, recipe by recipe", summary["legs"], ("passage@1", "passage@5")),
            histogram("Latency of an answer", seconds, "ms"),
        )
    )


def _table(groups: Mapping[str, Mapping[str, Mapping[str, float]]], transposed: bool = False) -> str:
    names = [name for name in NAMES if any(name in metrics for metrics in groups.values())]
    if not names:
        return "<p>Nothing could be measured.</p>"
    if transposed:
        metrics = next(iter(groups.values()))
        rows = [[f"{name}: {NAMES[name]}", said(name, metrics[name]), str(metrics[name]["count"])] for name in names]
        return _rows(["metric", "value [95 % interval]", "questions"], rows)
    rows = [
        [group, *(said(name, metrics[name]).split(" [")[0] if name in metrics else "–" for name in names)]
        for group, metrics in groups.items()
    ]
    return _rows(["", *names], rows)


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _failure(record: Record) -> str:
    expected = " / ".join(record["expected"]) if record["answerable"] else "not in the articles"
    retrieved = "\n".join(f"· {text[:RETRIEVED_CHARS]}" for text in record["retrieved"])
    parts = {
        "understood": record["standalone"] if record["standalone"] != record["question"] else "",
        "expected": expected,
        "said": f"{record['text']}\n(confidence {record['confidence']:.2f})",
        "retrieved": retrieved,
    }
    listed = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in parts.items() if text)
    tag = f'<span class="tag">{escape(record["id"])} {escape(record["lang"])}</span>'
    return f"<details open><summary>{escape(record['question'])} {tag}</summary><dl>{listed}</dl></details>"
