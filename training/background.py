"""Counts in how many passages each token occurs, for corpora too small to know: the table `background.tsv`.

python training/background.py FOLDER
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from qa.articles import read_corpus
from qa.passages import cut_passages
from qa.text.tokens import tokenize

TABLE = Path(__file__).parents[1] / "src" / "qa" / "background.tsv"
PASSAGE_CHARS = 300
MIN_SHARE = 0.01  # rarer tokens count as unknown


def main() -> None:
    """Writes token and share of passages, most frequent first."""
    passages = [
        set(tokenize(passage.text))
        for article in read_corpus(Path(sys.argv[1])).articles
        for passage in cut_passages(article, PASSAGE_CHARS)
    ]
    counts = Counter(token for passage in passages for token in passage)
    rows = [(token, count / len(passages)) for token, count in counts.most_common()]
    lines = [f"{token}\t{share:.4f}" for token, share in rows if share >= MIN_SHARE]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
