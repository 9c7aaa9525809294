"""Lists how characters sound in Cantonese, for names that are romanised so: the table `cantonese.tsv`.

pip install ToJyutping==3.2.0 && python training/cantonese.py
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import ToJyutping

from qa.text.folding import to_simplified

TABLE = Path(__file__).parents[1] / "src" / "qa" / "checking" / "cantonese.tsv"
CHARACTERS = range(0x4E00, 0x9FA6)  # of the first block of Han characters, the common ones


def main() -> None:
    """Writes each syllable, without its tone, and the characters in Simplified script that may sound so."""
    sounding: defaultdict[str, set[str]] = defaultdict(set)
    for character, readings in ToJyutping.get_jyutping_candidates("".join(map(chr, CHARACTERS))):
        for reading in readings:
            sounding[re.sub(r"\d", "", reading)].add(to_simplified(character))
    lines = [f"{syllable}\t{''.join(sorted(characters))}\n" for syllable, characters in sorted(sounding.items())]
    TABLE.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
