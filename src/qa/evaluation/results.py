"""The results of a run as a JSON file named by date and commit, written whole or not at all."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from qa.errors import EvaluationError

if TYPE_CHECKING:
    from pathlib import Path


__all__ = ["Results", "commit", "now", "read_results", "write_results"]


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
    unfinished = path.with_suffix(".new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(json.dumps(asdict(results), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise EvaluationError(f"Cannot write {str(path)!r}: {error.strerror}. Choose another --output.") from error
    return path


def read_results(path: Path) -> Results:
    """Reads what `write_results` wrote.

    Raises:
        EvaluationError: it cannot be read, or holds no results.
    """
    try:
        return Results(**json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise EvaluationError(f"Cannot read {str(path)!r}: {error.strerror}.") from error
    except (ValueError, TypeError) as error:
        raise EvaluationError(f"{path}: no results of `qa eval`. Name a JSON file that it wrote.") from error


def commit() -> str:
    """Returns the short commit of the folder one stands in, with + for changes; nothing outside a repository."""
    try:
        head = _git("rev-parse", "--short", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], check=True, capture_output=True, text=True, timeout=10)
    return done.stdout.strip()


def now() -> str:
    """Returns the time of day with its zone, to the second."""
    return dt.datetime.now(dt.UTC).astimezone().isoformat(timespec="seconds")
