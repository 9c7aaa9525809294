"""Chinese numerals -> digits, so that 二○二五年, 民國114年 and 2025年 compare equal."""

from __future__ import annotations

import re

__all__ = ["digits", "spelled_in_english"]

_DIGITS = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"○": "0", "零": "0", "两": "2"}
_SPELLED_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}(?=年)")
_SPELLED_DIGITS = re.compile(r"(?<![一-鿿])[〇○零一二三四五六七八九]{2,}(?![十百千万亿])")
_SPELLED_NUMBER = re.compile(r"[一二两三四五六七八九十百千零〇]*[十百千][一二两三四五六七八九十百千零〇]*")
_MINGUO_YEAR = re.compile(r"民国\s*(\d{1,3}|[元一二三四五六七八九])\s*年")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ENGLISH_ONES = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_ENGLISH_TENS = {
    word: value * 10
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)  # noqa: SIM905
}
_ENGLISH_ORDINALS = {
    word: value
    for value, word in enumerate(
        ["second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"],
        start=2,
    )
}
_ENGLISH_WORD = "|".join(sorted({*_ENGLISH_ONES, *_ENGLISH_TENS} - {"zero", "one"}, key=len, reverse=True))
_ENGLISH_NUMBER = re.compile(
    rf"\b(?:(?:one|a|{_ENGLISH_WORD}) hundred(?: and)?(?:[ -](?:one|{_ENGLISH_WORD}))*|(?:{_ENGLISH_WORD})(?:[ -](?:one|{_ENGLISH_WORD}))*)\b"
    r"|\b(?:an?|one)(?= (?:thousand|million|billion|trillion|dozen)\b)"
)
_ENGLISH_HALF = re.compile(r"\bhalf an? (million|billion|dozen|hour)\b")
_ENGLISH_ORDINAL = re.compile(
    rf"(?<!\bone[ -])\b(?!(?<=\ba )(?:third|fifth|tenth) (?:of|more|less|fewer|higher|lower|as)\b)(?<!\bby a )"
    rf"({'|'.join(_ENGLISH_ORDINALS)})\b(?!s| half| of a )"
)
_MINGUO_OFFSET = 1911  # the year before the Republic's first


def digits(folded: str) -> str:
    """Rewrites the numerals of a folded text in digits; what is not certainly a numeral stays."""
    text = _THOUSANDS.sub("", folded)
    text = _SPELLED_YEAR.sub(_spelled, text)
    text = _SPELLED_DIGITS.sub(_spelled, text)
    text = _SPELLED_NUMBER.sub(_number, text)
    return _MINGUO_YEAR.sub(_minguo, text)


def _spelled(match: re.Match[str], group: int = 0) -> str:
    return "".join(_DIGITS.get(character, character) for character in match[group])


def _number(match: re.Match[str]) -> str:
    import cn2an

    if len(match[0]) == 1 and match[0] != "十":  # 百 and 千 alone are units or parts of names
        return match[0]
    try:
        return str(cn2an.cn2an(match[0].replace("〇", "零"), "smart"))
    except (ValueError, KeyError):  # it knows no 〇十
        return match[0]


def _minguo(match: re.Match[str]) -> str:
    year = 1 if match[1] == "元" else int(_spelled(match, 1))
    return f"{_MINGUO_OFFSET + year}年"


def spelled_in_english(folded: str) -> str:
    """Rewrites English number words of a folded text in digits; `one` stays, as it is seldom a figure."""
    text = _ENGLISH_HALF.sub(r"0.5 \1", folded)
    text = _ENGLISH_NUMBER.sub(_english_number, text)
    return _ENGLISH_ORDINAL.sub(lambda match: f"{_ENGLISH_ORDINALS[match[1]]}th", text)


def _english_number(match: re.Match[str]) -> str:
    total = 0
    for word in re.split("[ -]", match[0]):
        if word == "hundred":
            total = max(total, 1) * 100
        elif word != "and":
            total += _ENGLISH_ONES.get(word, 0) + _ENGLISH_TENS.get(word, 0) + (word in ("a", "an"))
    return str(total)
