"""The promises of the engine, over the two articles that come with the project."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from loops import run_apart

from qa import Article, Done, Engine, Evidence, Sentence, Settings, Turn
from qa.articles import read_corpus
from qa.errors import CorpusError, QuestionError
from qa.index import build_in_memory
from qa.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa import Answer
    from qa.embedding import Embedder

CORPUS = Path(__file__).parents[1] / "corpus"
TODAY = dt.date(2025, 9, 1)

ASKED = [
    ("重慶2024年新能源車產量是多少？", "95.3萬輛"),
    ("重庆2024年汽车出口了多少辆？", "47.7萬輛"),
    ("What was Chongqing's new energy vehicle output in 2024?", "95.3萬輛"),
    ("邊間公司喺重慶璧山投資咗100億？", "比亞迪"),
    ("2024年廣東的汽車產量是多少？", "571萬輛"),
    ("去年廣東的汽車產量是多少？", "571萬輛"),
    ("二○二四年重慶汽車出口貨值多少？", "431.1億元"),
    ("智譜的估值是多少？", "400億元"),
    ("When did Zhipu publish its prospectus?", "2025年12月19日"),
    ("哪些公司屬於堅守派？", "階躍星辰"),
    ("为什么重庆2018年汽车产量下跌？", "長安福特"),
    ("What does Dai Weimin predict for 2028?", "少於10個"),
]
UNANSWERED = [
    "特斯拉在上海的產量是多少？",
    "2023年廣東的汽車產量是多少？",
    "香港今天天氣如何？",
    "How do I cook rice?",
    "你是垃圾",
    "😀😀",
    "？？？",
    "asdfghjkl",
]


@pytest.fixture(scope="module")
def engine(embedder: Embedder) -> Iterator[Engine]:
    settings = Settings(today=TODAY)
    articles = read_corpus(CORPUS).articles
    with Engine(settings, build_in_memory(articles, settings, embedder), embedder, in_memory=True) as opened:
        yield opened


def _quoted(answer: Answer) -> str:
    return "".join(citation.quote for citation in answer.citations)


@pytest.mark.parametrize(("question", "expected"), ASKED)
def test_the_answer_stands_in_the_quotes(engine: Engine, question: str, expected: str) -> None:
    answer = engine.ask(question)
    assert answer.status == "answered"
    assert expected in _quoted(answer)


@pytest.mark.parametrize("question", [question for question, _ in ASKED])
def test_every_citation_is_verbatim_and_every_mark_has_one(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    catalogue = engine.generation().catalogue
    for citation in answer.citations:
        text = catalogue.article(citation.article_id).text
        assert text[citation.start : citation.end] == citation.quote
        assert citation.paragraph_start <= citation.start < citation.end <= citation.paragraph_end
    marks = [int(mark) for mark in re.findall(r"\[(\d+)\]", answer.text)]
    in_order = list(dict.fromkeys(marks))  # the words that answer and the sentence they stand in have one mark
    assert in_order == [citation.n for citation in answer.citations] == list(range(1, len(in_order) + 1))
    assert len({fold(citation.quote) for citation in answer.citations}) == len(in_order) <= 3


@pytest.mark.parametrize("question", UNANSWERED)
def test_a_declined_question_cites_nothing_and_offers_headlines(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert (answer.status, answer.abstained) == ("declined", True)
    assert (answer.citations, answer.sentences) == ((), ())
    headlines = {row[1] for row in engine.generation().catalogue.headlines(10)}
    assert answer.suggestions
    assert set(answer.suggestions) <= headlines


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("香港今天天氣如何？", "沒有找到"),
        ("香港今天天气如何？", "没有找到"),
        ("How do I cook rice?", "do not say"),
        ("How many people moved to Iceland last year?", "do not say"),  # whose date is written out as 2025年
    ],
)
def test_declining_speaks_the_askers_language(engine: Engine, question: str, words: str) -> None:
    assert words in engine.ask(question).text


def test_the_language_of_the_words_around_quotes_can_be_chosen(engine: Engine) -> None:
    assert "do not say" in engine.ask("香港今天天氣如何？", language="en").text


def test_a_greeting_introduces_itself_with_three_questions_that_are_answered(engine: Engine) -> None:
    answer = engine.ask("你好")
    assert (answer.status, answer.citations) == ("greeting", ())
    assert len(answer.suggestions) == 3
    assert all(engine.ask(question).status == "answered" for question in answer.suggestions)


@pytest.mark.parametrize("question", ["總結一下重慶那篇文章", "Summarise the article about Chongqing"])
def test_a_summary_quotes_one_article_in_its_order(engine: Engine, question: str) -> None:
    citations = engine.ask(question).citations
    assert {citation.article_id for citation in citations} == {"chongqing-new-energy-vehicles"}
    assert len(citations) == 4
    assert [citation.start for citation in citations] == sorted(citation.start for citation in citations)


def test_a_summary_of_an_article_has_the_sentence_with_which_it_sums_up(engine: Engine) -> None:
    answer = engine.ask("總結一下重慶那篇文章")
    assert answer.citations[-1].quote.startswith("總括而言")


@pytest.mark.parametrize(
    ("question", "name", "lead"),
    [("总结一下月之暗面现在的处境", "月之暗面", "谈到这方面"), ("請概括MiniMax的商業模式", "MiniMax", "談到這方面")],
)
def test_a_summary_of_a_part_keeps_to_what_speaks_of_it(engine: Engine, question: str, name: str, lead: str) -> None:
    answer = engine.ask(question)
    assert lead in answer.text
    assert all(name in citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "重慶那篇文章的結論是什麼？",
        "重庆那篇报道最后怎么说",
        "重慶嗰篇文最尾點講",
        "How does the article about Chongqing end?",
    ],
)
def test_how_an_article_ends_is_told_by_its_last_paragraph(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    article = engine.generation().catalogue.article("chongqing-new-energy-vehicles")
    last = article.text.rstrip().rpartition("\n")[2]
    assert [citation.quote in last for citation in answer.citations] == [True] * 3
    assert last.endswith(answer.citations[-1].quote)


def test_how_an_article_without_a_headline_ends_is_told_without_one() -> None:
    text = "渡輪今天照常行駛，乘客須在碼頭排隊。\n\n總括而言，海港的前景要看明年的貨運量。"
    with Engine.from_articles([Article(id="ferry", title="", text=text)]) as engine:
        answer = engine.ask("這篇文章的結論是什麼？")
    assert [citation.quote for citation in answer.citations] == ["總括而言，海港的前景要看明年的貨運量。"]
    assert "《》" not in answer.text


def test_how_the_articles_end_is_told_by_the_last_sentence_of_each(engine: Engine) -> None:
    citations = engine.ask("這些文章的結論是什麼？").citations
    texts = [engine.generation().catalogue.article(citation.article_id).text.rstrip() for citation in citations]
    assert len(citations) == 2
    assert all(text.endswith(citation.quote) for text, citation in zip(texts, citations, strict=True))


def test_a_headline_in_place_of_a_question_tells_what_its_article_says(engine: Engine) -> None:
    (headline,) = (row[1] for row in engine.generation().catalogue.headlines(1))
    answer = engine.ask(headline)
    assert answer.status == "answered"
    assert {citation.title for citation in answer.citations} == {headline}


def test_a_request_to_summarise_what_no_article_is_about_is_declined(engine: Engine) -> None:
    assert engine.ask("總結一下關於量子電腦的文章").status == "declined"


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("賽力斯和長安汽車的海外業務有什麼不同？", ("賽力斯", "長安汽車")),
        ("百川智能與長安汽車有何分別？", ("百川智能", "長安汽車")),
        ("比较一下智谱和MiniMax的融资", ("智譜", "MiniMax")),
    ],
)
def test_a_comparison_brings_evidence_for_each_side(engine: Engine, question: str, sides: tuple[str, str]) -> None:
    answer = engine.ask(question)
    assert answer.status == "answered"
    assert all(side in _quoted(answer) for side in sides)


def test_a_comparison_with_what_no_article_names_is_declined(engine: Engine) -> None:
    assert engine.ask("量子電腦和核聚變有什麼不同？").status == "declined"


def test_a_question_about_one_article_is_answered_from_it_alone(engine: Engine) -> None:
    hits = engine.search("產量", article_id="ai-six-dragons-ipo")
    assert {hit.article_id for hit in hits} == {"ai-six-dragons-ipo"}
    answer = engine.ask("重慶2024年新能源車產量是多少？", article_id="ai-six-dragons-ipo")
    assert {citation.article_id for citation in answer.citations} <= {"ai-six-dragons-ipo"}


@pytest.mark.parametrize("article_id", ["nowhere", "", "\ud800", "' OR 1=1 --"])
def test_an_unknown_article_is_an_error_that_names_it(engine: Engine, article_id: str) -> None:
    with pytest.raises(QuestionError, match="No article has the id"):
        engine.ask("產量？", article_id=article_id)


def test_a_follow_up_is_understood_from_the_question_before(engine: Engine) -> None:
    answer = engine.ask("那出口呢？", history=[Turn("重慶2024年新能源車產量是多少？")])
    assert "出口" in answer.standalone_question
    assert "47.7萬輛" in _quoted(answer)


@pytest.mark.parametrize(
    ("before", "question", "words"),
    [
        ("香港今天天氣如何？", "and in Macau?", "do not say"),
        ("香港今天天氣如何？", "why?", "do not say"),
        ("香港今天天气如何？", "2018?", "没有找到"),
        ("How do I cook rice?", "2018呢？", "沒有找到"),
    ],
)
def test_the_words_around_quotes_follow_what_was_typed(engine: Engine, before: str, question: str, words: str) -> None:
    assert words in engine.ask(question, history=[Turn(before)]).text


def test_a_question_with_a_relative_date_is_counted_from_today(embedder: Embedder, engine: Engine) -> None:
    later = Engine(Settings(today=dt.date(2031, 1, 1)), engine.generation(), embedder, in_memory=True)
    assert later.ask("去年廣東的汽車產量是多少？").confidence < engine.ask("去年廣東的汽車產量是多少？").confidence


def test_with_a_threshold_of_nothing_no_question_is_declined(embedder: Embedder, engine: Engine) -> None:
    eager = Engine(Settings(confidence_threshold=0), engine.generation(), embedder, in_memory=True)
    assert all(eager.ask(question).status == "answered" for question in UNANSWERED)


def test_a_stream_brings_evidence_then_sentences_then_the_same_answer(engine: Engine) -> None:
    events = list(engine.stream(ASKED[0][0]))
    answer = engine.ask(ASKED[0][0])
    assert isinstance(events[0], Evidence)
    assert all(isinstance(event, Sentence) for event in events[1:-1])
    assert isinstance(events[-1], Done)
    assert dataclasses.replace(events[-1].answer, trace_id="") == dataclasses.replace(answer, trace_id="")
    assert events[0].citations == answer.citations


def test_the_asynchronous_twins_give_the_same(engine: Engine) -> None:
    async def both() -> tuple[Answer, list[object]]:
        return await engine.aask(ASKED[0][0]), [event async for event in engine.astream(ASKED[0][0])]

    answer, events = run_apart(both())
    assert answer.text == engine.ask(ASKED[0][0]).text
    assert isinstance(events[-1], Done)
    assert events[-1].answer.text == answer.text


def test_hits_are_verbatim_and_say_what_each_leg_found(engine: Engine) -> None:
    hits = engine.search("重慶的新能源車", top_k=5)
    assert len(hits) == 5
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert hit.text == engine.generation().catalogue.article(hit.article_id).text[hit.start : hit.end]
        assert {"dense", "keyword", "dictionary"} <= set(hit.legs)


@pytest.mark.parametrize("name", ["居琰", "問界", "璧山", "弗迪", "荣盛盟固利", "ＭｉｎｉＭａｘ", "臺灣以外的張予彤"])
def test_any_name_finds_its_passage_by_the_keyword_leg(engine: Engine, name: str) -> None:
    best = engine.search(name, top_k=3)
    assert any(hit.legs["keyword"] > 0 for hit in best)
    assert any(fold(name)[-2:] in fold(hit.text) for hit in best)


@pytest.mark.parametrize("question", ["", " ", "\x00", "長" * 100_000])
def test_what_cannot_be_a_question_is_a_clear_error(engine: Engine, question: str) -> None:
    with pytest.raises(QuestionError):
        engine.ask(question)


@pytest.mark.parametrize(
    "question",
    [
        "\ud800產量",
        "產量\x00是多少",
        "👩‍👩‍👧是誰",
        "کم سيارة؟",
        "Сколько машин?",
        "' OR 1=1 --",
        "%s {0} \\",
        "長" * 1999,
    ],
)
def test_odd_questions_get_a_polite_answer(engine: Engine, question: str) -> None:
    assert engine.ask(question).text


def test_the_query_engine_of_llama_index_gives_the_same_answer(engine: Engine) -> None:
    response = engine.as_query_engine().query(ASKED[0][0])
    answer = engine.ask(ASKED[0][0])
    assert str(response) == answer.text
    assert {node.metadata["article_id"] for node in response.source_nodes} == {answer.citations[0].article_id}


def test_nodes_of_the_retriever_carry_verbatim_text_and_its_place(engine: Engine) -> None:
    for node in engine.as_retriever(top_k=3).retrieve(ASKED[0][0]):
        text = engine.generation().catalogue.article(node.metadata["article_id"]).text
        assert node.node.text == text[node.node.start_char_idx : node.node.end_char_idx]


def test_articles_given_in_memory_are_asked_and_forgotten(monkeypatch: pytest.MonkeyPatch, embedder: Embedder) -> None:
    monkeypatch.setattr("qa.engine.load_embedder", lambda *_: embedder)
    articles = [
        Article("a", "港口", "港口去年處理了十萬個貨櫃。", published=dt.date(2025, 5, 1)),
        Article("b", "", "甲。"),
    ]
    with Engine.from_articles(articles) as one, Engine.from_articles([Article("c", "", "機場有三條跑道。")]) as other:
        assert one.ask("2024年港口處理了多少貨櫃？").citations[0].article_id == "a"
        assert {hit.article_id for hit in other.search("港口貨櫃")} == {"c"}


@pytest.mark.parametrize(
    ("articles", "reason"),
    [
        ([], "no articles"),
        ([Article("a", "", " ")], "no text"),
        ([Article("a", "", "甲。"), Article("a", "", "乙。")], "Two articles"),
    ],
)
def test_articles_that_cannot_be_indexed_are_a_clear_error(articles: list[Article], reason: str) -> None:
    with pytest.raises(CorpusError, match=reason):
        Engine.from_articles(articles)


def test_an_english_corpus_is_asked_in_chinese_and_in_english(embedder: Embedder) -> None:
    text = "Chongqing exported 477,000 cars in 2024. The airport has three runways. The river flooded in July."
    settings = Settings(today=TODAY)
    generation = build_in_memory([Article("en", "Cars", text)], settings, embedder)
    with Engine(settings, generation, embedder, in_memory=True) as engine:
        for question in ("How many cars did Chongqing export in 2024?", "重慶2024年出口了多少汽車？"):
            assert "477,000" in engine.search(question)[0].text
            assert "477,000" in _quoted(engine.ask(question))
