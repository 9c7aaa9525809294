"""A web page -> drafts; the library and the page's own marks say where the article stands."""

from __future__ import annotations

import collections
import copy
import dataclasses
import re
from typing import TYPE_CHECKING, Any

from qa.importing.blocks import Block, blocks_of
from qa.importing.bylines import date_line, name_in
from qa.importing.cleaning import is_prose, key, why_boilerplate, without_repeats
from qa.importing.drafts import Draft, Dropped, Line, UnusableError
from qa.importing.hidden import remove_hidden
from qa.importing.metadata import Metadata, metadata_of
from qa.importing.regions import PageMarks, article_region, clauses
from qa.importing.titles import derived_title, language_of
from qa.importing.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["drafts_from_page"]

TEASER_MAX_CHARS = 100  # under a linked headline, less than this announces an article that stands elsewhere
LIST_MIN_LINKS = 3
BYLINE_MAX_CHARS = 60
LIBRARY_MAX_ELEMENTS = 20_000  # the library takes half a millisecond for each; such pages are read by their marks alone
VERSE_MIN_LINES = 3  # broken by hand in one element: a poem, or paragraphs without marks of their own
MISNAMED_MIN_CHARS = 200  # in parts called otherwise, less than this is a notice, as of cookies
BYLINE_ABOVE = 2  # lines over the headline where its day may stand
BYLINE = "the byline, kept as author and date"
ARTICLE_MIN_CHARS = 40  # an <article> with a heading and less prose than this is a card, not an article


def drafts_from_page(html: str, url: str | None, timezone: str) -> list[Draft]:
    """Reads a page; several articles on it, each marked as one, come out as several drafts.

    Raises:
        UnusableError: it is no page, a list of links, or holds no article.
    """
    tree = _parse(html)
    about = metadata_of(tree, url, timezone)
    seen_by_library = _seen_by_library(tree)
    hidden = remove_hidden(tree)
    _add_base(tree, url)
    drafts = _read(tree, PageMarks(tree), seen_by_library, about, hidden, timezone)
    if not drafts:  # perhaps the article stands in something called `related` or `widget`
        found = _read(tree, PageMarks(tree, trust_names=False), seen_by_library, about, hidden, timezone)
        drafts = [draft for draft in found if len(draft.text) >= MISNAMED_MIN_CHARS]
    if drafts:
        return drafts
    raise UnusableError("holds no text that reads like an article; pages that a browser has to draw cannot be read")


def _read(
    tree: Any, marks: PageMarks, seen: frozenset[str], about: Metadata, hidden: list[Dropped], timezone: str
) -> list[Draft]:
    """Reads what the page's marks leave of it: several articles, one, or none."""
    articles = _articles(tree, marks)
    if len(articles) > 1:
        return [_part(article, about, marks, timezone, hidden) for article in articles]
    blocks = blocks_of(tree)
    about = dataclasses.replace(about, title=_headline(blocks, about.title))
    region = article_region(tree, blocks, marks, seen, *articles)
    kept, dropped = _sift(blocks, region, marks, seen, about)
    _refuse_list(kept, about)
    return [_draft(kept, [*dropped, *hidden], about)] if any(is_prose(block.text) for block in kept) else []


def _parse(html: str) -> Any:
    import lxml.etree
    import lxml.html

    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", html.replace("\x00", ""))
    try:
        tree = lxml.html.document_fromstring(text, parser=lxml.html.HTMLParser(encoding=None, huge_tree=False))
    except (lxml.etree.LxmlError, ValueError, AssertionError) as error:
        raise UnusableError("is not a page that can be read") from error
    return tree


