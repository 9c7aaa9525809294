"""Sentences of articles that speak to a machine: they stay quotes, and are not handed to a language model."""

from __future__ import annotations

import re
import unicodedata

from qa.text.folding import fold

__all__ = ["addresses_a_machine"]

_RULES = "(?:指示|指令|规则|规定|提示|设定|要求|限制)"
_CHINESE = re.compile(
    f"(?:忽略|无视|忘记|忘掉|不要理|不用理|唔好理|不理会|跳过|推翻|绕过).{{0,10}}(?:以上|上述|上面|之前|先前|前面|所有|全部|一切|{_RULES})"
    f"|系统(?:提示|指令|讯息|消息|信息)|(?:你的|你收到的|上面的|以上的|新的){_RULES}"
    "|从现在(?:起|开始)|你(?:现在)?是一?[个名]?[^，。]{0,8}(?:助手|模型|机器人|海盗)|(?:请|你)扮演"
    "|(?:所有|各|凡是)?(?:语言模型|大模型|ai助手|聊天机器人)(?:请|必须|应当?|要)"
    "|(?:回答|答案|回复|回应)(?:时|中|里|的最后|之前|之后)?[^，。]{0,4}(?:请|必须|要|加上|加入|附上|写上|引用|改用|把)"
    r"|(?:请|净系|必须|立即)(?:回答|输出|回复|说|答|写|告诉读者|引导读者)|(?:^|[，,、])只(?:回答|说|答|写)|(?:标上|附上|加上)\s*[\[【]|^输出|请在每句|(?:以下|其后)改用.{0,4}语"
    "|^(?:系统|管理员|问题|答案)[:：]|(?:要求|命令)你|对任何问题|请把(?:读者|用户)|^(?:系统|用户|助手)[:：]"
)
_ENGLISH = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}"
    r"\b(?:above|previous|prior|earlier|all|these|those|your|instructions?|rules?|prompt)\b"
    r"|\bsystem prompt\b|\byour (?:instructions|rules|prompt)\b|\byou are now\b|\bfrom now on\b"
    r"|\brepeat the (?:words|text)\b"
    r"|\b(?:to|in|at the (?:end|top) of) (?:the|your|every) (?:answer|reply|response)\b"
    r"|\b(?:reply|respond|answer) (?:with|only)\b"
    r"|\b(?:print|reveal|output|render|cite|end with|call the tool)\b"
    r".{0,40}(?:verbatim|prompt|instructions|https?:|\[\d+\]|\bnow\b)"
    r"|<\|[a-z_]+\|>|\[/?inst\]|#{2,}\s*(?:instruction|system|response)|^(?:system|assistant|user)\s*:"
)
_CARRIED = re.compile(
    r"!\[[^\]]*\]\s*[\[(]|javascript:|<\s*(?:script|img|iframe|svg|!--)|```|^\s*\[\d{1,3}\]\s*[（(]", re.IGNORECASE
)
_SPACED = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")


def addresses_a_machine(text: str) -> bool:
    """Tells whether a sentence gives orders to whoever answers, hides characters, or carries marks to be rendered."""
    if any(0xE0000 <= ord(character) <= 0xE007F for character in text):  # tags, which no font shows
        return True
    folded = _SPACED.sub("", fold(unicodedata.normalize("NFKC", text)).strip())
    return any(pattern.search(folded) for pattern in (_CHINESE, _ENGLISH, _CARRIED))
