"""What kind of thing a question asks for, and whether a sentence holds one."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Expected", "expected_of"]

_NUMBER = r"\d+(?:\.\d+)?\s*[万亿千百十多余几]*"
_CURRENCY = (
    r"(?:人民币|新台|[美港日欧台韩加澳英])?[元圆币镑]|美金|法郎|马克|卢[布比]|泰?铢|比索|克朗|里拉|[块钱两贯文盾]"
    r"|(?:(?:hundred|thousand|million|billion|trillion) )?(?:us |hong kong )?"
    r"(?:yuan|dollars?|euros?|pounds?|yen|rmb|usd|hkd|cents?)\b"
)
_CURRENCY_SIGN = r"(?:[$€£¥₩]|\b(?:rmb|usd|hkd)|人民币|港币|美金)"
_HOLDS = {
    "money": re.compile(rf"{_NUMBER}\s*(?:{_CURRENCY})|{_CURRENCY_SIGN}\s*\d"),
    "quantity": re.compile(r"(?<![\d.第])\d++(?:\.\d++)?+(?!\s*(?:%|成|个百分点|分之|年|月|日))"),
    "share": re.compile(r"\d\s*(?:%|个百分点|成)|百分之|分之|一半|过半"),
    "amount": re.compile(_NUMBER),
    "date": re.compile(
        r"\d+\s*(?:年|月|日|世纪|时|点)|年代|世纪|\b(?:1\d|20)\d\d\b|[春夏秋冬]季|星期|周[一二三四五六日]"
    ),
    "reason": re.compile(
        r"因|由于|为了|导致|所以|以致|使得|缘于|鉴于|造成|原是|\b(?:because|since|due to|so that|therefore|caused?)\b"
    ),
    "rank": re.compile(
        r"第\s*(?:\d|[一二三四五六七八九十首])|[居位列][首次末]|榜首|之[首冠]|最[高大多强快]|[冠亚季]军|头名|\d(?:st|nd|rd|th)\b"
        r"|\b(?:first|second|third|fourth|fifth|last|top|(?:larg|bigg|high|fast)est)\b"
    ),
    "place": re.compile(r"[省市县州国区镇岛山河湖村路洲港寺城地部南北东西处]"),
}
_WHICH = r"(?<![这那近过去呢好前后数十\d])几"  # not some of them: 这几年, 过去几年
_CHANGE = "增长减升降跌涨幅率比占倍"  # what asks by how much something changed, or for a share of it
_NO_MEASURE = r"(?![一-鿿])"
_WORTH = (
    "价|价格|票价|单价|估值|市值|总值|货值|产值|营收|收入|营业额|金额|总额|票房|资产|利润|盈利|亏损|费|费用|薪水|薪金|工资|成本"
    "|预算|学费|租金|罚款|奖金"
)
_ENGLISH_WORTH = "price|cost|valuation|market (?:cap|value)|revenue|turnover|income|profit|budget|salary|fee|fare|rent"
_ASKS = (
    ("rank", re.compile(r"第几(?!次|届|季|个|条|章|轮)|排(?:名|行|位)?(?:在)?(?:多少|几)|排名如何|\bwhat (?:rank|place|position)|\bhow .*\brank|where .*\brank")),
    ("share", re.compile(r"比例|百分|占比|几成|多少成|percent|proportion|what share|what fraction")),
    (
        "money",
        re.compile(
            rf"(?:多少|几)(?:个)?(?:亿|万)?(?:钱|块|蚊|[美港日欧]?元|人民币|[美港台日]币|美金|英镑)|(?:{_WORTH})[^，。；{_CHANGE}]{{0,8}}多少{_NO_MEASURE}"
            r"|how much (?:money|(?:is|was|are|were)\b.*\bworth|(?:do|does|did)\b.*\b(?:cost|pay|earn|spend|charge|raise))\b"
            rf"|what (?:is|was|are|were) (?!.*\b(?:growth|rise|increase|share|margin)\b).*\b(?:{_ENGLISH_WORTH})s?\b"
        ),
    ),
    (
        "quantity",
        re.compile(rf"(?:[产销载容重储流运]量|总量|数量|出口量|人口|人数|次数|面积)[^，。；{_CHANGE}]{{0,8}}多少{_NO_MEASURE}"),
    ),
    (
        "date",
        re.compile(
            rf"什么时候|何时|何年|几时|哪(?:一)?(?:年|天|日|月|个?年代|个?世纪|个?时期|时)|{_WHICH}(?:年|月|日|号|世纪|点)(?!前|后|来)|什么年|什么时间|时间是"
            r"|\bwhen\b|what (?:year|date|month|day|century|decade|time)|which (?:year|month|day|century|decade)|in what year"
        ),
    ),
    (
        "amount",
        re.compile(
            r"多少|(?<!哪)几(?=[个位家人名种次岁座条辆间款件项篇所期届层元])|多[大长久高远重宽深]|how (?:many|much|long|far|old|tall|big|large|high|deep|often)|what number"
        ),
    ),
    ("reason", re.compile(r"为什么|为何|因何|何以|原因|怎么会|\bwhy\b|reason|what (?:caused|led)")),
    ("place", re.compile(r"哪里|哪儿|何处|何地|什么地方|哪(?:一)?(?:个|座)?(?:国|省|市|县|州|城|地|区|镇|岛|洲)|在哪|\bwhere\b|what (?:country|city|state|place|region)|which (?:country|city|state)")),
)  # fmt: skip
_YES_OR_NO = re.compile(
    r"是否|是不是|有没有|能不能|可不可以|会不会|能否|[吗嘛][?？。!\s]*$"
    r"|^\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)\b"
)
_MEASURE = re.compile(rf"(?:多少|{_WHICH})\s*([一-鿿])")
_PARTICLE = re.compile("(?<=多少)[呢啊呀吗嘛吧哦]+")
# What asks to be told something, and then asks it: 你知道…幾時…嗎, `can you tell me when`.
_POLITE = re.compile(
    r"^\W*(?:(?:can|could|would|will) you (?:please )?tell (?:me|us)|do you (?:happen to )?know"
    r"|你?(?:知道|知不知道|(?:可以|能够?|能不能|可不可以|能否|可否)告诉我们?))"
    r".*?(?:谁|什么|何|哪|几|多少|怎|\b(?:when|who|whom|whose|what|where|why|how|which)\b)"
)
# Measure words that count the same things, and the English words for what they count.
_MEASURES = (
    ("辆台部架", "cars|vehicles|trucks|lorries|buses|motorcycles"),
    ("人名位", "people|persons|employees|workers|staff|students|residents|passengers|users|members|visitors|tourists"),
    ("家间", "companies|firms|businesses|factories|plants|suppliers|dealers|shops|stores|restaurants|banks|schools"),
    ("国个", "countries|nations|regions|cities|provinces"),
    ("天日", "days"),
    ("年载", "years"),
    ("月", "months"),
    ("吨", "tons|tonnes"),
    ("艘", "ships|vessels|boats"),
    ("次回趟", "times"),
)
_COUNTED = re.compile(rf"\bhow many (?:[\w-]+ ){{0,2}}?({'|'.join(words for _, words in _MEASURES)})\b")
_FIGURES = ("money", "quantity", "share", "date", "amount")
_NOT_A_MEASURE = frozenset("的是有在了和与")


@dataclass(frozen=True, slots=True)
class Expected:
    """The kind of thing asked for, or none; `measure` is the measure word of an amount (輛, 人, cars), if named.

    `yes_or_no` says that no words of an article can be the whole answer.
    """

    kind: str | None
    measure: str = ""
    yes_or_no: bool = False

    @property
    def is_figure(self) -> bool:
        """Tells whether a figure or a date is asked for."""
        return self.kind in _FIGURES

    @property
    def is_exact(self) -> bool:
        """Tells whether words without a figure, a date or a rank are no answer."""
        return self.is_figure or self.kind == "rank"

    def held_by(self, folded: str) -> bool:
        """Tells whether a folded sentence, numerals in digits, holds such a thing."""
        if self.measure:
            return re.search(rf"{_NUMBER}\s*(?:{_measures(self.measure)})", folded) is not None
        return self.kind_held_by(folded)

    def kind_held_by(self, folded: str) -> bool:
        """Tells the same of any measure word: 幾多架車 may be answered by 150萬輛, 多少錢 by 10億元."""
        return self.kind is None or _HOLDS[self.kind].search(folded) is not None


def expected_of(written: str) -> Expected:
    """Works out what a folded question asks for, by its question words."""
    written = _PARTICLE.sub("", written)
    kind = next((kind for kind, pattern in _ASKS if pattern.search(written)), None)
    measure = (_MEASURE.search(written) or _COUNTED.search(written)) if kind == "amount" else None
    named = measure[1] if measure and measure[1] not in _NOT_A_MEASURE else ""
    is_polite = _POLITE.search(written) is not None
    return Expected(kind, named, not is_polite and _YES_OR_NO.search(written) is not None)


def _measures(word: str) -> str:
    """Returns a pattern of a measure word with those that count the same things; an English one may follow others."""
    for characters, english in _MEASURES:
        if word in characters or word in english.split("|"):
            return rf"个?[{characters}]|(?:[a-z-]+ ){{0,2}}(?:{english})\b"
    return re.escape(word)