def _seen_by_library(tree: Any) -> frozenset[str]:
    """Returns the clauses of what trafilatura takes for the article; its thresholds are made for European letters."""
    import trafilatura
    from trafilatura.settings import DEFAULT_CONFIG

    config = copy.deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"].update(
        MIN_EXTRACTED_SIZE="80", MIN_OUTPUT_SIZE="1", MIN_EXTRACTED_COMM_SIZE="1", MIN_OUTPUT_COMM_SIZE="1"
    )
    if len(tree) and sum(1 for _ in tree.iter()) > LIBRARY_MAX_ELEMENTS:
        return frozenset()
    found = trafilatura.bare_extraction(copy.deepcopy(tree), config=config, include_comments=False)
    return clauses(found.text or "") if found is not None and not isinstance(found, dict) else frozenset()


def _add_base(tree: Any, url: str | None) -> None:
    if url:
        tree.make_links_absolute(url, resolve_base_href=True, handle_failures="ignore")


def _articles(tree: Any, marks: PageMarks) -> list[Any]:
    """Lists the page's articles: marked as such, with a heading and prose, and no mere card that leads elsewhere."""
    found = []
    for article in tree.iter("article"):
        if next(article.iterancestors("article"), None) is not None or marks.why_outside(article):
            continue
        blocks = [block for block in blocks_of(article) if not marks.why_outside(block.element, article)]
        prose = sum(len(block.text) for block in blocks if is_prose(block.text) and not block.is_link)
        headings = [block for block in blocks if block.level]
        is_card = bool(headings) and headings[0].is_link and prose < TEASER_MAX_CHARS
        if headings and prose >= ARTICLE_MIN_CHARS and not is_card:
            found.append(article)
    return found


def _part(article: Any, about: Metadata, marks: PageMarks, timezone: str, hidden: list[Dropped]) -> Draft:
    """Reads one of several articles on a page; its heading is its title and, where it is a link, its address."""
    blocks = blocks_of(article)
    heading = next(block for block in blocks if block.level)
    own = metadata_of(article, None, timezone)
    links = [link for link in heading.links if link.startswith("http")]
    dated = next((found for block in blocks if (found := date_line(block.text))), (None, None))
    part = dataclasses.replace(
        about,
        title=heading.text,
        author=own.author or dated[1],
        published=own.published or dated[0],
        url=(_address(links[0]) if heading.is_link and links else None) or about.url,
    )
    kept, dropped = _sift(blocks, article, marks, frozenset(), part)
    within = key("".join(article.itertext()))
    return _draft(kept, [*dropped, *(gone for gone in hidden if key(gone.text) in within)], part)


def _address(link: str) -> str | None:
    try:
        return canonical_url(link)
    except ValueError:
        return None


def _headline(blocks: Sequence[Block], title: str) -> str:
    """Takes sections and the site's name off a title where the headline alone stands on the page."""
    opening = (block.text for block in blocks if title.startswith(block.text))
    shown = [text for text in opening if title[len(text) :].lstrip()[:1] in tuple("-–—|｜_·«»")]
    return max(shown, key=len, default=title)


def _sift(
    blocks: Sequence[Block], region: Any, marks: PageMarks, seen: frozenset[str], about: Metadata
) -> tuple[list[Block], list[Dropped]]:
    """Separates the article's blocks from the rest."""
    inside = set(region.iter())
    places = [at for at, block in enumerate(blocks) if block.element in inside] or [0]
    headline = next((at for at, block in enumerate(blocks) if key(block.text) == key(about.title)), places[0])
    prosy = _prosy(blocks)
    kept: list[Block] = []
    dropped: list[Dropped] = []
    for at, block in enumerate(blocks):
        is_inside = block.element in inside
        is_head = headline - BYLINE_ABOVE <= at < places[0]
        belongs = is_prose(block.text) and (
            headline < at < places[0] or (at > headline and not seen.isdisjoint(clauses(block.text)))
        )
        reason = _why_not(block, marks, region if is_inside else None) or _why_told(block, about, prosy)
        if reason in (None, BYLINE) and not (is_inside or belongs or (reason and is_head)):
            reason = "stands outside the article"
        if reason is None:
            kept.append(block)
        else:
            dropped.append(Dropped(block.text, reason))
    return kept, dropped


