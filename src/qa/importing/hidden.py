"""What a page holds but does not show: taken out before anything is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qa.importing.cleaning import tidy
from qa.importing.drafts import Dropped

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["remove_hidden"]

_NO_TEXT = frozenset(
    """script style template noscript svg math canvas iframe object embed video audio select option textarea input
    button head amp-ad amp-embed amp-social-share amp-analytics amp-sidebar amp-list""".split()  # noqa: SIM905
)
_CLASSES = frozenset("sr-only visually-hidden screen-reader-text screenreader-only hidden-text skip-link".split())  # noqa: SIM905
_STYLES = (
    (re.compile(r"display\s*:\s*none"), "display: none"),
    (re.compile(r"visibility\s*:\s*(?:hidden|collapse)"), "visibility: hidden"),
    (re.compile(r"opacity\s*:\s*0*\.?0+\s*(?:;|!|$)"), "opacity: 0"),
    (re.compile(r"font-size\s*:\s*0+(?:\.0+)?\s*(?:px|em|rem|pt|%)?\s*(?:;|!|$)"), "font-size: 0"),
    (re.compile(r"(?:left|top|text-indent|margin-left)\s*:\s*-\d{3,}"), "moved off the page"),
    (re.compile(r"clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%"), "clipped away"),
)
_COLOUR = re.compile(r"(?<![\w-])color\s*:\s*([^;!]+)")
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_AT_BLOCK = re.compile(r"@[^{;]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*)?([.#])([\w-]+)")
_WHITE = ("white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)")


def remove_hidden(tree: Any) -> list[Dropped]:
    """Takes out of a page's tree what a reader's eye does not meet; returns the words and how they were hidden."""
    classes, names = _hiding_rules(tree)
    dropped = []
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            _remove(element)  # comments and processing instructions
        elif element.tag in _NO_TEXT and element is not tree:
            _remove(element)
        elif how := _how_hidden(element, classes, names):
            if text := tidy(" ".join(element.itertext())):
                dropped.append(Dropped(" ".join(text.split()), f"hidden ({how})"))
            _remove(element)
    return dropped


def _how_hidden(element: Any, classes: frozenset[str], names: frozenset[str]) -> str | None:
    own = set((element.get("class") or "").lower().split())
    if element.get("hidden") is not None:
        return "hidden"
    if (element.get("aria-hidden") or "").lower() == "true":
        return "aria-hidden"
    if own & _CLASSES:
        return "for screen readers only"
    if own & classes or (element.get("id") or "").lower() in names:
        return "display: none"
    style = (element.get("style") or "").lower()
    if element.tag in ("html", "body"):
        return None
    return next((how for pattern, how in _STYLES if pattern.search(style)), None) or _same_colour(element, style)


def _same_colour(element: Any, style: str) -> str | None:
    """Tells text in the colour of what is behind it; a page is white where nothing else is said."""
    colour = _colour(_COLOUR, style) or (element.get("color") or "").lower()
    if not colour:
        return None
    behind = next(filter(None, (_behind(place) for place in (element, *element.iterancestors()))), "white")
    same = colour == behind or (colour in _WHITE and behind in _WHITE)
    return "in the colour of its background" if same else None


def _behind(element: Any) -> str:
    return _colour(_BACKGROUND, (element.get("style") or "").lower()) or (element.get("bgcolor") or "").lower()


def _colour(pattern: re.Pattern[str], style: str) -> str:
    match = pattern.search(style)
    return re.sub(r"\s+", "", match[1]) if match else ""


def _hiding_rules(tree: Any) -> tuple[frozenset[str], frozenset[str]]:
    """Reads from the page's own style sheets which classes and ids are not displayed; media queries are left alone."""
    found: dict[str, set[str]] = {".": set(), "#": set()}
    for sheet in tree.iter("style"):
        for selectors, body in _RULE.findall(_AT_BLOCK.sub("", (sheet.text or "").lower())):
            if any(pattern.search(body) for pattern, _ in _STYLES[:2]):
                for mark, name in _simple(selectors):
                    found[mark].add(name)
    return frozenset(found["."]), frozenset(found["#"])


def _simple(selectors: str) -> Iterator[tuple[str, str]]:
    for selector in selectors.split(","):
        if match := _SIMPLE.fullmatch(selector.strip()):
            yield match[1], match[2]


def _remove(element: Any) -> None:
    """Takes an element out, but not the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)
