"""How long the stages of one answer take."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Stopwatch"]


class Stopwatch:
    """Adds up seconds by stage, from any thread; a stage that comes twice counts both times."""

    def __init__(self) -> None:
        self.started = time.perf_counter()
        self._seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Times a stage until the block is left, however it is left."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[stage] = self._seconds.get(stage, 0.0) + time.perf_counter() - began

    def mark(self, stage: str) -> None:
        """Counts from the start until now, the first time only."""
        self._seconds.setdefault(stage, time.perf_counter() - self.started)

    def seconds(self) -> dict[str, float]:
        """Returns the seconds so far by stage, in the order in which they ended."""
        return self._seconds.copy()
