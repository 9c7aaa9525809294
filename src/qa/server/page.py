"""The chat page: a question box, the conversation, and the quotes under every answer."""

from __future__ import annotations

import importlib.resources
import json
import logging
from collections.abc import Iterator  # noqa: TC003 - Gradio reads the annotations of what it calls
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.answer import example_questions
from qa.errors import QuestionError
from qa.records import Done, Evidence, Sentence, Turn
from qa.server.render import answer_html, literal, question_html, sentences_html, suggestions_html
from qa.wording import wording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.engine import Engine
    from qa.records import Citation
    from qa.server.render import Paragraph

__all__ = ["Exchange", "build_page", "page_head", "page_theme"]

logger = logging.getLogger(__name__)

LANGUAGE = "zh-Hant"  # of the words around the conversation
EXCHANGES = 30  # kept of a conversation; the oldest make room
SESSIONS = 1000  # conversations held in memory, about 100 KB each at most
CONCURRENT_QUESTIONS = 4
WAITING_QUESTIONS = 32
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


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, and as much of its answer as there is: the HTML to show, the plain text to remember."""

    question: str
    html: str = ""
    text: str = ""
    suggestions: tuple[str, ...] = ()


Update = tuple[list[dict[str, Any]], list[Exchange], Any]  # messages, what is kept of them, the question box


def build_page(engine: Engine) -> gr.Blocks:
    """Lays out the page and connects it to the engine."""
    words = wording(LANGUAGE)
    with gr.Blocks(title=words["page_title"], analytics_enabled=False, fill_height=True) as page:
        gr.HTML(_header(words), elem_id="qa-header")
        conversation = _conversation(words, example_questions(engine.generation()))
        box = _question_box(words, engine.settings.max_question_chars)
        gr.HTML(f"<p>{literal(words['disclaimer'])}</p>", elem_id="qa-disclaimer")
        # The conversation is kept here and not read back from the browser, which could send another one.
        kept = gr.State([])
        _connect(engine, words, conversation, box, kept)
        page.load(lambda: gr.Chatbot(examples=_examples(engine)), outputs=conversation, **_quiet())
    page.queue(max_size=WAITING_QUESTIONS, default_concurrency_limit=CONCURRENT_QUESTIONS, api_open=False)
    page.state_session_capacity = SESSIONS
    return page


def page_head() -> str:
    """Returns what goes into the page's head: its style and its script, both from files."""
    words = {"language": LANGUAGE, **{key: wording(LANGUAGE)[key] for key in ("conversation", "loading")}}
    script = f"window.qaWords = {json.dumps(words)};\n{_file('page.js')}"
    return f"<style>{_file('style.css')}</style><script>{script}</script>"


def page_theme() -> gr.themes.Base:
    """Returns the theme: fonts that are on the reader's machine already, calm colours."""
    return gr.themes.Base(primary_hue="teal", neutral_hue="stone", font=FONTS, font_mono=("ui-monospace", "monospace"))


def _file(name: str) -> str:
    return importlib.resources.files("qa.server").joinpath(name).read_text(encoding="utf-8")


def _header(words: Mapping[str, str]) -> str:
    return f"<h1>{literal(words['page_title'])}</h1><p>{literal(words['page_intro'])}</p>"


def _conversation(words: Mapping[str, str], examples: Sequence[str]) -> gr.Chatbot:
    return gr.Chatbot(
        label=words["conversation"],
        show_label=False,
        elem_id="qa-conversation",
        layout="panel",
        height="100%",
        scale=1,
        container=False,
        autoscroll=False,
        placeholder=_welcome(words, has_examples=bool(examples)),
        examples=[{"text": example} for example in examples],
        buttons=[],
        feedback_options=None,
        sanitize_html=True,  # a second look at HTML that is already ours alone
        allow_tags=False,
        latex_delimiters=[],
        group_consecutive_messages=False,
        allow_file_downloads=False,
    )


def _welcome(words: Mapping[str, str], has_examples: bool) -> str:
    lines = [words["greeting"], *([words["try"]] if has_examples else [])]
    return f'<div class="qa-welcome">{"".join(f"<p>{literal(line)}</p>" for line in lines)}</div>'


def _question_box(words: Mapping[str, str], max_chars: int) -> gr.Textbox:
    return gr.Textbox(
        label=words["question"],
        show_label=False,
        container=False,
        elem_id="qa-box",
        placeholder=words["question"],
        lines=1,
        max_lines=6,
        max_length=max_chars,
        submit_btn=words["send"],
    )


def _examples(engine: Engine) -> list[dict[str, str]]:
    return [{"text": example} for example in example_questions(engine.generation())]


