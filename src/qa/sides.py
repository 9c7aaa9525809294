"""The two things that a question sets against each other, by its wording."""

from __future__ import annotations

import re

__all__ = ["compares", "respect_of", "sides_of"]

_ONE, _OTHER = r"(?<![a-z0-9])(?P<one>[^,，。?？]{2,24}?)", r"(?P<other>[^,，。?？]{2,24}?)(?![a-z0-9])"
_OPENS = r"(?:^|[,，。])[^\w,，。]*+"  # possessive: marks in a row would be tried in all ways
_AND = "(?:和|与|跟|(?<![共相不合])同(?![时样意比类])|及|、|还是)"
_WHICH = "(?:哪(?:[一个家间款座种方边条份笔个]{0,2})|谁|何者)"
_ADJECTIVE = "(?:[高低大小多少早晚快慢贵远近强弱重轻长短深宽久先后好差优]|便宜|领先|便捷|复杂|严重)"
_BIGGER = rf"(?:更|较|比较)?{_ADJECTIVE}(?:些|一些|一点|点)?(?:呢|啊|的)?"
_TRAILING = re.compile("(?:之间|的|相比|比起来|在)+$")
# A question word, or the same thing at another time.
_NO_SIDE = re.compile(
    "^.?$|[谁哪什何]|^\\W*(?:去年|前年|今年|明年|上年|往年|同期|上月|本月|昨天|以前|之前|过去|现在|预期|平均|历史|从前|上季|其他|别的|他的|她的|它的)"
    r"|^\W*\d+(?:\.\d+)?\s*(?:年|月|日|%|$)|^(?:last|the previous|before|ever|expected|usual)\b"
)
_CHINESE = (
    rf"(?:比较(?:一下)?|对比(?:一下)?|区分)\W*{_ONE}{_AND}{_OTHER}(?=的|之间|有|哪|谁|,|，|\W*$)",
    rf"{_OPENS}{_ONE}{_AND}{_OTHER}(?:之间)?(?:的[^,，?]{{1,8}})?(?:有|存在|是)?(?:什么|何|哪些|啥)?(?:不同|不一样|区别|差异|差别|分别(?!是|为)|异同|相同|共同)",
    rf"{_OPENS}{_ONE}{_AND}{_OTHER}(?:[,，]?[^,，?]{{0,10}})?(?:相比(?!邻)|对比|比较(?!密|接)|比起来)",
    rf"{_WHICH}[^,，?]{{0,12}}?{_BIGGER}[,，:：]\s*(?:是)?{_ONE}(?:还是|[和与跟同]){_OTHER}\W*$",
    rf"{_OPENS}{_ONE},?{_AND}{_OTHER}[,，]?(?:的?[^,，?]{{0,8}})?{_WHICH}[^,，?]{{0,12}}?{_BIGGER}\W*$",
    rf"{_OPENS}{_ONE}{_ADJECTIVE}(?:过|于){_OTHER}(?:吗|多少)?\W*$",
    rf"{_OPENS}{_ONE}(?<![对相无])比(?![例分赛重较邻起]){_OTHER}(?:的?[^,，?]{{0,8}}?)(?:更|还)?{_ADJECTIVE}(?:多少|几|吗|很多|不少|\W*$)",
)
_E_ONE, _E_OTHER = r"(?P<one>[^,?]{2,60}?)", r"(?P<other>[^,?]{2,60}?)"
_COMPARATIVE = r"(?:more|less|fewer|better|worse|earlier|later|further|older|\w+[^aeiou\W]er|\w+ier)"
_ENGLISH = (
    r"\b(?:differences? between|compare|comparison (?:of|between)) "
    rf"{_E_ONE} (?:and|with|to|versus|vs\.?) {_E_OTHER}(?= in\b| on\b|\W*$)",
    rf"\bhow (?:do|does|did) {_E_ONE} and {_E_OTHER} differ\W*$",
    rf"\bhow (?:do|does|did|is|are) {_E_ONE} (?:differ|different) from {_E_OTHER}\W*$",
    rf"^\W*(?:which|who|whose|what)\b[^?]*?[,:] (?:is it |was it )?(?:the )?{_E_ONE},? or (?:the )?{_E_OTHER}\W*$",
    rf"^\W*(?:is|are|was|were|does|did|do|has|have|had) {_E_ONE} "
    rf"(?:\w+ ){{0,3}}?{_COMPARATIVE}\b[^?]* than {_E_OTHER}\W*$",
    rf"^\W*{_E_ONE} (?:versus|vs\.?) {_E_OTHER}\W*$",
)
_SIDES = tuple(re.compile(pattern) for pattern in (*_CHINESE, *_ENGLISH))
_COMPARES = re.compile(
    "比较一下|比较.+[和与跟]|[和与跟].+(?:相比|对比|比较)|区别|差异|差别|不同(?:之处|点)|(?:什么|何|哪些)(?:不同|不一样)|有什么分别|有何分别|异同|谁更|哪[个家间款]?更|哪一[个家间款]更"
    r"|\b(?:compare[ds]?|comparison|versus|vs\.?|differ(?:s|ence|ences|ent)?)\b"
)
_COMPARING = re.compile(
    f"{_WHICH}|{_ADJECTIVE}{{1,2}}(?=些|点|过|于|\\W|$)|{_AND}|比较|对比|相比|比起来|不一样|不同|区别|差异|差别|异同|分别"
    "|(?:共同|共通|相同)(?:点|之处)|数字|之间|[有是的比更较还最些点过于吗呢吧啊了]"
    rf"|\b{_COMPARATIVE}\b|\b(?:which|who|whose|what|one|came|come|comes|first|than|or|and|from|between|much|many)\b"
    r"|\b(?:compared?|comparison|versus|vs|differ(?:s|ence|ences|ent)?)\b"
)


def compares(written: str) -> bool:
    """Tells whether a folded question in written Chinese or English compares things."""
    return _COMPARES.search(written) is not None or bool(sides_of(written))


def sides_of(written: str) -> tuple[str, ...]:
    """Returns the two things that a folded question in written Chinese or English compares, or nothing.

    A thing and its own past (比去年高多少) are not two things.
    """
    for pattern in _SIDES:
        match = pattern.search(written)
        if match:
            sides = tuple(_TRAILING.sub("", side.strip()) for side in match.group("one", "other"))
            return () if any(_NO_SIDE.search(side) for side in sides) else sides
    return ()


def respect_of(written: str, sides: tuple[str, ...]) -> str:
    """Returns what is left of a comparison without its sides and the words of comparing: what they are compared in."""
    for side in sides:
        written = written.replace(side, " ")
    return " ".join(_COMPARING.sub(" ", written).split())
