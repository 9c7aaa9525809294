"""What a question asks for: its kind, its language, and its words without the words of asking."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import Literal

from qa.errors import QuestionError
from qa.sides import compares, sides_of
from qa.smalltalk import is_small_talk, without_greeting
from qa.text.folding import fold, has_han, is_simplified, plain, to_traditional

__all__ = ["Kind", "Language", "Question", "check_question", "understand", "written_chinese"]

Language = Literal["zh-Hant", "zh-Hans", "en"]


class Kind(enum.Enum):
    """How a question wants to be answered."""

    FACT = "fact"
    LIST = "list"
    COMPARISON = "comparison"
    SUMMARY = "summary"
    GREETING = "greeting"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood: `text` is readable, `content` is folded and free of the words of asking.

    `sides` are the two things that a comparison names, folded; `asks_each` says that it names several things and
    asks the same of each; `ending` that a summary is to be of how an article ends.
    """

    text: str
    content: str
    kind: Kind
    language: Language
    sides: tuple[str, ...] = ()
    asks_each: bool = False
    ending: bool = False


# Cantonese as it is typed -> written Chinese, both folded; the embedding model and the articles know the latter.
# Folded, as questions are: OpenCC writes 嗰 and 喎 as 𠮶 and 㖞.
_CANTONESE = {
    "边个": "谁", "边间": "哪家", "边啲": "哪些", "边几": "哪几", "边度": "哪里", "边年": "哪年", "喺边": "在哪里",
    "乜嘢": "什么", "咩嘢": "什么", "乜野": "什么", "点解": "为什么", "点样": "怎样", "几时": "何时", "几多": "多少",
    "系咪": "是不是", "有冇": "有没有", "冇": "没有", "唔系": "不是", "唔": "不", "嘅": "的", "咗": "了", "啲": "些",
    "佢哋": "他们", "佢": "他", "喺": "在", "嗰": "那", "𠮶": "那", "呢篇": "这篇", "呢个": "这个", "呢间": "这家", "而家": "现在",
    "旧年": "去年", "上个月": "上月", "听日": "明天", "寻日": "昨天", "琴日": "昨天", "今日": "今天", "咁": "那么",
    "嚟": "来", "睇": "看", "咩": "什么", "乜": "什么", "哋": "们", "俾": "给",
    "攞": "拿", "揾": "找", "畀": "给", "仲有": "还有", "仲": "还", "点讲": "怎么说", "最尾": "最后", "几耐": "多久", "同埋": "和", "嘢": "东西",
    "宜家": "现在", "依家": "现在", "㗎": "", "喎": "", "㖞": "", "啩": "",
    **{f"边{number}": f"哪{number}" for number in "两二三四五六七八九十"},
    **{f"边{measure}": f"哪{measure}" for measure in "位条款部只种类座项届日月队区国笔架辆套件份支张本首"},
}  # fmt: skip
_NOT_WHICH = "(?<![左右两旁海路身外里上下周湖河岸])"  # 左边两间 are the two on the left
_CANTONESE_WORD = re.compile(
    "|".join(_NOT_WHICH * word.startswith("边") + word for word in sorted(_CANTONESE, key=len, reverse=True))
)
_CANTONESE_COPULA = re.compile("(?<![关联没体])系(?=谁|什么|哪|不是|咪|[^统列数])")
_CANTONESE_MARK = re.compile(
    "嘅|咗|啲|佢|喺|嗰|𠮶|咁|㗎|而家|依家|边度|点样|点讲|最尾|冇|唔|边个|边间|点解|几多|几时|乜|咩|系咪|嚟|哋|畀|俾|嘢"
    rf"|{_NOT_WHICH}边[位条年架辆几两种款套份笔]|几耐|寻日|琴日|听日(?!本)|仲有|同埋|揾|攞|睇"
)

_ASKING = re.compile(
    "请问(?:一下)?|请告诉我|请列出|列出|请简述|我想知道|想知道|能否告诉我|告诉我|你知道|知不知道"
    "|什么时候|什么时间|什么地方|什么样|什么|甚么|为什么|为甚么|为何|因何|何以|哪里|哪儿|哪些|哪几[个家位间种款]?"
    "|哪(?:一)?[个年位家种款间天月座国]?|何时|何地|何处|何人|何年|何种|何|几[个家位间种款](?!百|千|万)|几多|多少|多[大长久高远重]"
    "|谁|怎么样|怎么|怎样|如何|是不是|是否|有没有|有没|能不能|可不可以|会不会|吗|呢|吧|啊|呀|么"
    "|分别是|分别|各自|各是|主要|关于|根据文章|根据报道|根据|文章中|文中|报道中|里面提到|提到的|提到|(?<=[他她它])?(?:讲|说|提|谈)过|有些|一些|些"
)
_ENGLISH_ASKING = re.compile(
    r"\b(?:please|tell me|do you know|can you|could you|according to the (?:article|articles|report|text)"
    r"|in the articles?|how many|how much|how long|how often|what kinds? of|what types? of)\b"
)

