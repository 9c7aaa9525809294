"""Lets a language model rest that has failed, so that the next reader does not wait for it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Breaker"]

QUICK_FAILURES = 3  # in a row before it rests; one that held a reader up is enough
FIRST_REST = 15.0  # seconds; every failed trial doubles it
LONGEST_REST = 240.0


class Breaker:
    """Counts failures in a row, and opens for a while; after it one question is let through to try. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._rest = 0.0
        self._resting_until = 0.0

    def allows(self) -> bool:
        """Tells whether the model may be asked; where it was resting, the others wait for this one's outcome."""
        with self._lock:
            if not self._rest:
                return True
            if self._clock() < self._resting_until:
                return False
            self._resting_until = self._clock() + self._rest
            return True

    def succeeded(self) -> None:
        """Notes an answer: all is forgotten."""
        with self._lock:
            self._failures, self._rest = 0, 0.0

    def failed(self, held_up: bool) -> None:
        """Notes a failure; `held_up` says that a reader waited for it."""
        with self._lock:
            self._failures += 1
            if held_up or self._rest or self._failures >= QUICK_FAILURES:
                self._rest = min(LONGEST_REST, 2 * self._rest) or FIRST_REST
                self._resting_until = self._clock() + self._rest
