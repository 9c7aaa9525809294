"""The chat page: Gradio carries questions and answers between the page's scripts (`page/`) and the engine."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
import json
import logging
from collections.abc import AsyncGenerator  # noqa: TC003 - Gradio reads the annotations of what it calls
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.answer import example_questions
from qa.errors import QuestionError, TurnedAwayError
from qa.records import Done, Evidence, Sentence
from qa.server.asked import Asked, Before
from qa.server.callers import caller_at
from qa.server.refusals import refused_for
from qa.server.view import answer_view, cards, sentence_lines
from qa.text.folding import plain
from qa.wording import LANGUAGES, wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.records import Citation, Event
    from qa.server.desk import Caller, Desk
    from qa.server.listening import Listeners

__all__ = ["Chat", "Context", "Exchange", "build_page", "page_head", "page_theme"]

logger = logging.getLogger(__name__)

EXCHANGES = 30  # remembered of a conversation, for follow-ups; the oldest make room
SESSIONS = 1000  # conversations held in memory, about 100 KB each at most
CONCURRENT_EVENTS = 400  # questions wait at the desk and not in Gradio's queue; what is not a question is quick
WAITING_EVENTS = 400
KEY_MAX_CHARS = 40
PAUSE_SECONDS = 0.5  # without news; Gradio sees that a reader has left only when it is handed something
PATIENCE_SECONDS = 60  # of the page, beside what a model may take
FONTS = (
    "system-ui",
    "-apple-system",
    "PingFang TC",
    "PingFang HK",
    "Microsoft JhengHei",
    "Noto Sans CJK TC",
    "Noto Sans TC",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "sans-serif",
)
# What the conversation's script can send: 'ask', 'clear' and 'stop' are events that Python listens to.
START = """
import(new URL("page/page.js?%(version)s", document.baseURI)).then((page) =>
  page.start({ element, props, watch, send: { ask: (data) => trigger('ask', data), clear: () => trigger('clear'),
    stop: () => trigger('stop'), speak: (data) => trigger('speak', data) } }));
"""
# The box's question goes to the server with what only the page's scripts know.
TAKE = "(question, kept, context) => [question, kept, window.qaPage.take(question)]"

Update = tuple[dict[str, Any], list["Exchange"], Any]  # what to show, what is remembered, the question box


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, as far as a follow-up needs them."""

    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Context:
    """What comes with a question from the page: its own name for it, and where it is to be looked for.

    `again` says that it takes the last question's place.
    """

    key: str = ""
    article_id: str | None = None
    again: bool = False


class Chat:
    """Asks the engine for the page, and remembers what was answered."""

    def __init__(self, desk: Desk, listeners: Listeners) -> None:
        self.desk = desk
        self._listeners = listeners

    def welcome(self) -> dict[str, Any]:
        """Describes what can be asked about: how many articles, from when to when, and examples."""
        generation = self.desk.engine.generation()
        period = generation.catalogue.period()
        return {
            "articles": generation.manifest["articles"],
            "oldest": period and period[0].isoformat(),
            "newest": period and period[1].isoformat(),
            "indexed": generation.manifest.get("built"),
            "examples": [plain(example) for example in example_questions(generation)],
        }

    async def ask(
        self, question: str, context: Context, kept: Sequence[Exchange], request: gr.Request
    ) -> AsyncGenerator[Update]:
        """Yields the question with ever more of its answer; the box is emptied once and then the reader's."""
        caller = caller_at("chat", request.request)
        if not await self._listeners.is_heard(request.session_hash or "", caller.is_returning):
            return  # nobody would read the answer
        earlier = list(kept)[1 - EXCHANGES :]
        earlier = earlier[:-1] if context.again else earlier
        asked = Asked(
            question=question,
            history=[Before(question=e.question, answer=e.text) for e in earlier],
            article_id=context.article_id,
        )
        box: Any = ""
        async for view, text in self._answer(asked, caller):
            remembered = [*earlier, Exchange(asked.question, text)] if text else earlier
            yield {"key": context.key, **view}, remembered, box
            box = gr.skip()  # the reader may be typing the next question

    async def _answer(self, asked: Asked, caller: Caller) -> AsyncGenerator[tuple[dict[str, Any], str]]:
        try:
            async with contextlib.aclosing(self._streamed(asked, caller)) as views:
                async for view in views:
                    yield view
        except TurnedAwayError as error:
            yield {"state": "refused", "reason": error.reason, "seconds": error.seconds}, ""
        except QuestionError:
            reason = refused_for(asked.question, self.desk.engine.settings.max_question_chars)
            yield {"state": "refused", "reason": reason}, ""
        except Exception:
            logger.exception("No answer")
            yield {"state": "refused", "reason": "failed"}, ""

    async def _streamed(self, asked: Asked, caller: Caller) -> AsyncGenerator[tuple[dict[str, Any], str]]:
        view: dict[str, Any] = {"state": "searching"}
        citations: tuple[Citation, ...] = ()
        sentences: list[Sentence] = []
        async with contextlib.aclosing(_with_pauses(self.desk.stream(asked, caller))) as heard:
            async for event in heard:
                match event:
                    case Evidence():
                        citations = event.citations
                        view = {"state": "writing", "cards": await asyncio.to_thread(self._cards, citations)}
                    case Sentence():
                        sentences.append(event)
                    case Done(answer):
                        shown = await asyncio.to_thread(self._cards, answer.citations)
                        yield {**view, **answer_view(answer), "cards": shown, "state": "done"}, answer.text
                        continue
                yield {**view, "lines": sentence_lines(sentences, citations)}, ""

    def _cards(self, citations: Sequence[Citation]) -> list[dict[str, Any]]:
        return cards(citations, self.desk.engine.generation().catalogue)


