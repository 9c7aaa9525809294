"""The tables by which figures are read: scales, currencies, units and words of measure."""

from __future__ import annotations

import re

__all__ = [
    "CURRENCY_PREFIX",
    "CURRENCY_SUFFIX",
    "ENGLISH_ONES",
    "HAN_ONES",
    "HUNDREDTHS",
    "MEASURE",
    "MONEY_WORDS",
    "SCALE",
    "SCALES",
    "UNITS",
]

SCALES = {
    "十": 1e1, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8, "万亿": 1e12, "兆": 1e12, "百万": 1e6, "千万": 1e7,
    "十万": 1e5, "百亿": 1e10, "千亿": 1e11, "十亿": 1e9,
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "mn": 1e6, "bn": 1e9,
    "tn": 1e12, "m": 1e6, "b": 1e9, "k": 1e3, "dozen": 12,
}  # fmt: skip
SCALE = "万亿|十万|百万|千万|十亿|百亿|千亿|[十百万亿]|千(?![瓦克米卡赫伏])|兆(?![瓦赫字位帕焦欧比])|hundred|thousand|million|billion|trillion|dozen|(?:mn|bn|tn|m|b|k)(?![a-z])"

# Currencies that a word or sign may stand for; 元 and $ are several countries' own.
_CURRENCIES: dict[str, str] = {
    "us$": "USD", "usd": "USD", "美元": "USD", "美金": "USD", "us dollars?": "USD",
    "hk$": "HKD", "hkd": "HKD", "港元": "HKD", "港币": "HKD", "港纸": "HKD", "hong kong dollars?": "HKD",
    "nt$": "TWD", "ntd": "TWD", "twd": "TWD", "新台币": "TWD", "台币": "TWD", "新台幣": "TWD",
    "rmb": "CNY", "cny": "CNY", "人民币": "CNY", "yuan": "CNY", "renminbi": "CNY",
    "欧元": "EUR", "€": "EUR", "euros?": "EUR", "eur": "EUR",
    "英镑": "GBP", "£": "GBP", "pounds?": "GBP", "gbp": "GBP",
    "日元": "JPY", "日圆": "JPY", "yen": "JPY", "韩元": "KRW", "韩圜": "KRW", "won": "KRW",
    "澳门元": "MOP", "新加坡元": "SGD", "坡元": "SGD", "澳元": "AUD", "加元": "CAD", "卢布": "RUB", "卢比": "INR",
    "¥": "CNY JPY", "元": "CNY HKD TWD MOP", "块钱": "CNY HKD TWD MOP", "块": "CNY HKD TWD MOP",
    "pence": "GBP", "便士": "GBP", "美分": "USD", "cents?": "USD HKD TWD AUD CAD SGD EUR",
    "蚊": "HKD MOP CNY TWD", "dollars?": "USD HKD TWD AUD CAD SGD", "$": "USD HKD TWD AUD CAD SGD",
}  # fmt: skip
HUNDREDTHS = frozenset(("pence", "便士", "美分", "cent"))  # of the currency that they are in
MONEY_WORDS = {word.replace("s?", ""): frozenset(names.split()) for word, names in _CURRENCIES.items()}