def _connect(
    engine: Engine, words: Mapping[str, str], conversation: gr.Chatbot, box: gr.Textbox, kept: gr.State
) -> None:
    """Lets the box, the examples and the suggestions ask."""

    def ask(question: str, exchanges: list[Exchange]) -> Iterator[Update]:
        yield from _ask(engine, words, _text_of(question), exchanges)

    def ask_chosen(event: gr.SelectData, exchanges: list[Exchange]) -> Iterator[Update]:
        yield from _ask(engine, words, _text_of(event.value), exchanges)

    outputs = [conversation, kept, box]
    box.submit(ask, [box, kept], outputs, **_quiet())
    conversation.example_select(ask_chosen, [kept], outputs, **_quiet())
    conversation.option_select(ask_chosen, [kept], outputs, **_quiet())


def _quiet() -> dict[str, Any]:
    return {"show_progress": "hidden", "api_visibility": "private"}


def _text_of(value: object) -> str:
    """Reads what was typed or clicked; the browser sends it, so it may be anything."""
    text = value.get("text") if isinstance(value, dict) else value
    return text if isinstance(text, str) else ""


def _ask(engine: Engine, words: Mapping[str, str], question: str, exchanges: Sequence[Exchange]) -> Iterator[Update]:
    """Yields the conversation with the question, and then with ever more of its answer."""
    earlier = list(exchanges)[1 - EXCHANGES :]
    history = [Turn(exchange.question, exchange.text) for exchange in earlier if exchange.text]
    box: Any = ""
    for exchange in _exchange(engine, words, question, history):
        conversation = [*earlier, exchange]
        yield _messages(conversation), conversation, box
        box = gr.skip()  # the reader may be typing the next question


def _exchange(engine: Engine, words: Mapping[str, str], question: str, history: Sequence[Turn]) -> Iterator[Exchange]:
    asked = Exchange(question[: engine.settings.max_question_chars])
    if question.strip():
        yield asked
    try:
        yield from _answer(engine, words, question, history, asked)
    except QuestionError as error:
        logger.info("Refused a question: %s", error)
        yield replace(asked, html=_notice(_refusal(question, words, engine.settings.max_question_chars)))
    except Exception:
        logger.exception("No answer")
        yield replace(asked, html=_notice(words["failed"]))


def _answer(
    engine: Engine, words: Mapping[str, str], question: str, history: Sequence[Turn], asked: Exchange
) -> Iterator[Exchange]:
    citations: tuple[Citation, ...] = ()
    paragraphs: dict[int, Paragraph] = {}
    sentences: list[Sentence] = []
    for event in engine.stream(question, history):
        match event:
            case Evidence():
                citations, paragraphs = event.citations, _paragraphs(engine, event.citations)
                yield replace(asked, html=sentences_html(sentences, citations, words, paragraphs))
            case Sentence():
                sentences.append(event)
                yield replace(asked, html=sentences_html(sentences, citations, words, paragraphs))
            case Done(answer):
                html = answer_html(answer, words, paragraphs)
                yield replace(asked, html=html, text=answer.text, suggestions=answer.suggestions)


def _refusal(question: str, words: Mapping[str, str], max_chars: int) -> str:
    return words["too_long"].format(limit=max_chars) if len(question) > max_chars else words["blank"]


def _notice(text: str) -> str:
    return f'<div class="qa-answer"><p class="qa-notice">{literal(text)}</p></div>'


def _paragraphs(engine: Engine, citations: Sequence[Citation]) -> dict[int, Paragraph]:
    """Looks up what stands around each quote; an article that has just been replaced is passed over."""
    found = {}
    for citation in citations:
        try:
            text = engine.generation().catalogue.article(citation.article_id).text
        except KeyError:
            continue
        if text[citation.start : citation.end] == citation.quote:
            before = text[citation.paragraph_start : citation.start]
            found[citation.n] = before, citation.quote, text[citation.end : citation.paragraph_end]
    return found


def _messages(exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    """Writes the conversation as Gradio wants it; only the newest suggestions can be clicked."""
    messages: list[dict[str, Any]] = []
    for exchange in exchanges:
        is_last = exchange is exchanges[-1]
        if exchange.question.strip():
            messages.append({"role": "user", "content": question_html(exchange.question)})
        if exchange.html:
            listed = "" if is_last else suggestions_html(exchange.suggestions)
            options = [{"value": suggestion} for suggestion in exchange.suggestions] if is_last else []
            messages.append({"role": "assistant", "content": exchange.html + listed, "options": options})
    return messages
