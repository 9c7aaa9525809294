"""Names that the evidence gives in two scripts: 凱斯（Madison Keys）."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.text.folding import HAN, to_simplified

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.lexicon import Lexicon

__all__ = ["aliases_of", "with_aliases", "without_glosses"]

NAME_MIN_CHARS = 2
PART_MIN_LETTERS = 4  # of one word of a name that stands for the whole

_GLOSS = re.compile(rf"(?P<name>[{HAN}·・]{{2,}})[」》]?\s?[（(](?P<gloss>[A-Za-z][A-Za-z .·'’&-]*[A-Za-z.])[)）]")


def aliases_of(text: str, lexicon: Lexicon) -> dict[str, str]:
    """Maps each Latin name, and each longer word of it, in lower case, to the Han name before it."""
    found: dict[str, str] = {}
    for match in _GLOSS.finditer(text):
        name = _name_at_end(match["name"], lexicon)
        gloss = match["gloss"].lower()
        for part in (gloss, *re.split(r"[ ·]", gloss)):
            if len(part) >= PART_MIN_LETTERS:
                found[part] = name
    return found


def without_glosses(text: str) -> str:
    """Leaves out the Latin names in brackets behind Han ones."""
    return _GLOSS.sub(lambda match: match[0][: match.start("gloss") - match.start() - 1].rstrip(), text)


def with_aliases(text: str, aliases: Mapping[str, str]) -> str:
    """Writes the Han names in place of the Latin ones."""
    if not aliases:
        return text
    names = "|".join(map(re.escape, sorted(aliases, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![A-Za-z])(?:{names})(?:'s|’s)?(?![A-Za-z])", re.IGNORECASE)
    written = pattern.sub(lambda match: aliases[re.sub("['’]s$", "", match[0].lower())], without_glosses(text))
    for name in set(aliases.values()):
        written = re.sub(rf"(?:{re.escape(name)}\s?){{2,}}", name, written)
    return written


def _name_at_end(run: str, lexicon: Lexicon) -> str:
    """Takes the last word of a run, or what no word of the lexicon covers at its end."""
    words = lexicon.words(to_simplified(run))
    at = len(words) - 1
    while at and (len(words[at]) == 1 == len(words[at - 1]) or sum(map(len, words[at:])) < NAME_MIN_CHARS):
        at -= 1
    return run[-sum(map(len, words[at:])) :]
