"""Bytes -> text, in whichever encoding a page or file was written."""

from __future__ import annotations

import codecs
import re

from qa.importing.drafts import UnusableError

__all__ = ["declared_encoding", "decoded"]

# GB 2312 and Big5 as labels stand for all that was later added to them (WHATWG Encoding Standard).
_ALIASES = {
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "gb18030", "cp936"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "x-x-big5", "big5hkscs", "cp950"), "big5hkscs"),
}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
HEAD_BYTES = 4096  # browsers look for the encoding in the first 1,024; pages put it later
SAMPLE_BYTES = 200_000
# The characters most frequent in Chinese of either script: a text decoded rightly is full of them.
_FREQUENT = frozenset(
    "的一是不了在人有我他這这個个上們们來来到時时大地為为子中你說说生國国年着就那和要她出也得里後后自以會会家可下而過过天去能對对小多然於于心學学之都好看起發发當当沒没成只如事把還还用第樣样道想作種种開开，。、「」：；"
)
FREQUENT_SHARE = 0.1  # wrong decodings have under 0.03, right ones of a sentence or more over 0.2
DAMAGED_SHARE = 0.01  # one sign in a hundred may be broken


def declared_encoding(data: bytes, content_type: str = "") -> str | None:
    """Returns the encoding that the server or the page's own head names."""
    match = _META.search(content_type.encode("ascii", "replace")) or _META.search(data[:HEAD_BYTES])
    return match[1].decode("ascii").lower() if match else None


def decoded(data: bytes, content_type: str = "") -> str:
    """Reads text by its byte order mark, as UTF-8, as declared, as Chinese, or as the library finds likeliest.

    Raises:
        UnusableError: it is no text in any encoding known.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    if b"\x00" in data[:HEAD_BYTES]:
        raise UnusableError("is not text")
    utf8 = _strict(data, "utf-8") if not re.search(rb"\x1b\$|~\{", data[:HEAD_BYTES]) else None
    if utf8 is not None:
        return utf8
    declared = declared_encoding(data, content_type)
    return _as_declared(data, declared) or _as_chinese(data) or _as_found(data)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _as_declared(data: bytes, declared: str | None) -> str | None:
    if declared is None or declared in ("utf-8", "utf8", "iso-8859-1", "latin-1", "windows-1252", "us-ascii"):
        return None  # disproved, or what servers say of everything
    encoding = _ALIASES.get(declared, declared)
    text = _strict(data, encoding)
    return text if text is not None and (encoding not in _ALIASES.values() or _is_likely(text)) else None


def _as_chinese(data: bytes) -> str | None:
    candidates = [data.decode(encoding, "replace") for encoding in ("big5hkscs", "gb18030")]
    candidates += [data.decode("utf-8", "replace")]
    best = max(candidates, key=_frequent_share)
    damaged = best.count("\ufffd") / max(1, len(best))
    return best if _is_likely(best) and damaged <= DAMAGED_SHARE else None


def _is_likely(text: str) -> bool:
    return _frequent_share(text) >= FREQUENT_SHARE


def _frequent_share(text: str) -> float:
    """Returns the share of frequent Chinese signs among all that are not ASCII."""
    foreign = [character for character in text[:SAMPLE_BYTES] if ord(character) > 127]
    return sum(character in _FREQUENT for character in foreign) / max(1, len(foreign))


def _as_found(data: bytes) -> str:
    import charset_normalizer

    best = charset_normalizer.from_bytes(data[:SAMPLE_BYTES]).best()
    text = data.decode(best.encoding, "replace") if best else None
    if text is None or text.count("\ufffd") > DAMAGED_SHARE * len(text):
        raise UnusableError("is text in an unknown encoding; save it as UTF-8")
    return text
