"""The widget's files, read once: the loader with its words and style, and what the panel is made of."""

from __future__ import annotations

import functools
import gzip
import hashlib
import importlib.resources
import json
import string
from dataclasses import dataclass

from qa.wording import LANGUAGES, wording

__all__ = ["Asset", "asset", "loader", "panel_assets", "panel_page", "panel_version"]

TYPES = {"css": "text/css", "html": "text/html", "js": "text/javascript"}
LOADER_WORDS = ("cannot_open", "close", "open_apart", "opening", "page_title")
SHARED = ("acting.js", "answer.js", "dom.js", "words.js", "style.css")  # with the chat page
OWN = (
    "addresses.js",
    "asking.js",
    "box.js",
    "colours.js",
    "host.js",
    "keeping.js",
    "panel.css",
    "panel.js",
    "scope.js",
    "view.js",
)
HASH_CHARS = 12


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent, plain and compressed; `tag` changes with its content."""

    content: bytes
    compressed: bytes
    media_type: str
    tag: str


def asset(text: str, kind: str) -> Asset:
    """Makes an asset of a text; `kind` is the ending that such a file has."""
    content = text.encode()
    return Asset(content, gzip.compress(content, mtime=0), f"{TYPES[kind]}; charset=utf-8", _hash(content))


@functools.cache
def loader() -> Asset:
    """Returns `/widget.js`: the script with its words in all languages, and its style."""
    words = {language: {key: wording(language)[key] for key in LOADER_WORDS} for language in LANGUAGES}
    text = _read("loader.js").replace("__STYLE__", json.dumps(_read("loader.css")))
    return asset(text.replace("__WORDS__", json.dumps(words, ensure_ascii=False)), "js")


@functools.cache
def panel_assets() -> dict[str, Asset]:
    """Returns the panel's scripts and styles by name."""
    page = importlib.resources.files("qa.server") / "page"
    shared = {name: (page / name).read_text(encoding="utf-8") for name in SHARED}
    texts = {**shared, **{name: _read(name) for name in OWN}}
    return {name: asset(text, name.rsplit(".", 1)[1]) for name, text in texts.items()}


@functools.cache
def panel_version() -> str:
    """Returns what stands in the addresses of the panel's files, so that browsers may keep them for good."""
    return _hash("".join(asset.tag for asset in panel_assets().values()).encode())


@functools.lru_cache(maxsize=2 * len(LANGUAGES))  # of an old and a new generation
def panel_page(language: str, limit: int, examples: tuple[str, ...]) -> Asset:
    """Returns the panel's page in a language, for questions of at most `limit` characters."""
    given = {"language": language, "limit": limit, "examples": examples, "texts": dict(wording(language))}
    version = panel_version()
    preloads = [
        f'<link rel="modulepreload" href="widget/{version}/{name}">' for name in panel_assets() if name.endswith(".js")
    ]
    text = string.Template(_read("panel.html")).substitute(
        language=language,
        title=wording(language)["page_title"],
        version=version,
        preloads="\n".join(preloads),
        given=json.dumps(given, ensure_ascii=False).replace("<", "\\u003c"),
    )
    return asset(text, "html")


def _read(name: str) -> str:
    return (importlib.resources.files("qa.server.widget") / name).read_text(encoding="utf-8")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:HASH_CHARS]
