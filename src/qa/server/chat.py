"""The chat page: Gradio carries questions and answers between the page's scripts (`page/`) and the engine."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.metadata
import json
import logging
from collections.abc import AsyncIterator  # noqa: TC003 - Gradio reads the annotations of what it calls
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.answer import example_questions
from qa.errors import FeedbackError, QuestionError
from qa.records import Done, Evidence, Sentence, Turn
from qa.server.view import answer_view, cards, sentence_lines
from qa.text.folding import plain
from qa.wording import LANGUAGES, wording

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from qa.engine import Engine
    from qa.feedback import Feedback
    from qa.records import Answer, Citation, Event
    from qa.server.routes import RecentAnswers

__all__ = ["Chat", "Context", "Exchange", "build_page", "page_head", "page_theme"]

logger = logging.getLogger(__name__)

EXCHANGES = 30  # remembered of a conversation, for follow-ups; the oldest make room
SESSIONS = 1000  # conversations held in memory, about 100 KB each at most
CONCURRENT_QUESTIONS = 4
WAITING_QUESTIONS = 32
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

    def __init__(self, engine: Engine, recent: RecentAnswers, feedback: Feedback) -> None:
        self.engine = engine
        self.recent = recent
        self.feedback = feedback

    def welcome(self) -> dict[str, Any]:
        """Describes what can be asked about: how many articles, from when to when, and examples."""
        generation = self.engine.generation()
        period = generation.catalogue.period()
        return {
            "articles": generation.manifest["articles"],
            "oldest": period and period[0].isoformat(),
            "newest": period and period[1].isoformat(),
            "indexed": generation.manifest.get("built"),
            "examples": [plain(example) for example in example_questions(generation)],
        }

    async def ask(self, question: str, context: Context, kept: Sequence[Exchange]) -> AsyncGenerator[Update, None]:
        """Yields the question with ever more of its answer; the box is emptied once and then the reader's."""
        earlier = list(kept)[1 - EXCHANGES :]
        earlier = earlier[:-1] if context.again else earlier
        box: Any = ""
        history = [Turn(exchange.question, exchange.text) for exchange in earlier]
        async with contextlib.aclosing(self._answer(question, context, history)) as answered:
            async for view, text in answered:
                asked = [*earlier, Exchange(question, text)] if text else earlier
                yield {"key": context.key, **view}, asked, box
                box = gr.skip()  # the reader may be typing the next question

    async def _answer(
        self, question: str, context: Context, history: Sequence[Turn]
    ) -> AsyncGenerator[tuple[dict[str, Any], str], None]:
        try:
            async with contextlib.aclosing(self._streamed(question, context, history)) as streamed:
                async for shown in streamed:
                    yield shown
        except QuestionError as error:
            logger.info("Refused a question: %s", error)
            yield {"state": "refused", "reason": self._refusal(question)}, ""
        except Exception:
            logger.exception("No answer")
            yield {"state": "refused", "reason": "failed"}, ""

    async def _streamed(
        self, question: str, context: Context, history: Sequence[Turn]
    ) -> AsyncGenerator[tuple[dict[str, Any], str], None]:
        catalogue = (await asyncio.to_thread(self.engine.generation)).catalogue
        view: dict[str, Any] = {"state": "searching"}
        citations: tuple[Citation, ...] = ()
        sentences: list[Sentence] = []
        events = self.engine.astream(question, history, context.article_id)
        async with contextlib.aclosing(_with_pauses(events)) as heard:
            async for event in heard:
                match event:
                    case Evidence():
                        citations = event.citations
                        view = {"state": "writing", "cards": await asyncio.to_thread(cards, citations, catalogue)}
                        yield {**view, "lines": sentence_lines(sentences, citations)}, ""
                    case Sentence():
                        sentences.append(event)
                        yield {**view, "lines": sentence_lines(sentences, citations)}, ""
                    case Done(answer):
                        await asyncio.to_thread(self._remember, answer)
                        shown = cards(answer.citations, catalogue)
                        yield {**view, **answer_view(answer), "cards": shown, "state": "done"}, answer.text
                    case None:
                        yield {**view, "lines": sentence_lines(sentences, citations)}, ""

    def _remember(self, answer: Answer) -> None:
        self.recent.add(answer)
        if answer.status == "declined" and self.engine.settings.keep_declined == "on":
            try:
                self.feedback.decline(answer.question)
            except FeedbackError as error:
                logger.warning("%s", error)

    def _refusal(self, question: str) -> str:
        if len(question) > self.engine.settings.max_question_chars:
            return "too_long"
        return "failed" if plain(question).strip() else "blank"


async def _with_pauses(events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event | None, None]:
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


def build_page(engine: Engine, recent: RecentAnswers, feedback: Feedback) -> gr.Blocks:
    """Lays out the page and connects it to the engine."""
    words = wording(LANGUAGES[0])
    chat = Chat(engine, recent, feedback)
    version = importlib.metadata.version("qa")
    with gr.Blocks(title=words["page_title"], analytics_enabled=False, fill_height=True) as page:
        conversation = gr.HTML(
            {"state": "loading"},
            html_template='<div id="qa-root"></div>',
            js_on_load=START % {"version": version},
            apply_default_css=False,
            elem_id="qa-conversation",
            limit=engine.settings.max_question_chars,
            patience=PATIENCE_SECONDS + (engine.settings.llm_total_seconds if engine.model else 0),
        )
        box = _question_box(words, engine.settings.max_question_chars)
        gr.HTML('<p id="qa-footer"></p>', apply_default_css=False, elem_id="qa-disclaimer")
        # What is remembered is kept here and not read back from the browser, which could send another story.
        kept, context = gr.State([]), gr.JSON(visible=False)
        _connect(chat, conversation, box, kept, context)
        page.load(lambda: {"state": "welcome", **chat.welcome()}, outputs=conversation, **_quiet())
    page.queue(max_size=WAITING_QUESTIONS, default_concurrency_limit=CONCURRENT_QUESTIONS, api_open=False)
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

    async def ask_typed(question: str, kept: list[Exchange], context: Any) -> AsyncIterator[Update]:
        async with contextlib.aclosing(chat.ask(_text(question), _context(context), kept)) as updates:
            async for update in updates:
                yield update

    async def ask_clicked(event: gr.EventData, kept: list[Exchange]) -> AsyncIterator[Update]:
        sent = event._data if isinstance(event._data, dict) else {}
        async with contextlib.aclosing(chat.ask(_text(sent.get("question")), _context(sent), kept)) as updates:
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
