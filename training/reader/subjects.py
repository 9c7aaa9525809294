"""Questions -> the same questions about another subject or another year, which the passage does not answer.

The data hardly asks for what is nearly there; readers do: the right fact of the wrong company, or of the wrong year.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.text.folding import has_han, to_simplified, to_traditional
from training.reader.glossing import glosses, is_proper_noun, words_of

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

__all__ = ["about_another"]

NAME_CHARS = (2, 6)
TRIES = 12  # questions that are looked at for another name
YEARS_OFF = (1, 2, 3, 4, 5, 10, 12)
_FIGURE = re.compile(r"\d+")
_LATIN = re.compile(r"(?<=[a-z,] )[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")


def about_another(question: str, window: str, others: Sequence[str], draw: random.Random) -> str | None:
    """Puts another name or figure in the place of one that the window has; None where the question has none.

    `others` are questions to take names from. In a question in another language than the window's, any name will do.
    """
    asked = to_traditional(question)
    inside = to_traditional(window)
    crosses = not has_han(asked)
    figures = [figure for figure in _FIGURE.findall(asked) if figure in inside]
    names = [name for name in _names(asked) if crosses or name in inside]
    changed = draw.choice([*figures, *names]) if figures or names else ""
    other = _another_figure(changed, draw) if changed in figures else _another_name(changed, inside, others, draw)
    if not changed or not other:
        return None
    put = asked.replace(changed, other)
    return to_simplified(put) if to_simplified(question) == question != asked else put


def _names(question: str) -> list[str]:
    if not has_han(question):
        return _LATIN.findall(question)
    least, most = NAME_CHARS
    return [word for word in words_of(question) if least <= len(word) <= most and has_han(word) and _is_name(word)]


def _is_name(word: str) -> bool:
    return word not in glosses() or is_proper_noun(word)


def _another_figure(figure: str, draw: random.Random) -> str:
    return str(max(0, int(figure) + draw.choice(YEARS_OFF) * draw.choice((-1, 1)))).zfill(len(figure))


def _another_name(name: str, window: str, others: Sequence[str], draw: random.Random) -> str:
    for _ in range(TRIES):
        found = [other for other in _names(to_traditional(draw.choice(others))) if other not in window]
        if found and has_han(found[0]) == has_han(name):
            return draw.choice(found)
    return ""
