"""Han names as passports have them in Hong Kong and Taiwan: `Chan Siu-kei` for 陳兆基, `Tseng Shu-hua` for 曾淑華."""

from __future__ import annotations

import functools
import importlib.resources
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["is_romanised"]

LEAST_SYLLABLES, MOST_SYLLABLES = 2, 4

_SYLLABLE = re.compile(
    r"(?P<initial>ng(?=[aeiou])|tch|ch|ts|tz|dz|zh|sh|hs|kw|gw|ph|[bpmfdtnlgkhjqxrzcswyv])?'?(?P<vowels>[aeiouyw]*)(?P<coda>ng|[nmktph])?"
)
# Romanisations write one sound in several ways, and several sounds in one; these are kept apart by all of them.
_INITIALS = {
    **dict.fromkeys(("ch", "tch", "ts", "tz", "dz", "zh", "j", "q", "z", "c"), "Z"),
    **dict.fromkeys(("s", "sh", "hs", "x"), "S"), **dict.fromkeys(("k", "g", "kw", "gw"), "K"),
    **dict.fromkeys(("t", "d"), "T"), **dict.fromkeys(("p", "b", "ph"), "P"), **dict.fromkeys(("l", "n", "r"), "L"),
    "y": "", "ng": "", "v": "W",
}  # fmt: skip
_CANTONESE_INITIALS = _INITIALS | {"j": ""}  # Jyutping's j is a y

Key = tuple[str, str]


def is_romanised(name: str, runs: Iterable[str], mandarin: Callable[[str], Iterable[str]]) -> bool:
    """Tells whether a Latin name sounds, syllable by syllable, like characters that follow one another in some text.

    `runs` are stretches of Simplified characters, `mandarin` gives a character's readings in Mandarin; all syllables
    must be Cantonese, or all Mandarin.
    """
    syllables = [_key(part, _INITIALS) for part in re.split(r"[\s-]+", name.lower()) if part]
    if not LEAST_SYLLABLES <= len(syllables) <= MOST_SYLLABLES or None in syllables:
        return False
    systems: tuple[Callable[[str], frozenset[Key | None]], ...] = (
        _cantonese,
        lambda one: frozenset(_key(sound, _INITIALS) for sound in mandarin(one)),
    )
    return any(
        all(syllable in system(run[at + shift]) for shift, syllable in enumerate(syllables))
        for run in runs
        for at in range(len(run) - len(syllables) + 1)
        for system in systems
    )


def _key(syllable: str, initials: dict[str, str]) -> Key | None:
    """Returns what the romanisations of a syllable have in common; None where it is more, or less, than one."""
    match = _SYLLABLE.fullmatch(syllable)
    if match is None or not (match["vowels"] or syllable in ("ng", "m")):
        return None
    initial = match["initial"] or ""
    return initials.get(initial, initial.upper()), (match["coda"] or "").replace("h", "")


@functools.lru_cache(maxsize=4096)
def _cantonese(character: str) -> frozenset[Key | None]:
    return frozenset(
        _key(syllable, _CANTONESE_INITIALS) for syllable, characters in _table() if character in characters
    )


@functools.cache
def _table() -> tuple[tuple[str, str], ...]:
    text = importlib.resources.files("qa.checking").joinpath("cantonese.tsv").read_text(encoding="utf-8")
    return tuple(
        (syllable, characters) for syllable, _, characters in (line.partition("\t") for line in text.splitlines())
    )
