"""Bytes in any encoding that Chinese pages come in -> the right text."""

from __future__ import annotations

import codecs

import pytest

from qa.importing.decoding import decoded
from qa.importing.drafts import UnusableError

TRADITIONAL = "港口去年處理了十萬個貨櫃，這個數字創下新高。市長說，來年會更好。"
SIMPLIFIED = "港口去年处理了十万个货柜，这个数字创下新高。市长说，来年会更好。"
TEXTS = {"big5": TRADITIONAL, "big5hkscs": TRADITIONAL + "佢哋喺度嘅。", "gbk": SIMPLIFIED, "gb18030": TRADITIONAL}


@pytest.mark.parametrize("encoding", TEXTS)
@pytest.mark.parametrize("declared", ["", "meta", "header", "wrong"])
def test_chinese_encodings_are_read_whether_declared_or_not(encoding: str, declared: str) -> None:
    text = TEXTS[encoding]
    meta = (
        f'<meta charset="{encoding}">'
        if declared == "meta"
        else '<meta charset="utf-8">'
        if declared == "wrong"
        else ""
    )
    header = f"text/html; charset={encoding}" if declared == "header" else "text/html"
    page = f"<html><head>{meta}</head><p>{text}</p>"
    assert decoded(page.encode(encoding), header) == page


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_utf8_is_read_even_where_something_else_is_declared(mark: bytes) -> None:
    assert decoded(mark + TRADITIONAL.encode(), "text/html; charset=big5") == TRADITIONAL


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_read_by_its_byte_order_mark(encoding: str) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    assert decoded(mark + TRADITIONAL.encode(encoding)) == TRADITIONAL


def test_a_page_with_a_broken_character_is_read_all_the_same() -> None:
    data = (TRADITIONAL * 20).encode("big5")
    assert decoded(data[:400] + b"\xff" + data[400:]).count("港口去年處理了十萬個貨櫃") >= 19


def test_other_languages_are_read_by_the_library() -> None:
    text = "Der Hafen hat im vergangenen Jahr für 3 Mio. Euro Kräne gekauft. Das ist schön, sagt die Bürgermeisterin."
    assert decoded(text.encode("latin-1")) == text
    assert decoded(
        "港はきのう、たくさんの船で混み合っていました。".encode("shift_jis"), "text/html; charset=shift_jis"
    ).startswith("港は")


@pytest.mark.parametrize("data", [b"\x00\x01\x02\x03" * 50, bytes(range(256)) * 8])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnusableError, match=r"not text|unknown encoding"):
        decoded(data)
