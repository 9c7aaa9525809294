"""Follows the folder of articles: each change brings the index into step, and no failure ends that."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from qa.errors import IndexBusyError, QAError
from qa.records import IndexReport

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from qa.settings import Settings

__all__ = ["Outcome", "follow"]

logger = logging.getLogger(__name__)

Outcome: TypeAlias = IndexReport | QAError  # what came of a build

QUIET_MS = 800  # without a further change, after which what was being written is taken to be whole
LONGEST_MS = 10_000  # that a folder in which something is always written is waited for
LOOK_MS = 1_000  # between looks at the day and at whether the folder is still the same
BUSY_SECONDS = 5.0  # after which a build that found another process at work is tried again


def follow(
    settings: Settings,
    build: Callable[[], IndexReport],
    tell: Callable[[Outcome], None],
    stop: threading.Event,
    known: Outcome | None = None,
) -> None:
    """Calls `build` at once, after each change of the corpus folder and each midnight, until `stop` is set.

    `tell` gets what came of it where that is news beside the outcome before, of which `known` was the first.
    """
    before = _state(known)
    for _ in _changes(settings, stop):
        outcome = _attempt(build, stop)
        if outcome is None:
            continue
        if _has_changes(outcome) or _state(outcome) != before:
            tell(outcome)
        before = _state(outcome)


def _state(outcome: Outcome | None) -> object:
    """Returns what the next outcome is compared with: what was wrong."""
    return outcome.problems if isinstance(outcome, IndexReport) else str(outcome)


def _has_changes(outcome: Outcome) -> bool:
    return isinstance(outcome, IndexReport) and bool(outcome.added or outcome.updated or outcome.removed)


def _attempt(build: Callable[[], IndexReport], stop: threading.Event) -> Outcome | None:
    while not stop.is_set():
        try:
            return build()
        except IndexBusyError:  # what that process builds may have been read before the change
            stop.wait(BUSY_SECONDS)
        except QAError as error:
            return error
        except Exception:  # whatever it was, the next change is worth another try
            logger.exception("The index could not be brought into step")
            return None
    return None


def _changes(settings: Settings, stop: threading.Event) -> Iterator[None]:
    """Yields whenever the articles may have changed; a folder that is missing is waited for."""
    import watchfiles

    while not stop.is_set():
        folder, day, is_first = _identity(settings.corpus_dir), settings.current_day(), True
        try:
            watching = watchfiles.watch(
                settings.corpus_dir,
                watch_filter=lambda _, path: _concerns(Path(path), settings),
                debounce=LONGEST_MS,
                step=QUIET_MS,
                stop_event=stop,
                rust_timeout=LOOK_MS,
                yield_on_timeout=True,
            )
            for changes in watching:
                if changes or is_first or day != settings.current_day():
                    day, is_first = settings.current_day(), False
                    yield
                if _identity(settings.corpus_dir) != folder:
                    break
        except OSError:  # there is no folder, which the build says better
            yield
            stop.wait(LOOK_MS / 1000)


def _identity(folder: Path) -> tuple[int, int] | None:
    """Names the folder itself, so that another one in its place is noticed."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _concerns(path: Path, settings: Settings) -> bool:
    """Tells whether a file can be an article: neither hidden nor part of an index inside the corpus folder."""
    corpus_dir = settings.corpus_dir.absolute()
    within = path.relative_to(corpus_dir) if path.is_relative_to(corpus_dir) else path
    hidden = any(part.startswith(".") for part in within.parts)
    return not hidden and not path.is_relative_to(settings.index_dir.absolute())