# Words of measure -> what they measure, and how many of its base unit they are.
UNITS: tuple[tuple[str, str, float], ...] = (
    ("个?百分点|percentage points?", "points", 0.01),
    ("%|per ?cent|巴仙", "ratio", 0.01),
    ("成(?![为功立员本就果熟长])", "ratio", 0.1),
    ("倍|times(?! more than once)|-?fold", "times", 1),
    ("平方公里|square kilomet(?:re|er)s?", "area", 1e6),
    ("公顷|hectares?", "area", 1e4),
    ("平方米|平方公尺|square met(?:re|er)s?", "area", 1),
    ("平方呎|平方英尺|square f(?:ee|oo)t|sq ?ft", "area", 0.092903),
    ("英亩|acres?", "area", 4046.86),
    ("坪(?!林)", "area", 3.3058),
    ("亩", "area", 666.7),
    ("公里|千米|km|kilomet(?:re|er)s?", "length", 1e3),
    ("厘米|公分|cm|centimet(?:re|er)s?", "length", 1e-2),
    ("毫米|mm|millimet(?:re|er)s?", "length", 1e-3),
    ("海里|nautical miles?", "length", 1852),
    ("英里|miles?", "length", 1609.34),
    ("呎|英尺|feet|foot|ft", "length", 0.3048),
    ("吋|英寸|inch(?:es)?", "length", 0.0254),
    ("公尺|米(?!高)|met(?:re|er)s?", "length", 1),
    ("公吨|吨|tonnes?|metric tons?|tons?", "mass", 1e3),
    ("公斤|千克|kg|kilograms?|kilos?", "mass", 1),
    ("斤", "mass", 0.5),
    ("磅|lbs?", "mass", 0.45359),
    ("盎司|ounces?", "mass", 0.02835),
    ("毫克|mg|milligrams?", "mass", 1e-6),
    ("克(?![服拉])|grams?", "mass", 1e-3),
    ("毫升|ml|millilit(?:re|er)s?", "volume", 1e-3),
    ("公升|升(?![至到级幅值温高学降市了近逾约\\d])|lit(?:re|er)s?", "volume", 1),
    ("汤匙|tablespoons?", "spoon", 3),
    ("茶匙|teaspoons?", "spoon", 1),
    ("大卡|千卡|kcal|calories", "food energy", 1),
    ("个?(?:小时|钟头)|hours?|hrs?", "time", 60),
    ("分钟|minutes?|mins?", "time", 1),
    ("秒钟?|seconds", "time", 1 / 60),
    ("个?(?:星期|礼拜)|周(?!年)|weeks?", "time", 7 * 1440),
    ("天|日(?!元|圆|本)|days?", "time", 1440),
    ("个月|months?", "months", 1),
    ("decades?", "months", 120),
    ("周?年(?!级|代)|years?(?![ -]old)", "months", 12),
    ("years?-old", "old", 12),  # a guide is 55-year-old, and so is a shop
    ("周?岁|years? old", "age", 12),
    ("gwh|gigawatt[- ]hours?|吉瓦时", "energy", 1e6),
    ("mwh|megawatt[- ]hours?|兆瓦时", "energy", 1e3),
    ("kwh|kilowatt[- ]hours?|千瓦时|度电", "energy", 1),
    ("gw|gigawatts?|吉瓦", "power", 1e6),
    ("mw|megawatts?|兆瓦", "power", 1e3),
    ("kw|kilowatts?|千瓦", "power", 1),
    ("摄氏度|℃|°c|degrees?(?: celsius)?|度(?![电假过数])", "heat", 1),
)
MEASURE = (
    "(?:[个家间种项款条辆名位人部类支地国座次届期场队所艘架只头件份张首层楼票球站倍代轮方组路本篇幅口户栋幢台套股枚颗批门度宗起"
    "级段句号室处成年月天周岁点块分米吨克斤日秒箱箇對对派者大强块蚊元折员卷盒瓶杯碗匹棵株粒根片集册罐袋包桌桶磅升尺呎吋坪局圈胜负剂针]"
    "|小时|星期|礼拜|公|平方|英[里尺寸亩]|海里|毫|厘米|倍|港[元币]|美[元金]|欧元|英镑|日元|钟头|茶匙|汤匙)"
)
HAN_ONES = {one: value for value, one in enumerate("一二三四五六七八九", start=1)} | {"两": 2, "双": 2}
ENGLISH_ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
CURRENCY_PREFIX = "|".join(re.escape(word) for word in ("us$", "hk$", "nt$", "$", "¥", "£", "€")) + (
    "|(?:usd|hkd|ntd|twd|rmb|cny|eur|gbp)(?=\\s?\\d)|新台币|台币|人民币|港币|美金"
)
CURRENCY_SUFFIX = "|".join(
    sorted((word for word in _CURRENCIES if word not in ("$", "¥", "£", "€")), key=len, reverse=True)
)