_ABOUT_ARTICLE = "(?:这|该|那|本)?(?:一)?(?:篇|则|个|两篇|几篇)?(?:文章|报道|新闻|文|故事|专题|内容)"
_ENDING = re.compile(
    f"{_ABOUT_ARTICLE}(?=.{{0,6}}(?:结论|结语|结尾|末尾|尾声"
    "|最后(?=(?:一段)?是?(?:怎么|怎样|如何|[说讲写提][了到]*什么|$|[?？]))))"
    r"|\bhow (?:does|do|did)(?= (?:this|the|that)\b.{0,60}\b(?:article|story|report|piece|text)\b.{0,40}\b(?:end|conclude)\W*$)"
    r"|\b(?:end|ending|conclusion|last paragraph) of (?:this|the|that) (?:\w+ )?(?:article|story|report|piece|text)\b"
)
_SUMMARY = re.compile(
    f"{_ENDING.pattern}|{_ABOUT_ARTICLE}(?:里|中)?(?:主要|大概|到底)?(?:是)?(?:在)?(?:讲|说|谈|写|关于|介绍|报道|讨论)(?:的是|了|些|的)*(?:什么|哪些)"
    f"|(?:讲|说|写)(?:了|的是)?(?:什么|些什么)(?:内容|事)?[?？。!]*$"
    f"|{_ABOUT_ARTICLE}的?(?:主要|中心|核心)(?:内容|思想|论点|观点|意思)|总结|概括|概述|归纳|摘要|撮要|大意|(?:文章|报道)的?重点"
    r"|\bsummar(?:y|ise|ize|ies)\b|\btl;?dr\b|\bwhat (?:is|are|was) (?:this|these|the|that|it)?\s*(?:articles?|story|stories|news|text|piece|report)?\s*(?:all )?about\b"
    r"|\b(?:main|key) (?:points?|ideas?|message)\b|\bgist\b|\boverview of (?:this|the) articles?\b"
)
_SUMMARY_WORDS = re.compile(
    f"{_SUMMARY.pattern}|{_ABOUT_ARTICLE}|[这那该本]?一?[篇则]|结论|结语|结尾|末尾|尾声|最后|这些|那些|所有|全部|这里|讲|说|写|一下|给我|帮我|做|个"
    r"|\b(?:the|this|that|these|article|articles|story|report|news|of|me|give|a|about|please|in|brief|short|what|is|end|conclude|conclusion)\b"
)
_LIST = re.compile(
    "哪些|哪[几两二三四五六七八九十]|列出|有哪|分别|各[是有为自]|包括(?:什么|了什么)|(?:什么|哪).{0,6}(?:、|和|及)"
    r"|\b(?:list|which \w+ (?:are|were|have)|which (?:two|three|four|five|six|seven|eight|nine|ten)\b|what are|what were|name (?:the|all|some)|who are|who were)\b"
)

_EACH = re.compile(r"分别|各自|各[是有为]|\b(?:each|respectively)\b")


def check_question(text: object, max_chars: int) -> str:
    """Returns the question without what cannot be read.

    Raises:
        QuestionError: it is not text, blank, or longer than `max_chars` characters.
    """
    if not isinstance(text, str):
        raise QuestionError(f"The question is {type(text).__name__}, not text. Ask in words.")
    question = " ".join(plain(text).split())
    if not question:
        raise QuestionError(f"The question is blank: {text[:20]!r}. Ask in words.")
    if len(question) > max_chars:
        raise QuestionError(f"The question has {len(question)} characters; ask in at most {max_chars}.")
    return question


def understand(text: str, typed: str | None = None) -> Question:
    """Works out what a question asks for, by rule.

    `typed` is the question before its dates were written out, which may put Chinese into an English one.
    """
    readable = without_greeting(text)
    folded = fold(readable)
    is_cantonese = _CANTONESE_MARK.search(folded) is not None
    written = _written(folded) if is_cantonese else folded
    kind = _kind(fold(text), written)
    content = _SUMMARY_WORDS.sub(" ", written) if kind is Kind.SUMMARY else written
    content = _ENGLISH_ASKING.sub(" ", _ASKING.sub(" ", content)).strip()
    if kind is not Kind.SUMMARY:
        content = content or written
    sides = sides_of(written) if kind is Kind.COMPARISON else ()
    # The embedding model was trained on written Chinese, not on Cantonese.
    text_read = to_traditional(written) if is_cantonese else readable
    ending = kind is Kind.SUMMARY and _ENDING.search(written) is not None
    return Question(
        text_read, content, kind, _language(typed or text), sides, _EACH.search(written) is not None, ending
    )


def written_chinese(text: str) -> str:
    """Returns Cantonese, as it is typed, folded and in written Chinese; any other text stays as it is."""
    folded = fold(text)
    return _written(folded) if _CANTONESE_MARK.search(folded) else text


def _written(folded: str) -> str:
    words = _CANTONESE_WORD.sub(lambda word: _CANTONESE[word[0]], folded)
    return _CANTONESE_COPULA.sub("是", words)


def _kind(folded: str, written: str) -> Kind:
    if is_small_talk(folded) or is_small_talk(written):
        return Kind.GREETING
    if _SUMMARY.search(written):
        return Kind.SUMMARY
    if compares(written):
        return Kind.COMPARISON
    return Kind.LIST if _LIST.search(written) else Kind.FACT


def _language(text: str) -> Language:
    if not has_han(text):
        return "en"
    return "zh-Hans" if is_simplified(text) else "zh-Hant"
