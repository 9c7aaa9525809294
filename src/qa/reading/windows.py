"""Ranked evidence sentences -> windows of whole sentences around the best of them, for the reader to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.index import StoredPassage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qa.retrieve import EvidenceSentence

__all__ = ["Window", "pieces", "windows_around"]

# With these the gold answer stands in a window for 98 % of the Chinese and 96 % of the English development
# questions; 200 characters or six windows for every question gain less than a point and take twice as long.
WINDOW_CHARS = 160
WINDOWS = 6
WINDOW_MARGIN = 0.35  # of score: a sentence further behind the best one is not worth reading


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one passage; offsets count code points into its article."""

    stored: StoredPassage
    start: int
    end: int

    @property
    def text(self) -> str:
        """Returns the stretch with its relative dates written out, as the question's are."""
        return self.stored.dated(self.start, self.end)

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Returns where in the article a stretch of `text` stands; a date written out belongs to its word."""
        return self._original(start, False), self._original(end, True)

    def _original(self, at: int, is_end: bool) -> int:
        shift = 0
        for note in self.stored.notes:
            if not (self.start <= note.start and note.end <= self.end):
                continue
            opening = note.end - self.start + shift  # where the written-out date begins in `text`
            written = len(note.date) + 2
            if at <= opening:
                break
            if at < opening + written:
                return note.end if is_end else note.start
            shift += written
        return self.start + at - shift


def windows_around(sentences: Sequence[EvidenceSentence], count: int = WINDOWS) -> list[Window]:
    """Returns at most `count` windows that hold the best sentences with what stands around them, best first."""
    windows: list[Window] = []
    for sentence in sentences:
        if len(windows) == count or sentence.score < sentences[0].score - WINDOW_MARGIN:
            break
        stored = sentence.passage.stored
        if any(w.stored is stored and w.start <= sentence.start and sentence.end <= w.end for w in windows):
            continue
        taken = [(w.start, w.end) for w in windows if w.stored is stored]
        windows.append(Window(stored, *_grow(stored.passage.sentences, (sentence.start, sentence.end), taken)))
    return windows


def _grow(
    sentences: Sequence[tuple[int, int]], span: tuple[int, int], taken: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """Adds whole sentences, before and after in turn, that fit and that no other window has."""
    first = last = sentences.index(span)
    grown = True
    while grown:
        grown = False
        for a, b in ((first - 1, last), (first, last + 1)):
            inside = a >= 0 and b < len(sentences)
            if inside and sentences[b][1] - sentences[a][0] <= WINDOW_CHARS and not _overlaps(sentences, a, b, taken):
                first, last, grown = a, b, True
                break
    return sentences[first][0], sentences[last][1]


def _overlaps(sentences: Sequence[tuple[int, int]], first: int, last: int, taken: Sequence[tuple[int, int]]) -> bool:
    return any(start < sentences[last][1] and sentences[first][0] < end for start, end in taken)


def pieces(window: Window, fits: Callable[[Window], bool]) -> Iterator[Window]:
    """Cuts a window that the network cannot take at sentences, and a sentence that it cannot take in halves."""
    if fits(window) or window.end - window.start < 2:
        yield window
        return
    borders = [a for a, _ in window.stored.passage.sentences if window.start < a < window.end]
    middle = (window.start + window.end) // 2
    at = min(borders, key=lambda border: abs(border - middle), default=middle)
    yield from pieces(Window(window.stored, window.start, at), fits)
    yield from pieces(Window(window.stored, at, window.end), fits)
