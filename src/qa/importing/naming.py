"""Where an article comes from -> an id that stays the same and is safe as the name of a file."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import urllib.parse
from typing import TYPE_CHECKING

from qa.importing.origins import unmarked
from qa.text.folding import plain

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["article_id", "folded"]

STEM_MAX_BYTES = 80  # of UTF-8; file systems take 255, and editors read the first words
DIGEST_CHARS = 8  # of the address's SHA-256: two of a million addresses share them with little chance
_UNSAFE = re.compile(r"[^\w.-]+")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d|readme|index", re.IGNORECASE)  # of Windows, and of this folder


def article_id(origin: str, taken: Collection[str] = ()) -> str:
    """Names an article after its address or its file, and where that name is taken after its folder too.

    `taken` holds names as `folded` writes them. Addresses, long names and names taken all the same end in a digest of
    where the article comes from.
    """
    digest = hashlib.sha256(origin.encode("utf-8", "replace")).hexdigest()[:DIGEST_CHARS]
    if "://" in origin:
        return "-".join(filter(None, (_cut(_safe(_of_address(origin))), digest)))
    path = re.sub(r"\.[A-Za-z0-9]{1,8}(?=#\d+$|$)", "", unmarked(origin))
    names = [_safe("-".join(path.split("/")[-count:])) for count in (1, 2)]
    fitting = (name for name in names if name and name == _cut(name) and not _RESERVED.fullmatch(name))
    free = next((name for name in fitting if folded(name) not in taken), None)
    return free or "-".join(filter(None, (_cut(names[0]), digest)))


def folded(name: str) -> str:
    """Returns what names have in common that are one file on macOS or Windows: `Report` and `report`."""
    return unicodedata.normalize("NFC", name).casefold()


def _of_address(url: str) -> str:
    """Takes the last telling part of the path, or the host."""
    address, _, number = url.partition("#")
    parts = urllib.parse.urlsplit(address)
    words = [word for word in urllib.parse.unquote(parts.path, errors="replace").split("/") if word]
    last = re.sub(r"\.\w{1,5}$", "", words[-1]) if words else ""
    return "-".join(filter(None, (last or parts.hostname, number)))


def _safe(words: str) -> str:
    named = unicodedata.normalize("NFC", plain(words))
    return re.sub(r"[-.]*-[-.]*", "-", _UNSAFE.sub("-", named.replace("/", "-").replace("\\", "-"))).strip("-._")


def _cut(stem: str) -> str:
    return stem.encode("utf-8")[:STEM_MAX_BYTES].decode("utf-8", "ignore").rstrip("-._")
