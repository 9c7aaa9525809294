"""What a model writes, read from any thread while it is written, and stopped from any other."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from qa.errors import LanguageModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Draft", "Stop", "Thoughts", "Usage"]

_OPEN, _CLOSE = "<think>", "</think>"


class _Closable(Protocol):
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that were read and written; where the service does not say, None."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class _End:
    error: LanguageModelError | None


class Stop:
    """A wish to stop, made in any thread; what watches it is closed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wished = False
        self._watching: list[_Closable] = []

    def __bool__(self) -> bool:
        """Tells whether it has been wished."""
        return self._wished

    def wish(self) -> None:
        """Closes what watches, and what will."""
        with self._lock:
            self._wished = True
            watching, self._watching = self._watching, []
        for one in watching:
            one.close()

    def watch(self, one: _Closable) -> None:
        """Has `one` closed when the wish comes, or at once where it has."""
        with self._lock:
            if not self._wished:
                self._watching.append(one)
                return
        one.close()


class Draft:
    """The pieces of an answer in the making; iterate once. It raises `LanguageModelError` where it ends badly."""

    def __init__(self) -> None:
        self.usage = Usage()
        self.is_whole = False
        self._pieces: queue.SimpleQueue[str | _End] = queue.SimpleQueue()
        self._cancel: Callable[[], object] = bool

    def __iter__(self) -> Iterator[str]:
        """Yields pieces as they come.

        Raises:
            LanguageModelError: the model is away, slow, breaks off or writes what is no answer.
        """
        while not isinstance(piece := self._pieces.get(), _End):
            yield piece
        if piece.error:
            raise piece.error

    def close(self) -> None:
        """Stops the model, from any thread; nothing more is written."""
        self._cancel()
        self.end(LanguageModelError("stopped"))  # where it had not begun, nobody else says so

    def written_by(self, cancel: Callable[[], object]) -> None:
        """Says how the writing is stopped."""
        self._cancel = cancel

    def add(self, piece: str) -> None:
        """Adds a piece."""
        self._pieces.put(piece)

    def end(self, error: LanguageModelError | None) -> None:
        """Ends it, badly where there is an error."""
        self._pieces.put(_End(error))


class Thoughts:
    """Takes what stands between `<think>` and `</think>` out of a stream, however the marks are cut."""

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False

    def without(self, piece: str) -> str:
        """Returns what may be read of a piece; the beginning of a mark is held back."""
        self._held += piece
        said = ""
        while True:
            mark = _CLOSE if self._thinking else _OPEN
            before, found, after = self._held.partition(mark)
            if not found:
                break
            said += "" if self._thinking else before
            self._thinking = not self._thinking
            self._held = after
        kept = _unfinished(self._held, mark)
        said += "" if self._thinking else self._held[: len(self._held) - kept]
        self._held = self._held[len(self._held) - kept :]
        return said

    def rest(self) -> str:
        """Returns what was held back to the end."""
        return "" if self._thinking else self._held


def _unfinished(text: str, mark: str) -> int:
    """Counts the characters at the end of a text that may be the beginning of a mark."""
    return next((length for length in range(len(mark) - 1, 0, -1) if text.endswith(mark[:length])), 0)
