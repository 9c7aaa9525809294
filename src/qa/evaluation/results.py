"""The results of a run as a JSON file named by date and commit, written whole or not at all."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import EvaluationError

if TYPE_CHECKING:
    from pathlib import Path


__all__ = ["Results", "check_folder", "commit", "now", "read_results", "write_results", "write_whole"]

_OF_A_RECORD = ("id", "question", "lang", "kind", "answerable", "status", "text", "confidence", "seconds")


@dataclass(frozen=True, slots=True)
class Results:
    """What one run measured; `complete` is false where it was interrupted."""

    made: str
    commit: str
    questions: str
    corpus: dict[str, Any]
    settings: dict[str, str]
    complete: bool
    summary: dict[str, Any]
    records: list[dict[str, Any]]

    @property
    def name(self) -> str:
        """Names the run by date, time and commit."""
        return f"{self.made[:19].replace(':', '').replace('T', '-')}-{self.commit or 'no-commit'}"


def write_results(results: Results, folder: Path) -> Path:
    """Writes the results into a folder, which is made if need be, and returns the file.

    Raises:
        EvaluationError: it cannot be written.
    """
    path = folder / f"{results.name}.json"
    write_whole(path, json.dumps(asdict(results), ensure_ascii=False, indent=1) + "\n")
    return path


def write_whole(path: Path, text: str) -> None:
    """Writes a file beside its place, then moves it there: whatever goes wrong, no half of it is left.

    Raises:
        EvaluationError: it cannot be written.
    """
    unfinished = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8", errors="backslashreplace")  # lone surrogates, of a file's name
        unfinished.replace(path)
    except OSError as error:
        raise EvaluationError(f"Cannot write {str(path)!r}: {error.strerror}. Choose another --output.") from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def check_folder(folder: Path) -> None:
    """Makes the folder if need be, and checks that files can be written into it.

    Raises:
        EvaluationError: they cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise EvaluationError(
            f"Cannot write into {str(folder)!r}: {error.strerror}. Choose another --output."
        ) from error


def read_results(path: Path) -> Results:
    """Reads what `write_results` wrote.

    Raises:
        EvaluationError: it cannot be read, or holds no results.
    """
    try:
        results = Results(**json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise EvaluationError(f"Cannot read {str(path)!r}: {error.strerror}.") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise EvaluationError(f"{path}: no results of `qa eval`. Name a JSON file that it wrote.") from error
    if fault := _fault(results):
        raise EvaluationError(f"{path}: no results of `qa eval`: {fault}. Name a JSON file that it wrote.")
    return results


def _fault(results: Results) -> str:
    if not isinstance(results.summary, dict) or not isinstance(results.summary.get("all"), dict):
        return "its summary has no metrics"
    if not isinstance(results.records, list) or not results.records:
        return "it has no records"
    for number, record in enumerate(results.records, start=1):
        if not isinstance(record, dict):
            return f"record {number} is no object"
        if lacking := [name for name in _OF_A_RECORD if name not in record]:
            return f"record {number} has no {lacking[0]!r}"
    return ""


def commit() -> str:
    """Returns the short commit of the folder one stands in, with + unless nothing changed; '' outside a repository."""
    head = _git("rev-parse", "--short", "HEAD")
    if not head:
        return ""
    return head if _git("status", "--porcelain", "--untracked-files=no") == "" else f"{head}+"


def _git(*arguments: str) -> str | None:
    """Returns what git prints, or None where there is no git, no repository, or no answer in time."""
    try:
        done = subprocess.run(["git", *arguments], check=True, capture_output=True, text=True, timeout=10)
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def now() -> str:
    """Returns the time of day with its zone, to the second."""
    return dt.datetime.now(dt.UTC).astimezone().isoformat(timespec="seconds")
