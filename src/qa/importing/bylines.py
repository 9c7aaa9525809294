"""Lines that say when and by whom something was published -> a date and a name; what is not certain is neither."""

from __future__ import annotations

import contextlib
import datetime as dt
import email.utils
import re
import zoneinfo

from qa.text.folding import HAN

__all__ = ["date_line", "date_of", "is_signed", "name_in", "source_in", "stamped"]

EARLIEST_YEAR = 1900  # machines write 0001-01-01 or 0000-00-00 for "not known"
REPUBLIC_OF_CHINA = 1911  # 民國114年 is 2025
REST_MAX_CHARS = 24  # what may stand beside the date in a date line: 發佈時間, a name, the time of day
LINE_MAX_CHARS = 80
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_MONTH = "|".join(f"{month}[a-z]*" for month in _MONTHS)
_FORMS = (
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日號号]?"),
    re.compile(r"(?:民國|民国)\s*(?P<roc>\d{2,3})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日"),
    re.compile(r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?![\d.]*\d)"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<name>{_MONTH})\.?,?\s+(?P<y>(?:19|20)\d\d)\b", re.I),
    re.compile(rf"\b(?P<name>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)\b", re.I),
)
_TIME = re.compile(r"(?:上午|下午|凌晨|晚上)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?\s*(?:[ap]\.?m\.?)?", re.I)
_LABELS = re.compile(
    r"發[佈布表]|发[布表]|更新|刊登|時間|时间|日期|於|于|星期.|週.|周.|by|on|published|posted|updated|date|at"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|[\s:：|｜/,，()（）\[\]【】·-]+",
    re.I,
)

_GAP = re.compile(r"\s+(?=[+-]\d\d:?\d\d$|Z$)")  # 2025-07-30 20:15:00 +0800
_YEAR_ZERO = re.compile(r"(?<![\d+-])0\d{3}\b")
_CHINA_TIME = re.compile(r"(?<=\d)\s+CST\b")  # mail's rules take it for America's, six hours behind Greenwich
_OTHER_DATE = re.compile("註冊|注册|加入時間|加入时间|生日|joined|member since|copyright|©", re.I)
# The hundred commonest family names, which nine in ten of China, Hong Kong and Taiwan bear, in both scripts.
_FAMILY_NAMES = frozenset(
    "王李張张劉刘陳陈楊杨趙赵黃黄周吳吴徐孫孙胡朱高林何郭馬马羅罗梁宋鄭郑謝谢韓韩唐馮冯于董蕭萧程曹袁鄧邓許许傅沈曾彭呂吕蘇苏盧卢蔣蒋蔡賈贾丁魏薛葉叶閻阎余潘杜"
    "戴夏鍾钟鐘汪田任姜范方石姚譚谭廖鄒邹熊金陸陆郝孔白崔康毛邱秦江史顧顾侯邵孟龍龙萬万段雷錢钱湯汤尹黎易常武喬乔賀贺賴赖龔龚文"
)
_ENDS_OF_PAPERS = frozenset("報报社網网刊台臺誌志訊讯部組组")
_LABELLED = re.compile(rf"(?:作者|記者|记者|撰文)\s*[：:]\s*(?P<name>[{HAN}·]{{2,6}})(?![{HAN}])")
_SOURCE = re.compile(rf"(?:來源|来源|出處|出处)\s*[：:]\s*(?P<name>[{HAN}A-Za-z·.]{{2,20}})")
_NAME = re.compile(rf"(?P<name>[{HAN}·]{{2,6}})")
_BYLINE = re.compile(
    rf"(?:(?:作者|撰文|文|記者|记者|採訪|采访|撰稿)\s*[：:/／|｜丨]\s*|(?:本報|本报)?(?:記者|记者)\s*|by\s+)"
    rf"(?P<name>[{HAN}·]{{2,8}}|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){{0,3}})(?:\s*(?:報道|报道|報導|报导))?",
    re.I,
)


def date_of(text: str) -> dt.date | None:
    """Finds the first whole date of a text: 2025年7月30日, 民國114年7月30日, 2025-07-30, 30 July 2025."""
    found = [match for form in _FORMS if (match := form.search(text))]
    for match in sorted(found, key=lambda match: match.start()):
        if day := _day(match):
            return day
    return None


def date_line(text: str) -> tuple[dt.date, str | None] | None:
    """Reads a line that says when, and perhaps by whom, something was published."""
    if len(text) > LINE_MAX_CHARS or _OTHER_DATE.search(text) or re.search(r"[。！？]", text):
        return None
    for form in _FORMS:
        match = form.search(text)
        day = _day(match) if match else None
        if match and day:
            around = _TIME.sub(" ", f"{text[: match.start()]} {text[match.end() :]}")
            rest = " ".join(_LABELS.sub(" ", around).split())
            labelled = _LABELLED.search(around)
            author = (
                labelled["name"]
                if labelled
                else _signature(around.strip(" ,，|｜/·-")) or _signature(rest) or _bare_name(rest)
            )
            return (day, author) if len(rest) <= REST_MAX_CHARS else None
    return None


def name_in(text: str) -> str | None:
    """Reads the author of a byline such as 「記者陳小文」, 「作者：陳小文」, `By Mary Lam`, or a bare Chinese name."""
    match = _BYLINE.fullmatch(text) or _NAME.fullmatch(text)
    return match["name"] if match else None


def is_signed(text: str) -> bool:
    """Tells a byline that says so, 「作者：陳小文」, from a bare name."""
    return _signature(text.strip()) is not None


def source_in(text: str) -> str | None:
    """Reads 「來源：山城晚報」 in a line that says when something was published."""
    match = _SOURCE.search(text)
    return match["name"] if match else None


def _signature(text: str) -> str | None:
    return name if (name := name_in(text)) != text else None


def _bare_name(text: str) -> str | None:
    """Tells a person's name from the name of a paper or a place: it opens with a family name."""
    is_person = 2 <= len(text) <= 4 and text[0] in _FAMILY_NAMES and text[-1] not in _ENDS_OF_PAPERS
    return name_in(text) if is_person else None


def stamped(value: str, timezone: str) -> dt.date | None:
    """Reads a machine's date or time; without an offset it is the publisher's own."""
    moment = _moment(value.strip())
    if moment is None:
        return date_of(value[:40])
    try:
        day = (moment.astimezone(zoneinfo.ZoneInfo(timezone)) if moment.tzinfo else moment).date()
    except OverflowError:  # 9999-12-31T23:59:59Z is no day in the east
        return None
    return day if day.year >= EARLIEST_YEAR else None


def _moment(value: str) -> dt.datetime | None:
    """Reads ISO 8601 or the form of mail (RFC 822); an offset only where the zone is certain."""
    with contextlib.suppress(ValueError):
        return dt.datetime.fromisoformat(_GAP.sub("", value))
    if _YEAR_ZERO.search(value):  # mail's rules would take 0001 for 2001
        return None
    with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
        return email.utils.parsedate_to_datetime(_CHINA_TIME.sub("", value).replace(" -0000", " +0000"))
    return None


def _day(match: re.Match[str]) -> dt.date | None:
    parts = match.groupdict()
    year = int(parts["roc"]) + REPUBLIC_OF_CHINA if parts.get("roc") else int(parts["y"])
    month = _MONTHS.index(parts["name"][:3].lower()) + 1 if parts.get("name") else int(parts["m"])
    try:
        return dt.date(year, month, int(parts["d"]))
    except ValueError:
        return None