def _prosy(blocks: Sequence[Block]) -> set[Any]:
    """Gathers the elements whose every line is text: they, or others of their kind beside them, hold prose or verse."""
    lines = collections.Counter(block.element for block in blocks if not block.is_link)
    prose = {block.element for block in blocks if is_prose(block.text) and not block.is_link}
    kinds = {(element.getparent(), element.tag, element.get("class")) for element in prose}
    alike = {element for element in lines if (element.getparent(), element.tag, element.get("class")) in kinds}
    return prose | alike | {element for element, count in lines.items() if count >= VERSE_MIN_LINES}


def _why_not(block: Block, marks: PageMarks, region: Any) -> str | None:
    """Says why a block belongs to the page around the article, or None."""
    phrase = None if block.kind == "row" else why_boilerplate(block.text)
    if reason := marks.why_outside(block.element, region) or phrase:
        return reason
    return "leads elsewhere" if block.is_link and not (block.level or is_prose(block.text)) else None


def _why_told(block: Block, about: Metadata, prosy: set[Any]) -> str | None:
    """Says why a block of the article is no part of its text, or None."""
    if key(block.text) and key(block.text) == key(about.title):
        return "the headline, kept as the title"
    if _is_byline(block, about):
        return BYLINE
    is_label = block.kind == "text" and block.element.tag not in ("p", "pre", "dd", "dt", "summary")
    is_sentence = is_prose(block.text) or block.text.endswith(("。", "！", "？", "」"))
    return "a label, not a sentence" if is_label and not is_sentence and block.element not in prosy else None


def _is_byline(block: Block, about: Metadata) -> bool:
    if block.level or len(block.text) > BYLINE_MAX_CHARS:
        return False
    if date_line(block.text):
        return True
    return key(block.text) == key(about.author or "-") or name_in(block.text) not in (None, block.text)


def _refuse_list(kept: Sequence[Block], about: Metadata) -> None:
    """Refuses a page of headlines that lead elsewhere, each over a few words."""
    headlines = [block for block in kept if block.is_link and (block.level or is_prose(block.text))]
    longest = max((len(block.text) for block in kept if not block.is_link), default=0)
    if len(headlines) >= LIST_MIN_LINKS and longest < TEASER_MAX_CHARS:
        advice = f"add its feed instead: {about.feed}" if about.feed else "add the articles that it lists"
        raise UnusableError(f"is a list of {len(headlines)} articles, not an article; {advice}")


def _draft(kept: Sequence[Block], dropped: Sequence[Dropped], about: Metadata) -> Draft:
    lines, repeats = without_repeats([_line(block) for block in kept])
    while lines and lines[-1].kind == "heading":
        repeats.append(Dropped(lines.pop().text, "a heading without text under it"))
    texts = [line.text for line in lines if line.kind == "text"]
    title = about.title or derived_title(texts, [gone.text for gone in repeats])
    signed = [gone.text for gone in dropped if gone.reason == BYLINE]
    dated = [found for text in signed if (found := date_line(text))]
    names = [name for text in signed if (name := name_in(text) if name_in(text) != text else None)]
    return Draft(
        lines=tuple(lines),
        dropped=(*dropped, *repeats),
        title=title,
        title_derived=bool(title) and not about.title,
        url=about.url,
        published=about.published or next((day for day, _ in dated), None),
        author=about.author or next(iter([*names, *(name for _, name in dated if name)]), None),
        source=about.source,
        language=language_of("\n".join(line.text for line in lines), about.language),
    )


def _line(block: Block) -> Line:
    kind = block.kind
    if kind == "heading":
        return Line(f"{'#' * max(2, block.level)} {block.text}", kind)
    marks = {"item": "- ", "quote": "> "}
    return Line(marks.get(kind, "") + block.text, kind)
