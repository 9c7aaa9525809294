"""Chinese numerals -> digits, so that 二○二五年, 民國114年 and 2025年 compare equal."""

from __future__ import annotations

import re

from qa.text.units import ENGLISH_ONES, HAN_ONES

__all__ = ["MONTHS_A_YEAR", "digits", "readable", "spelled_in_english"]

MONTHS_A_YEAR = 12

_DIGITS = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"○": "0", "零": "0", "两": "2"}
_SPELLED_YEAR = re.compile(r"[〇○零一二三四五六七八九]{4}(?=年)")
_SPELLED_DIGITS = re.compile(r"(?<![一-鿿])[〇○零一二三四五六七八九]{2,}(?![十百千万亿])")
_SPELLED_NUMBER = re.compile(r"[一二两三四五六七八九十百千零〇]*[十百千][一二两三四五六七八九十百千零〇]*")
_MINGUO_YEAR = re.compile(r"民国\s*(\d{1,3}|[元一二三四五六七八九])\s*年")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
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
_ENGLISH_WORD = "|".join(sorted({*ENGLISH_ONES, *_ENGLISH_TENS} - {"zero", "one"}, key=len, reverse=True))
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
_SCALED = re.compile(r"(?<![第数几好万亿一二两三四五六七八九十百千\d])[一二两三四五六七八九](?=[万亿](?!一|岁|物))")
_DECIMAL = re.compile(
    "(?P<whole>[〇零一二两三四五六七八九十百千]+|(?<!\\d)\\d+)点(?P<part>[〇零一二两三四五六七八九]+)"
    "(?=[万亿%倍成元吨米度]|个百分点|公[里斤顷]|平方|[美港日欧]元)"
)
_PERCENT = re.compile("(?<=百分之)(?P<whole>[〇零一二两三四五六七八九十百]+)点(?P<part>[〇零一二两三四五六七八九]+)")
_MONTH = re.compile("(?<![一二三四五六七八九十个])[一二三四五六七八九](?=月(?!台))")
_HOUR = re.compile(
    "([早晚]上|[上下中正]午|[清凌早]晨|[今昨每当傍]晚|[午深]夜|今早|夜里)([一二两三四五六七八九]|\\d{1,2})(?:点钟?|时)(?![间候期代数])"
)
_AND_A_HALF = re.compile(
    r"(?P<english>\ban? year and a half\b)|(?P<years>\d{1,2}|[一二两三四五六七八九])年半(?!载)|\b(?P<some>\d{1,2}) and a half years\b"
)


def digits(folded: str) -> str:
    """Rewrites the numerals of a folded text in digits; what is not certainly a numeral stays."""
    text = _THOUSANDS.sub("", folded)
    for pattern in (_DECIMAL, _PERCENT):
        text = pattern.sub(_decimal, text)
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


def _decimal(match: re.Match[str]) -> str:
    whole = _SPELLED_NUMBER.sub(_number, match["whole"])
    return f"{''.join(_DIGITS.get(one, one) for one in whole)}.{_spelled(match, 2)}"


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
            total += ENGLISH_ONES.get(word, 0) + _ENGLISH_TENS.get(word, 0) + (word in ("a", "an"))
    return str(total)


def readable(folded: str) -> str:
    """Rewrites the numerals of a folded text, Chinese and English ones, in digits."""
    text = _AND_A_HALF.sub(_in_months, digits(spelled_in_english(folded)))
    for pattern in (_SCALED, _MONTH):
        text = pattern.sub(lambda match: str(HAN_ONES[match[0]]), text)
    return _HOUR.sub(lambda match: f"{match[1]}{HAN_ONES.get(match[2], match[2])}时", text)


def _in_months(match: re.Match[str]) -> str:
    """Writes a year and a half as 18 months."""
    years = match["years"] or match["some"] or "1"
    months = MONTHS_A_YEAR * int(HAN_ONES.get(years, years)) + MONTHS_A_YEAR // 2
    return f"{months}个月" if match["years"] else f"{months} months"
