"""Small charts as inline SVG, drawn in the colours of the page they stand in."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["bars", "histogram", "reliability_diagram"]

WIDTH = 460
ROW = 22  # height of a bar with its gap
LABEL = 110  # width of what stands before a bar
ROOM = 60  # width of what stands after it
SIDE = 320  # of the reliability diagram
EDGE = 36


def bars(title: str, groups: Mapping[str, Mapping[str, Mapping[str, float]]], names: Sequence[str]) -> str:
    """Draws a bar with its interval for each metric of each group: `groups` is group -> metric -> estimate."""
    rows: list[str] = []
    y = 0
    for group, metrics in groups.items():
        rows.append(_text(0, y + 14, group))
        y += ROW
        for at, name in enumerate(name for name in names if name in metrics):
            rows.append(_bar(y, name, metrics[name], "bar" if at % 2 == 0 else "other"))
            y += ROW
        y += 6
    return _figure(title, WIDTH, y, "".join(rows))


def _bar(y: int, name: str, estimate: Mapping[str, float], kind: str) -> str:
    span = WIDTH - LABEL - ROOM
    value, low, high = (LABEL + span * estimate[part] for part in ("value", "low", "high"))
    return (
        f'<text class="faint" x="12" y="{y + 14}">{escape(name)}</text>'
        f'<rect class="{kind}" x="{LABEL}" y="{y + 3}" width="{value - LABEL:.1f}" height="14" rx="3"/>'
        f'<path class="range" d="M{low:.1f} {y + 10}H{high:.1f}M{low:.1f} {y + 6}v8M{high:.1f} {y + 6}v8"/>'
        + _text(WIDTH - ROOM + 12, y + 14, f"{100 * estimate['value']:.1f} %")
    )


def reliability_diagram(title: str, bins: Sequence[Mapping[str, float]]) -> str:
    """Draws the share of questions that are answerable against the confidence they were answered with."""
    side = SIDE - 2 * EDGE
    most = max((part["count"] for part in bins), default=1)
    dots = "".join(
        _dot(EDGE + side * part["confidence"], SIDE - EDGE - side * part["answerable"], part["count"], most)
        for part in bins
    )
    frame = f'<path class="axis" d="M{EDGE} {EDGE}v{side}h{side}M{EDGE} {SIDE - EDGE}l{side} -{side}"/>'
    labels = (
        _text(EDGE - 4, SIDE - EDGE + 16, "0")
        + _text(SIDE - EDGE - 4, SIDE - EDGE + 16, "1")
        + _text(EDGE - 16, EDGE + 4, "1")
        + _text(SIDE / 2 - 40, SIDE - 8, "confidence")
        + _text(EDGE, EDGE - 12, "share that the articles answer")
    )
    return _figure(title, SIDE, SIDE, frame + labels + dots)


def _dot(x: float, y: float, count: float, most: float) -> str:
    radius = 3 + 9 * (count / most) ** 0.5
    return (
        f'<circle class="bar" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{count:.0f} questions</title></circle>'
    )


def histogram(title: str, values: Sequence[float], unit: str, bins: int = 20) -> str:
    """Draws how many values fall into each of some bins of equal width, from 0 to the largest."""
    top = max(values, default=0.0) or 1.0
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int(bins * value / top))] += 1
    height, width = 160, WIDTH / bins
    columns = "".join(
        f'<rect class="bar" x="{at * width + 1:.1f}" y="{height - 130 * count / max(counts):.1f}"'
        f' width="{width - 2:.1f}" height="{130 * count / max(counts):.1f}" rx="2"/>'
        for at, count in enumerate(counts)
        if count
    )
    axis = f'<path class="axis" d="M0 {height}H{WIDTH}"/>'
    ends = _text(0, height + 16, "0") + _text(WIDTH - 60, height + 16, f"{top:.0f} {unit}")
    return _figure(title, WIDTH, height + 24, columns + axis + ends)


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}">{escape(text)}</text>'


def _figure(title: str, width: int, height: int, body: str) -> str:
    name = escape(title)
    drawing = f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{name}">{body}</svg>'
    return f"<figure><figcaption>{name}</figcaption>{drawing}</figure>"
