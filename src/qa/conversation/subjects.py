"""What a question before is about: its subject, its time, the two things it names, and it without what it asks."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from qa.conversation.times import CHINESE_PERIOD
from qa.text.folding import HAN, fold, has_han

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "asked_at_the_end",
    "english_names",
    "english_things",
    "named_in_answer",
    "opens_with_subject",
    "other_of_two",
    "stem_of",
    "subject_of",
    "without_opener",
    "year_after",
]

# How a question ends that names what it asks for before: 估值是多少輛; but not 是誰創辦的, which names it after.
_ASKS = "(?:多少|幾多|几多|什麼|什么|甚麼|誰|谁|如何|怎樣|怎样)"
_TAIL = re.compile(rf"(?:是|有|為|为)?{_ASKS}[{HAN}]?[^，,{HAN}]{{0,3}}$")
# What is asked for, wherever it stands, with its verb before and its measure word after.
_ASKED = re.compile(
    rf"(?:是|有|為|为|係|在|喺|達|达)?(?:多少|幾多|几多|(?:第)?(?:幾|几)(?=[個个名位家間间條条種种次年月]|[?？]|$)|什麼|什么|甚麼|乜嘢|乜|咩"
    rf"|誰|谁|邊個|边个|邊間|边间|邊啲|边啲|哪些|哪[{HAN}]|怎麼樣|怎么样|怎樣|怎样|點樣|如何)"
    r"(?:[個个名位家間间輛辆架元部人次條条種种款倍年月]|時候|时候)?(?:嗎|吗|呢|呀|了)?\s*[?？。]*"
)
_OPENER = re.compile(r"^(?:那麼|那么|那|咁|噉|而|又|請問|请问)\s*")
_TIME_BEFORE = rf"(?:(?:{CHINESE_PERIOD})[，,]?\s*)?"
# What a question opens with before it comes to what is asked of it: a name, in Han or Latin.
_SUBJECT = re.compile(
    rf"^(?:請問|请问|那麼|那么|那|關於|关于)?{_TIME_BEFORE}(?P<subject>[A-Za-z][A-Za-z0-9 .&-]*[A-Za-z0-9]|[{HAN}]{{2,8}}?)(?="
    "的|之|在|於|于|是|有|為|为|系|係|被|由|從|从|對|对|到|與|与|和|屬|属|將|将|已|曾|會|会|要|想|把|靠|叫|嘅|個|嗰|喺|畀|俾|裏|裡|里|入面|當中|当中|當年|当年"
    "|轉|转|做|走|推|投|生產|生产|出口|進口|进口|成立|創辦|创办|創立|创立|預測|预测|跌|升|漲|涨|增|減|减|掉|排|佔|占|賣|卖|設|设|採|采|最|早"
    rf"|多少|幾|几|什麼|什么|甚麼|何|哪|誰|谁|怎|如何|點|邊|\d|今年|去年|(?<!目)前年|(?<![說说透])明年|[上下]半年|(?<![日基])[上本][個个]?月|第.季|[，,])"
)
# The same of a question that may lack one: it is none that opens with a verb or asks at once.
_OWN_SUBJECT = re.compile(
    rf"(?!是|有|為|为|什|甚|誰|谁|怎|如何|何|哪|多少|幾|几|點|点|邊|边|咩|乜|增|減|减|升|跌|漲|涨|會|会|能|可|另|其|隔年|翌年|次年)"
    rf"(?:[A-Za-z][A-Za-z0-9 .&-]*|{_TIME_BEFORE}[{HAN}]{{2,8}}?)"
    r"(?<![了咗過过呢])(?:[A-Z]?(?=的|在|於|于|是|有|為|为|係|被|由|從|从|對|对|到|與|与|和|屬|属|將|将|已|曾|會|会|要|\d|今年|去年|[，,])|(?<=[A-Za-z0-9]))"
)
_OF_SOMETHING = re.compile(
    rf"[{HAN}]{{0,2}}(?:排名|名次|同比|增幅|跌幅|升幅|比重|佔比|占比|比例|單價|单价|均價|均价|貨值|货值|總額|总额|總數|总数|原因|目標|目标"
    "|後果|后果|結果|结果|目的|好處|好处|影響|影响|意義|意义|規模|规模|價格|价格|成本)"
)
_ENGLISH_NAME = re.compile(r"\b([A-Z][\w&-]*(?:\s+[A-Z][\w&-]*)*)", re.ASCII)
_ENGLISH_OPENER = re.compile(r"^(?:What|Who|When|Where|Why|How|Which|Is|Are|Was|Were|Did|Does|Do|Can|In|The|And)\b\s*")
_ENGLISH_THING = re.compile(
    r"\b(?:the|a|an)\s+((?:(?!in|of|for|at|on|to|by|from|that|which|is|was|did)[A-Za-z][\w-]*\s*){1,4})(?=\b|$)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"另(?:外)?(?:一|嗰|那)?(?:家|間|间|個|个|位|座|款|者|方)|(?:the )?(?:other|second)(?: one)?", re.IGNORECASE
)
_LATTER, _FORMER = (
    re.compile(r"後者|后者|(?:the )?latter", re.IGNORECASE),
    re.compile(r"前者|(?:the )?former", re.IGNORECASE),
)
NAME_MAX_CHARS = 24  # with an office before it: 芯原股份董事長戴偉民
_MARK = re.compile(r"\[\d+\]")
_ASKS_FOR_NAME = re.compile(
    "誰|谁|邊個|边个|邊間|边间|哪[一]?(?:家|間|间|個|个|位|座|款|名)|何人|什麼人|什么人|叫什麼|叫什么|\\b(?:who|whom|which)\\b",
    re.IGNORECASE,
)
_LATIN_NAME = "[A-Z][A-Za-z0-9&-]*(?: [A-Z][A-Za-z0-9&-]*)*"
_TWO = re.compile(
    rf"(?P<one>{_LATIN_NAME}|[{HAN}]{{2,4}})\s?(?:和|與|与|跟|同(?![一時时比年樣样])|及|、|and)\s?(?P<two>{_LATIN_NAME}|[{HAN}]{{2,4}})"
)
_YEARS_ON = {"隔年": 1, "翌年": 1, "次年": 1, "第二年": 1, "前一年": -1, "上一年": -1}
_YEARS_ON_WORD = re.compile("|".join(_YEARS_ON))


def subject_of(question: str) -> str:
    """Returns what a question is about, as far as its first words tell; nothing where they do not."""
    match = _SUBJECT.match(question)
    if match and has_han(question):
        return match["subject"]
    names = english_names(question)
    return names[0] if names else ""


def opens_with_subject(question: str) -> bool:
    """Tells whether a question names something itself before it asks; 排名 and 原因 are always something's."""
    return _OWN_SUBJECT.match(question) is not None and not _OF_SOMETHING.match(question)


