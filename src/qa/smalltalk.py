"""What readers say that asks nothing of the articles: greetings, thanks, and how to use this."""

from __future__ import annotations

import re
import unicodedata

from qa.text.folding import fold

__all__ = ["is_small_talk", "is_thanks", "without_greeting"]

_GREETING_ZH = "你好|您好|妳好|哈[啰罗喽]|嗨|早晨|早安|午安|晚安|早上好|下午好|晚上好|大家好|在吗|有人吗|喂|👋"
_GREETING_EN = "hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings"
_LEAVE = "再见|拜拜|(?:good)?bye"
_FACES, _GESTURES = "\U0001f600-\U0001f637\U0001f642", "👍👌🙏👏🙌💪🤝✌❤♥💯🎉"
_THANKS = (
    "谢谢(?:你|您|晒)?|多谢(?:你|您|晒)?|唔该(?:你|晒)?|感谢(?:你|您)?"
    "|thanks(?: a lot)?|thank you(?: very much| so much)?|thx"
    "|(?:我)?(?:明白|知道|了解|收到|清楚)(?:了|晒)?|原来如此|ok(?:ay)?|got it|i see|yes|yeah|yep"
    "|嗯|哈哈+|(?:好|对|是|系)(?:的|呀|啊|啦|嘅)?(?![的了]?[吗呢])"  # 好吗 asks
    f"|[{_FACES}]*+[{_GESTURES}][{_FACES}{_GESTURES}]*+"
)
_ABILITY = (
    "你(?:会|能|可以|能够)?(?:做|帮我做|帮我|干|回答)?(?:些)?(?:什么|乜嘢|乜|咩|哪些问题)(?:事|问题)?|你是(?:谁|什么)|你系边个"
    "|你叫什么(?:名字)?|怎么用|如何使用|怎样使用|点用|使用说明|帮助|(?:我)?可以问(?:你)?(?:些)?(?:什么|咩|乜嘢)(?:问题)?"
    "|what can you do for me|what can (?:you|i) (?:do|ask)(?: you)?|who are you|what are you|how does this work"
    "|help(?: me)?|how do i use this"
)
_PARTICLES = "[的了吗呢呀啊吧嘅㗎?!。,.~ ？！，]*"
# Possessive, as no part may be read in two ways: a long repetition would be tried in all of them.
_SMALL_TALK = re.compile(
    rf"(?:(?:{_GREETING_ZH}|{_GREETING_EN}|{_LEAVE}|{_THANKS}|{_ABILITY}|there|everyone){_PARTICLES})++", re.IGNORECASE
)
_ONLY_THANKS = re.compile(rf"(?:(?:{_LEAVE}|{_THANKS}){_PARTICLES})++", re.IGNORECASE)
_GREETING_BEFORE = re.compile(
    rf"(?:(?:{_GREETING_ZH}|\b(?:{_GREETING_EN})\b(?: there)?)[,，!！.。~ 、]+)+", re.IGNORECASE
)
# Something must part thanks from the question: 好的公司 and OK是誰的品牌 open with none.
_THANKS_BEFORE = re.compile(
    r"(?P<said>[^,，!！。~…]{1,30}?)"
    r"(?:\s*(?:[,，!！。~…]|\.(?=\s))+\s*|\s+(?=那|咁|噉|and |what about |how about ))(?=\S)",
    re.IGNORECASE,
)
_SAID_BEFORE = re.compile(rf"(?:{_GREETING_ZH}|{_GREETING_EN}|{_THANKS})++", re.IGNORECASE)
_MODIFIERS = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")  # of the emoji before: its look, its skin


def is_small_talk(text: str) -> bool:
    """Tells whether a text only greets, thanks, or asks what can be asked here."""
    return _SMALL_TALK.fullmatch(_words(text)) is not None


def is_thanks(text: str) -> bool:
    """Tells whether a text only thanks, agrees or takes leave: nothing need be explained any more."""
    return _ONLY_THANKS.fullmatch(_words(text)) is not None


def without_greeting(text: str) -> str:
    """Takes greetings, thanks and agreement from before a question."""
    match = _GREETING_BEFORE.match(text)
    text = text[match.end() :] if match and match.end() < len(text) else text
    while (match := _THANKS_BEFORE.match(text)) and _SAID_BEFORE.fullmatch(_words(match["said"])):
        text = text[match.end() :]
    return text


def _words(text: str) -> str:
    """Folds a text, without its emoji where it has words too."""
    folded = _MODIFIERS.sub("", fold(text)).strip()
    words = "".join(character for character in folded if unicodedata.category(character) != "So").strip()
    return words if re.search(r"\w", words) else folded
