"""Answers, hits and findings as a terminal shows them; colour and progress bars only on a terminal."""

from __future__ import annotations

import contextlib
import functools
import json
import re
import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.text import Text

from qa.conversation import understood_as
from qa.interchange import to_json
from qa.questions import understand
from qa.quoting import shown
from qa.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qa.doctor import Finding, SettingRow
    from qa.engine import Engine
    from qa.feedback import Asked
    from qa.importing import Added
    from qa.index import Progress as Callback
    from qa.records import Answer, Citation, Hit

__all__ = [
    "print_added",
    "print_answer",
    "print_feedback",
    "print_finding",
    "print_hits",
    "print_json",
    "print_settings",
    "print_welcome",
    "progress_bars",
]

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # an article must not steer the reader's terminal


@contextlib.contextmanager
def progress_bars() -> Iterator[Callback | None]:
    """Yields a callback that draws a bar for each stage on standard error, or None where that is no terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        stages: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in stages:
                stages[stage] = bars.add_task(stage, total=total)
            bars.update(stages[stage], completed=done, total=total)

        yield report


def print_json(value: Any) -> None:
    """Prints records as JSON: one line, tuples as lists, dates as in 2025-07-30."""
    is_unicode = sys.stdout.encoding.lower().startswith("utf")
    print(json.dumps(to_json(value), ensure_ascii=not is_unicode))


def print_answer(answer: Answer) -> None:
    """Prints how the question was understood, the answer's text, then every citation with its source and place."""
    if understood := understood_as(answer):
        _print(wording(understand(answer.question).language)["understood"].format(question=understood), "dim")
    _print(answer.text)
    for citation in answer.citations:
        _print("")
        _print(f"[{citation.n}] {_source(citation)}", "bold")
        _print(f"    {citation.article_id}:{citation.start}-{citation.end}", "dim")
        if citation.copies:
            _print(f"    also in: {', '.join(citation.copies)}", "dim")
    if answer.notice:
        _print(answer.notice, "yellow")


def print_hits(hits: Sequence[Hit]) -> None:
    """Prints passages, best first, each with its headline, place and score."""
    for rank, hit in enumerate(hits, start=1):
        _print(f"{rank}. {hit.title or wording('')['untitled']}", "bold")
        also = f"  also in: {', '.join(hit.copies)}" if hit.copies else ""
        _print(f"   {hit.article_id}:{hit.start}-{hit.end}  score {hit.score:.3f}{also}", "dim")
        _print(f"   {shown(hit.text)}\n")
    if not hits:
        _print("No passage found.")


def print_welcome(engine: Engine, language: str | None) -> None:
    """Prints what can be asked, with examples from the articles."""
    from qa.answer import example_questions

    words = wording(language or "")
    _print(words["page_intro"])
    _print("\n".join([words["try"], *(f"- {example}" for example in example_questions(engine.generation()))]))


def print_added(added: Added, whole: bool) -> None:
    """Prints what became of one article; `whole` adds every line kept, and every line dropped with the reason."""
    draft = added.draft
    about = [draft.published.isoformat() if draft.published else "", draft.author or "", draft.source or ""]
    derived = " (title derived from the text)" if draft.title_derived else ""
    _print(f"{added.outcome:<9} {added.id}: {draft.title}{derived}", "bold")
    _print("          " + ", ".join(filter(None, [*about, draft.language, draft.url])), "dim")
    if whole:
        for line in draft.lines:
            _print(f"    keep  {' '.join(line.text.split())}")
        for dropped in draft.dropped:
            _print(f"    drop  {dropped.text}  ({dropped.reason})", "dim")


def print_feedback(asked: Sequence[Asked]) -> None:
    """Prints what was disliked or declined: how often and when last, the articles quoted, and what readers said."""
    for row in asked:
        counts = {"disliked": row.disliked, "declined": row.declined, "liked": row.liked}
        _print(row.question, "bold")
        _print("    " + ", ".join([f"{n} {kind}" for kind, n in counts.items() if n] + [f"last {row.last}"]), "dim")
        for line in [*row.articles, *(f"“{reason}”" for reason in row.reasons)]:
            _print(f"    {line}")
    if not asked:
        _print("Nothing was disliked or declined.")


def print_finding(finding: Finding) -> None:
    """Prints one line: ok or fault, what was looked at, what was found, and what to do about it."""
    line = f"{finding.name:<16} {finding.detail}"
    if finding.fix:
        _print(f"fault  {line} {finding.fix}", "red")
    else:
        _print(f"ok     {line}")


def print_settings(rows: Sequence[SettingRow]) -> None:
    """Prints each setting: name, variable, value and default, and below them its meaning."""
    for row in rows:
        _print(f"{row.name}  {row.variable}={row.value}  (default: {row.default})", "bold")
        _print(f"    {row.meaning}")


@functools.cache
def _console() -> Console:
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def _print(text: str, style: str = "") -> None:
    _console().print(Text(_CONTROLS.sub("", text), style))


def _source(citation: Citation) -> str:
    day = citation.published.isoformat() if citation.published else None
    about = [citation.source, citation.author, day]
    title = citation.title or wording("")["untitled"]
    return " — ".join(filter(None, [title, ", ".join(filter(None, about))]))
