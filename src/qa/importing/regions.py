"""A page's tree -> the part that holds the article, and why other parts do not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qa.importing.cleaning import boilerplate_kind, is_prose, key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.importing.blocks import Block

__all__ = ["PageMarks", "article_region", "clauses"]

REGION_SHARE = 0.8  # the smallest part with this much of the prose holds the article; the rest are its neighbours
SEEN_WEIGHT = 3  # what trafilatura takes for the article weighs this much more than other prose
WRAPPER_SHARE = 0.5  # a part with more of a page's text than this is no sidebar, whatever it is called

CLAUSE_MIN_CHARS = 4  # shorter ones stand anywhere
_CLAUSE_ENDS = re.compile(r"[。！？!?，,；;\n]|\. ")

_TAGS = {
    "nav": "navigation",
    "aside": "stands beside the article",
    "footer": "the foot of the page",
    "form": "a form",
    "menu": "navigation",
    "dialog": "a dialogue",
}
_ROLES = {
    "navigation": "navigation",
    "banner": "the head of the page",
    "contentinfo": "the foot of the page",
    "complementary": "stands beside the article",
    "search": "a form",
    "dialog": "a dialogue",
    "alert": "a notice of the site",
    "menu": "navigation",
}
_NAMES = (
    (
        re.compile(
            r"cookies?|consent|gdpr|newsletter|subscribe|subscription|subscribebox|paywall|login|signup|modal|popup"
        ),
        "a notice of the site",
    ),
    (
        re.compile(
            r"nav|navbar|navigation|menu|submenu|breadcrumbs?|crumbs?|toc|pagination|pager|skip|toolbar|topbar|toptb|masthead"
        ),
        "navigation",
    ),
    (re.compile(r"share|sharing|social|sharedaddy|addtoany|addthis|sns|likes?"), "a share or feedback button"),
    (
        re.compile(r"related\w*|recommend(?:ed|ation|ations)?|popular|trending|yarpp|readmore|mostread|ranking"),
        "points to other articles",
    ),
    (re.compile(r"comments?|disqus|replies|respond|commentlist"), "readers' comments"),
    (re.compile(r"ads?|advert|advertisement|advertorial|sponsor(?:ed)?|promo|promotion|banner"), "an advertisement"),
    (re.compile(r"sidebar|widget|widgets"), "stands beside the article"),
    (re.compile(r"footer|copyright|colophon|disclaimer"), "the foot of the page"),
    (re.compile(r"tags|taglist|taxonomy|categories"), "keywords"),
)
_NEVER_WRAPPERS = (None, "readers' comments", "a notice of the site")  # these hold nothing else, however long
_WORDS = re.compile(r"[a-z]+|[A-Z][a-z]+|[A-Z]+(?![a-z])")


class PageMarks:
    """Reads the marks of one page's elements, each once."""

    def __init__(self, tree: Any, trust_names: bool = True) -> None:
        """Takes a page; without `trust_names`, what its elements are called counts for nothing."""
        self._trust_names = trust_names
        self._reasons: dict[Any, str | None] = {}
        self._chars_at_stake = 0  # the page's letters, without those that stand outside for certain
        body = tree.find(".//body")
        self._chars_at_stake = _chars_beside(tree if body is None else body, self._surely)

    def why_outside(self, element: Any, within: Any = None) -> str | None:
        """Says why an element, by its marks or those around it up to `within`, is no part of an article, or None."""
        for place in (element, *element.iterancestors()):
            if place is within:
                return None
            if place not in self._reasons:
                self._reasons[place] = self._why(place)
            if reason := self._reasons[place]:
                return reason
        return None

    def _surely(self, place: Any) -> str | None:
        """Says why an element stands outside by its tag, its role, or a name that says it outright."""
        if reason := _TAGS.get(place.tag) or _ROLES.get((place.get("role") or "").lower()):
            return reason
        if place.tag == "header" and not any(up.tag in ("article", "main") for up in place.iterancestors()):
            return (
                None if place.find(".//p") is not None and place.find(".//h1") is not None else "the head of the page"
            )
        names = f"{place.get('class') or ''} {place.get('id') or ''}".lower().split()
        return _named(names) if self._goes_by_name(place) else None

    def _why(self, place: Any) -> str | None:
        if reason := self._surely(place):
            return reason
        words = _WORDS.findall(f"{place.get('class') or ''} {place.get('id') or ''}")
        reason = _named([word.lower() for word in words]) if self._goes_by_name(place) else None
        if reason not in _NEVER_WRAPPERS and _chars(place) > WRAPPER_SHARE * self._chars_at_stake:
            return None  # named for one of the things it holds: `<div class="with-sidebar">`
        return reason

    def _goes_by_name(self, place: Any) -> bool:
        is_container = (
            place.tag in ("html", "body", "main", "article") or next(place.iter("h1", "main"), None) is not None
        )
        return self._trust_names and not is_container