async def _with_pauses(events: AsyncGenerator[Event]) -> AsyncGenerator[Event | None]:
    """Passes events on, and None while there are none; leaving it closes them, though one is being waited for."""
    async with contextlib.aclosing(events):
        waiting = asyncio.ensure_future(anext(events))
        try:
            while True:
                done, _ = await asyncio.wait({waiting}, timeout=PAUSE_SECONDS)
                if not done:
                    yield None
                    continue
                yield waiting.result()
                waiting = asyncio.ensure_future(anext(events))
        except StopAsyncIteration:
            return
        finally:
            waiting.cancel()
            await asyncio.wait({waiting})


def build_page(desk: Desk, listeners: Listeners) -> gr.Blocks:
    """Lays out the page and connects it to the engine."""
    words = wording(LANGUAGES[0])
    chat = Chat(desk, listeners)
    version = importlib.metadata.version("qa")
    with gr.Blocks(title=words["page_title"], analytics_enabled=False, fill_height=True) as page:
        conversation = gr.HTML(
            {"state": "loading"},
            html_template='<div id="qa-root"></div>',
            js_on_load=START % {"version": version},
            apply_default_css=False,
            elem_id="qa-conversation",
            limit=desk.engine.settings.max_question_chars,
            patience=PATIENCE_SECONDS + (desk.engine.settings.llm_total_seconds if desk.engine.model else 0),
        )
        box = _question_box(words, desk.engine.settings.max_question_chars)
        gr.HTML('<p id="qa-footer"></p>', apply_default_css=False, elem_id="qa-disclaimer")
        # What is remembered is kept here and not read back from the browser, which could send another story.
        kept, context = gr.State([]), gr.JSON(visible=False)
        _connect(chat, conversation, box, kept, context)
        page.load(lambda: {"state": "welcome", **chat.welcome()}, outputs=conversation, **_quiet())
    page.max_threads = CONCURRENT_EVENTS
    page.queue(max_size=WAITING_EVENTS, default_concurrency_limit=None, api_open=False)
    page.state_session_capacity = SESSIONS
    return page


def page_head() -> str:
    """Returns what goes into the page's head: its style, and the words of all languages."""
    version = importlib.metadata.version("qa")
    texts = json.dumps({language: dict(wording(language)) for language in LANGUAGES}).replace("<", "\\u003c")
    return (
        f'<link rel="stylesheet" href="page/style.css?{version}">'
        f'<link rel="modulepreload" href="page/page.js?{version}">'
        f"<script>window.qaTexts = {texts};</script>"
    )


def page_theme() -> gr.themes.Base:
    """Returns the theme: fonts that are on the reader's machine already, calm colours."""
    return gr.themes.Base(primary_hue="teal", neutral_hue="stone", font=FONTS, font_mono=("ui-monospace", "monospace"))


def _question_box(words: Mapping[str, str], max_chars: int) -> gr.Textbox:
    return gr.Textbox(
        show_label=False,
        container=False,
        elem_id="qa-box",
        lines=1,
        max_lines=6,
        max_length=max_chars,
        **_box_words(words),
    )


def _box_words(words: Mapping[str, str]) -> dict[str, str]:
    return {"label": words["question"], "placeholder": words["question"], "submit_btn": words["send"]}


def _connect(chat: Chat, conversation: gr.HTML, box: gr.Textbox, kept: gr.State, context: gr.JSON) -> None:
    """Lets the box and everything that can be clicked ask, stop, clear, and change the box's language."""

    async def ask_typed(
        question: str, kept: list[Exchange], context: Any, request: gr.Request
    ) -> AsyncGenerator[Update]:
        async with contextlib.aclosing(chat.ask(_text(question), _context(context), kept, request)) as updates:
            async for update in updates:
                yield update

    async def ask_clicked(event: gr.EventData, kept: list[Exchange], request: gr.Request) -> AsyncGenerator[Update]:
        sent = event._data if isinstance(event._data, dict) else {}
        asking = chat.ask(_text(sent.get("question")), _context(sent), kept, request)
        async with contextlib.aclosing(asking) as updates:
            async for view, remembered, _ in updates:
                yield view, remembered, gr.skip()

    def speak(event: gr.EventData) -> Any:
        words = wording(str((event._data or {}).get("language")))
        return gr.Textbox(**_box_words(words))

    outputs = [conversation, kept, box]
    # The page asks one question at a time; Gradio, told to see to that, drops one that comes before it has tidied up.
    asking: dict[str, Any] = {**_quiet(), "trigger_mode": "multiple"}
    typed = box.submit(ask_typed, [box, kept, context], outputs, js=TAKE, **asking)
    clicked = conversation.ask(ask_clicked, [kept], outputs, **asking)
    conversation.stop(None, cancels=[typed, clicked])
    conversation.clear(list, outputs=kept, **_quiet())
    conversation.speak(speak, outputs=box, **_quiet())


def _quiet() -> dict[str, Any]:
    return {"show_progress": "hidden", "api_visibility": "private"}


def _context(sent: object) -> Context:
    """Reads what came with a question; the browser sends it, so it may be anything."""
    found = sent if isinstance(sent, dict) else {}
    article_id = _text(found.get("article_id")) or None
    return Context(_text(found.get("key"))[:KEY_MAX_CHARS], article_id, again=found.get("again") is True)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
