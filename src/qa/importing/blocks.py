"""A page's tree -> its lines in order, each with where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qa.importing.cleaning import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.importing.drafts import LineKind

__all__ = ["Block", "blocks_of"]

_BLOCK_TAGS = frozenset(
    """address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td
    tfoot th thead title tr ul amp-accordion amp-carousel""".split()  # noqa: SIM905
)
_KINDS: dict[str, LineKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "li": "item",
    "blockquote": "quote",
    "figcaption": "caption",
    "caption": "caption",
}
_HEADING_LEVELS = {f"h{level}": level for level in range(1, 7)}
_LAYOUT_TAGS = ("table", "div", "section", "article", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote")
CELL_MAX_BREAKS = 3
CELL_MAX_CHARS = 400  # old pages put a whole article into one cell
_CELL = "\x1f"  # between the cells of a row while it is gathered; pages cannot hold it


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text between two block borders; `element` is the block it stands in."""

    text: str
    element: Any
    link_chars: int
    links: tuple[str, ...] = ()

    @property
    def kind(self) -> LineKind:
        """What the block will be in the article."""
        if self.text.startswith("| ") and self.text.endswith(" |"):
            return "row"
        for element in (self.element, *self.element.iterancestors()):
            if kind := _KINDS.get(element.tag):
                return kind
        return "text"

    @property
    def level(self) -> int:
        """The heading's level, 1 to 6; 0 for other blocks."""
        return next((_HEADING_LEVELS[e.tag] for e in _up(self.element) if e.tag in _HEADING_LEVELS), 0)

    @property
    def is_link(self) -> bool:
        """Tells whether the whole block leads elsewhere."""
        return self.link_chars >= 0.8 * len(re.sub(r"\s", "", self.text))  # the rest is 「延伸閱讀：」 or a bullet


def blocks_of(root: Any) -> list[Block]:
    """Lists the lines of a page in order; a line break in the page is one here."""
    gatherer = _Gatherer()
    gatherer.walk(root, root, in_cell=False, in_pre=False)
    gatherer.close(root)
    return gatherer.blocks


def _up(element: Any) -> Iterator[Any]:
    yield element
    yield from element.iterancestors()


def _is_data_cell(element: Any) -> bool:
    """Tells a cell of data from one that lays out a page."""
    if element.tag not in ("td", "th") or next(element.iter(*_LAYOUT_TAGS), None) is not None:
        return False
    return len(list(element.iter("p", "br"))) <= CELL_MAX_BREAKS and len("".join(element.itertext())) <= CELL_MAX_CHARS


class _Gatherer:
    """Gathers text until the next block border."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._link_chars = 0
        self._links: list[str] = []
        self._in_link = False

    def walk(self, element: Any, block: Any, in_cell: bool, in_pre: bool) -> None:
        """Gathers an element's text; `block` is the nearest block around it."""
        is_cell = not in_cell and _is_data_cell(element)
        is_block = element.tag in _BLOCK_TAGS and not in_cell and not is_cell
        if is_block:
            self.close(block)
            block = element
        was_in_link = self._in_link
        if element.tag == "a":
            self._in_link = True
            self._links.append(element.get("href") or "")
        inside, preformatted = in_cell or is_cell, in_pre or element.tag == "pre"
        self._add(element.text, block, preformatted)
        for child in element:
            if child.tag == "br":
                self._break(block, inside)
            else:
                self.walk(child, block, inside, preformatted)
            self._add(child.tail, block, preformatted)
        self._in_link = was_in_link
        if is_cell:
            self._pieces.append(_CELL)
        elif is_block:
            self.close(block)

    def close(self, block: Any) -> None:
        """Ends the line that stands directly in `block`."""
        raw = "".join(self._pieces)
        text = _row(raw) if _CELL in raw else " ".join(tidy(raw).split())
        if text:
            self.blocks.append(Block(text, block, self._link_chars, tuple(self._links)))
        self._pieces, self._link_chars, self._links = [], 0, []

    def _add(self, text: str | None, block: Any, in_pre: bool) -> None:
        first, *rest = (text or "").split("\n") if in_pre else [text or ""]
        self._pieces.append(first)
        for line in rest:
            self.close(block)
            self._pieces.append(line)
        if self._in_link:
            self._link_chars += len(re.sub(r"\s", "", text or ""))

    def _break(self, block: Any, in_cell: bool) -> None:
        if in_cell:
            self._pieces.append(" ")
        else:
            self.close(block)


def _row(raw: str) -> str:
    cells = [" ".join(tidy(cell).split()) for cell in raw.split(_CELL)]
    shown = cells[:-1] if not cells[-1] else cells
    return f"| {' | '.join(shown)} |" if any(shown) else ""