def _named(names: Sequence[str]) -> str | None:
    return next((why for pattern, why in _NAMES if any(pattern.fullmatch(name) for name in names)), None)


def _chars_beside(element: Any, outside: Callable[[Any], str | None]) -> int:
    """Counts the letters outside links of an element, without those of the parts that stand outside."""
    if outside(element):
        return 0
    own = [element.text or "", *(child.tail or "" for child in element)]
    inner = (child for child in element if child.tag != "a")
    return sum(len("".join(text.split())) for text in own) + sum(_chars_beside(child, outside) for child in inner)


def article_region(
    tree: Any, blocks: Sequence[Block], marks: PageMarks, seen: frozenset[str], article: Any = None
) -> Any:
    """Finds the element that holds the article.

    That is the only `<article>`, the body that the page marks, or the smallest element with most of the prose,
    and with it the neighbours that hold prose too.
    """
    marked = article if article is not None else _marked(tree)
    weights = _weights(blocks, marks, seen)
    if marked is not None and _weight(marked, weights) >= REGION_SHARE / 2 * sum(weights.values()):
        return marked
    if not weights:
        return tree
    region = _densest(tree, weights)
    while (
        (parent := region.getparent()) is not None
        and parent.tag != "html"
        and _has_prose_beside(parent, region, weights)
    ):
        region = parent
    return region


def clauses(text: str) -> frozenset[str]:
    """Returns the clauses of a text, each as its key, by which two readings of a page are compared."""
    return frozenset(clause for part in _CLAUSE_ENDS.split(text) if len(clause := key(part)) >= CLAUSE_MIN_CHARS)


def _chars(element: Any) -> int:
    """Counts the letters outside links."""
    linked = sum(len("".join(link.itertext()).strip()) for link in element.iter("a"))
    return len("".join("".join(element.itertext()).split())) - linked


def _marked(tree: Any) -> Any:
    for path in (".//*[@itemprop='articleBody']", ".//article", ".//main", ".//*[@role='main']"):
        found = tree.findall(path)
        if len(found) == 1:
            return found[0]
    return None


def _weights(blocks: Sequence[Block], marks: PageMarks, seen: frozenset[str]) -> dict[Any, int]:
    """Weighs the elements that hold prose of their own."""
    weights: dict[Any, int] = {}
    for block in blocks:
        if not is_prose(block.text) or block.is_link or boilerplate_kind(block.text):
            continue
        if marks.why_outside(block.element) is None:
            weight = len(block.text) * (1 if seen.isdisjoint(clauses(block.text)) else SEEN_WEIGHT)
            weights[block.element] = weights.get(block.element, 0) + weight
    return weights


def _weight(element: Any, weights: dict[Any, int]) -> int:
    return sum(weights.get(place, 0) for place in element.iter())


def _densest(tree: Any, weights: dict[Any, int]) -> Any:
    region, total = tree, sum(weights.values())
    while True:
        inner = next((child for child in region if _weight(child, weights) >= REGION_SHARE * total), None)
        if inner is None:
            return region
        region = inner


def _has_prose_beside(parent: Any, region: Any, weights: dict[Any, int]) -> bool:
    """Tells whether a neighbour of the region holds prose of the same article."""
    return any(child is not region and _weight(child, weights) for child in parent)