def english_names(question: str) -> list[str]:
    """Lists the names in Latin letters, in order."""
    return [str(name) for name in _ENGLISH_NAME.findall(_ENGLISH_OPENER.sub("", question))]


def english_things(question: str) -> list[str]:
    """Lists what an English question speaks of with an article: the battery factory."""
    return [f"the {' '.join(match[1].split())}" for match in _ENGLISH_THING.finditer(question)]


def stem_of(question: str) -> str:
    """Returns a Chinese question without what it asks for: 重慶2024年汽車出口, of how many."""
    stem = _ASKED.sub("", without_opener(question), count=1)
    return stem.strip(" ?？。，,的")


def asked_at_the_end(question: str) -> str | None:
    """Returns how a question asks at its end; empty where it does not ask in words, None where it asks before."""
    tail = _TAIL.search(question)
    return tail[0] if tail else (None if re.search(_ASKS, question) else "")


def without_opener(question: str) -> str:
    """Takes away the word that joins a question to the one before."""
    return _OPENER.sub("", question)


def year_after(question: str, said: Sequence[str]) -> str:
    """Writes 隔年 and the like as the year that it is, counted from the last year named before."""
    named = re.findall(r"\d{4}(?=年)|\b(?:19|20)\d{2}\b", " ".join(said))
    if not named or not dt.MINYEAR < int(named[-1]) < dt.MAXYEAR:
        return question
    return _YEARS_ON_WORD.sub(lambda word: f"{int(named[-1]) + _YEARS_ON[word[0]]}年", question)


def named_in_answer(said: Sequence[str]) -> str:
    """Returns whom or what the last answer names, where the question before it asked for that and the answer is short."""
    if len(said) < 2 or not _ASKS_FOR_NAME.search(said[-2]):
        return ""
    lines = [line for line in said[-1].splitlines() if line.strip()]
    name = _MARK.sub("", lines[0]).strip(" 。.") if lines else ""
    return name if 1 < len(name) <= NAME_MAX_CHARS and not re.search("[，。；,;]", name) else ""


def other_of_two(topic: str, said: Sequence[str]) -> str | None:
    """Returns what "the other one" or "the latter" is, of the last two things that were named together."""
    pairs = [(match["one"], match["two"]) for text in reversed(said) for match in reversed([*_TWO.finditer(text)])]
    if pairs and _FORMER.fullmatch(topic):
        return pairs[0][0]
    if pairs and _LATTER.fullmatch(topic):
        return pairs[0][1]
    if not _OTHER.fullmatch(topic):
        return None
    last = fold(" ".join(said[-2:]))
    unnamed = [[name for name in pair if fold(name) not in last] for pair in pairs]
    return next((names[0] for names in unnamed if len(names) == 1), None)
