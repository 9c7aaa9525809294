"""What a request asks, as the API reads it, and in which language a refusal is to be said."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from qa.records import Turn
from qa.wording import LANGUAGES

__all__ = ["ArticleId", "Asked", "Before", "Language", "Text", "spoken_language"]

Language = Literal["zh-Hant", "zh-Hans", "en"]
TRADITIONAL = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


def _without_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


Text = Annotated[str, AfterValidator(_without_surrogates)]  # half a surrogate pair could not be answered in UTF-8
ArticleId = Annotated[Text, Field(max_length=1000, description="Keeps to this article.")]


class Before(BaseModel):
    """A turn of the conversation before the question."""

    question: Text
    answer: Text = ""


class Asked(BaseModel):
    """A question, the turns before it (the oldest first), the article it keeps to, and the language around quotes."""

    question: Text = Field(description="The question, in any language.", examples=["重慶2024年新能源車產量是多少？"])
    history: Annotated[list[Before], Field(description="Turns before the question, the oldest first.")] = []
    article_id: ArticleId | None = None
    language: Annotated[
        Language | None, Field(description="Language of the words around the quotes; by default the question's own.")
    ] = None

    def options(self) -> dict[str, Any]:
        """Returns what `Engine.ask` takes besides the question."""
        history = [Turn(turn.question, turn.answer) for turn in self.history]
        return {"history": history, "article_id": self.article_id, "language": self.language}


def spoken_language(accept_language: str) -> str:
    """Returns the interface language that a browser's `Accept-Language` likes best."""
    ranked = sorted(_ranges(accept_language), key=lambda pair: -pair[1])
    spoken = (_interface_language(tag) for tag, quality in ranked if quality > 0)
    return next((language for language in spoken if language), LANGUAGES[0])


def _ranges(header: str) -> list[tuple[str, float]]:
    """Reads `zh-TW,zh;q=0.9` as tags with their quality."""
    found = []
    for item in header.lower().split(","):
        tag, _, quality = item.partition(";q=")
        try:
            wanted = float(quality or 1)
        except ValueError:
            continue
        if tag.strip() and math.isfinite(wanted):
            found.append((tag.strip(), wanted))
    return found


def _interface_language(tag: str) -> str | None:
    if tag.startswith("zh"):
        return "zh-Hant" if tag.startswith(TRADITIONAL) else "zh-Hans"
    return "en" if tag.split("-", maxsplit=1)[0] == "en" else None
