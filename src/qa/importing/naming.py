"""Where an article comes from -> an id that stays the same and is safe as the name of a file."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import urllib.parse

from qa.text.folding import plain

__all__ = ["article_id"]

STEM_MAX_BYTES = 80  # of UTF-8; file systems take 255, and editors read the first words
DIGEST_CHARS = (
    8  # of the address's SHA-256: two of a million addresses share them with a chance of 1 in 9,000 pairs' worth
)
_UNSAFE = re.compile(r"[^\w.-]+")
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d|readme|index", re.IGNORECASE)  # of Windows, and of this folder


def article_id(origin: str, taken: bool = False) -> str:
    """Names an article after its address or its file; addresses, long or `taken` names end in a digest."""
    is_address = "://" in origin
    words = _of_address(origin) if is_address else re.sub(r"\.[A-Za-z0-9]{1,8}(?=#\d+$|$)", "", origin)
    stem = _safe(words)
    cut = _cut(stem)
    is_whole = not is_address and not taken and cut == stem and stem and not _RESERVED.fullmatch(stem)
    digest = hashlib.sha256(origin.encode("utf-8", "replace")).hexdigest()[:DIGEST_CHARS]
    return cut if is_whole else "-".join(filter(None, (cut, digest)))


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
