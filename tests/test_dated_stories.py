"""Articles that tell one story, are put right, or disagree, asked through the real engine."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from qa import Article, Engine, Settings, build_index
from qa.index import build_in_memory, open_current
from qa.text.folding import to_simplified

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qa import Answer
    from qa.embedding import Embedder

TODAY = dt.date(2025, 9, 1)  # a Monday

LEAD = "澄灣港務局昨日宣布，新貨櫃碼頭將於明年三月啟用，首年預計處理八十五萬個標準箱。"
WIRE = "\n\n".join(
    (
        LEAD,
        "局長何志朗表示，碼頭採用全自動岸吊，人手需求較舊碼頭減少四成。",
        "環保團體則擔心挖泥工程影響附近的中華白海豚，要求港務局公開監測數據。",
        "舊碼頭將改建為海濱公園，面積約十二公頃，預計分兩期完成。",
    )
)
OWN = "本報記者翻查文件，發現港務局去年曾拒絕一份由青衣設計師提交的遊艇會方案。"
BRIDGE = (
    "跨海的澄青大橋昨日合龍，全長7.2公里。\n\n大橋由三家公司承建，{cost}。\n\n"
    "橋面設六條行車線和一條單車徑，通車後由澄灣到青洲只需九分鐘。\n\n"
    "運輸署說，收費方案會在通車前三個月公布，並會諮詢地區人士。"
)

STORIES = [
    ("wire-port", "澄灣新碼頭明年啟用", WIRE, "2025-06-10"),
    ("wire-morning", "港務局：新碼頭三月開幕", WIRE, "2025-06-11"),
    ("wire-mainland", "澄湾新码头明年投入使用", to_simplified(WIRE), "2025-06-10"),
    ("wire-own", "新碼頭背後", f"新碼頭的故事要由去年說起。\n\n{WIRE}\n\n{OWN}", "2025-06-11"),
    ("bridge-wrong", "澄青大橋合龍", BRIDGE.format(cost="造價為一百一十億元"), "2025-05-02"),
    ("bridge-copy", "大橋合龍 九分鐘到青洲", BRIDGE.format(cost="造價為一百一十億元"), "2025-05-02"),
    ("bridge-right", "【更正】澄青大橋合龍", BRIDGE.format(cost="造價為一百三十億元"), "2025-05-04"),
    ("museum", "航海博物館開幕", "航海博物館昨日開幕，門票售價為八十元。\n\n館內展出一艘沉船的龍骨。", "2025-03-01"),
    ("museum-notice", "更正：航海博物館開幕", "本報早前報道航海博物館門票售價為八十元，應為六十元。", "2025-03-03"),
    ("staff-2023", "浪橋科技員工人數", "浪橋科技（Lanqiao）公布，截至去年底，公司共有員工1,200人。", "2023-03-02"),
    ("staff-2024", "浪橋科技擴充團隊", "浪橋科技（Lanqiao）表示，截至今年6月底，員工人數增至1,560人。", "2024-07-11"),
    ("staff-2025", "浪橋科技裁員", "浪橋科技（Lanqiao）昨日宣布裁員，裁員後員工人數為1,310人。", "2025-05-20"),
    ("chief-2022", "浪橋科技換帥", "浪橋科技的行政總裁由創辦人林懷恩出任，任期三年。", "2022-04-01"),
    ("chief-2025", "浪橋科技新掌舵人", "浪橋科技宣布，行政總裁由葉思敏接任，即日生效。", "2025-04-01"),
    ("port-29", "澄灣港口日報", "澄灣港今日處理貨櫃2.1萬個，較平日少。颱風令三艘貨輪改期。", "2025-08-29"),
    ("port-30", "澄灣港口日報", "澄灣港今日處理貨櫃2.6萬個，回復正常水平。碼頭工人加班清理積壓。", "2025-08-30"),
    ("port-31", "澄灣港口日報", "澄灣港今日處理貨櫃3.0萬個，創單日新高。港務局長到場打氣。", "2025-08-31"),
    ("week-20", "澄灣港口週報", "澄灣港上星期處理貨櫃15萬個，按周升百分之三。", "2025-08-20"),
    ("week-27", "澄灣港口週報", "澄灣港上星期處理貨櫃17萬個，按周升百分之十三。", "2025-08-27"),
    ("cars-h1", "青巒汽車上半年銷量", "青巒汽車2024年上半年售出電動車12.4萬輛，按年增長兩成。", "2024-07-20"),
    ("cars-h2", "青巒汽車下半年銷量", "青巒汽車2024年下半年售出電動車15.8萬輛，按年增長三成。", "2025-01-22"),
    ("cars-2023", "青巒汽車年度銷量", "青巒汽車2023年售出電動車19.5萬輛，當中三成出口。", "2024-01-19"),
    ("tourism-august", "澄灣旅遊數字", "澄灣8月旅客人次達82萬，酒店入住率為九成一。", "2025-08-31"),
    ("tourism-july", "澄灣旅遊數字", "澄灣7月旅客人次達74萬，酒店入住率為八成六。", "2025-08-11"),
    ("history", "澄灣的由來", "澄灣古稱澄浦，明代建港，曾是製鹽重鎮。", None),
]  # fmt: skip


def articles() -> list[Article]:
    return [
        Article(
            name,
            title,
            text,
            url=f"https://news.example/{name}",
            published=dt.date.fromisoformat(day) if day else None,
        )
        for name, title, text, day in STORIES
    ]


@pytest.fixture(scope="module")
def engine(embedder: Embedder) -> Iterator[Engine]:
    settings = Settings(today=TODAY)
    with Engine(settings, build_in_memory(articles(), settings, embedder), embedder, in_memory=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def eager(engine: Engine, embedder: Embedder) -> Engine:
    """Answers whatever it is asked: how sure it must be is not looked at here."""
    return Engine(Settings(today=TODAY, confidence_threshold=0), engine.generation(), embedder, in_memory=True)


def cited(answer: Answer) -> list[str]:
    return [citation.article_id for citation in answer.citations]


WIRES = {"wire-port", "wire-morning", "wire-mainland", "wire-own"}


@pytest.mark.parametrize(
    "question",
    ["新碼頭何時啟用？", "新码头预计处理多少个标准箱？", "舊碼頭會改建為什麼？", "邊個係澄灣港務局局長？"],
)  # fmt: skip
def test_one_story_of_four_outlets_takes_one_place(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert answer.status == "answered"
    first = answer.citations[0]
    assert {first.article_id, *first.copies} == WIRES
    assert len({citation.quote for citation in answer.citations if citation.article_id in WIRES}) == len(
        [name for name in cited(answer) if name in WIRES]
    )
    hits = engine.search(question, top_k=10)
    assert len([hit for hit in hits if hit.article_id in WIRES and LEAD[:10] in hit.text]) <= 1


def test_the_newest_of_the_complete_copies_is_cited_and_names_the_others(engine: Engine) -> None:
    (citation,) = engine.ask("碼頭的人手需求減少多少？").citations
    assert (citation.article_id, citation.copies) == ("wire-own", ("wire-morning", "wire-port", "wire-mainland"))


def test_what_only_one_copy_says_is_still_found(engine: Engine) -> None:
    citations = engine.ask("港務局去年拒絕了誰提交的遊艇會方案？").citations
    assert citations[0].article_id == "wire-own"
    assert "青衣設計師" in citations[0].quote


def test_copies_do_not_crowd_other_articles_out(engine: Engine) -> None:
    found = [hit.article_id for hit in engine.search("澄灣港務局的新碼頭", top_k=5)]
    assert len(set(found) - WIRES) >= 3


def test_a_copy_is_no_rival(embedder: Embedder, engine: Engine) -> None:
    settings = Settings(today=TODAY)
    alone = [article for article in articles() if article.id not in WIRES - {"wire-morning"}]
    with Engine(settings, build_in_memory(alone, settings, embedder), embedder, in_memory=True) as without_copies:
        question = "新碼頭首年預計處理多少個標準箱？"
        assert engine.ask(question).confidence >= without_copies.ask(question).confidence - 0.05


@pytest.mark.parametrize(
    "question",
    ["澄青大橋的造價是多少？", "澄青大桥造价多少？", "澄青大橋造價係幾多？", "How much did the 澄青大橋 cost?"],
)
def test_a_correction_is_cited_in_place_of_what_it_corrects(engine: Engine, question: str) -> None:
    answer = engine.ask(question)
    assert set(cited(answer)) == {"bridge-right"}
    assert "一百三十億" in answer.text
    assert "一百一十億" not in answer.text
    assert answer.citations[0].copies == ("bridge-wrong", "bridge-copy")


def test_a_notice_is_cited_in_place_of_what_it_corrects_and_only_for_that(engine: Engine) -> None:
    tickets = engine.ask("航海博物館的門票售價是多少？")
    assert set(cited(tickets)) == {"museum-notice"}
    assert not tickets.text.startswith("八十元")
    assert "museum" in cited(engine.ask("航海博物館展出什麼？"))


def test_the_headline_of_a_corrected_article_leads_to_the_correction(engine: Engine) -> None:
    assert set(cited(engine.ask("澄青大橋合龍"))) == {"bridge-right"}


def test_one_copy_can_still_be_asked_alone(engine: Engine) -> None:
    assert set(cited(engine.ask("新碼頭何時啟用？", article_id="wire-port"))) == {"wire-port"}


def test_headlines_on_offer_name_a_story_once(engine: Engine) -> None:
    offered = engine.generation().catalogue.headlines(told_once=True)
    assert len(WIRES & {row[0] for row in offered}) == 1
    assert not {"bridge-wrong", "bridge-copy"} & {row[0] for row in offered}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("昨天澄灣港處理了多少個貨櫃？", "port-31"),
        ("昨天澄湾港处理了多少个货柜？", "port-31"),
        ("尋日澄灣港處理咗幾多個貨櫃？", "port-31"),
        ("How many containers did 澄灣港 handle yesterday?", "port-31"),
        ("前天澄灣港處理了多少個貨櫃？", "port-30"),
        ("三天前澄灣港處理了多少個貨櫃？", "port-29"),
        ("8月29日澄灣港處理了多少個貨櫃？", "port-29"),
        ("上上週澄灣港處理了多少個貨櫃？", "week-27"),
        ("2024年上半年青巒汽車賣了多少輛電動車？", "cars-h1"),
        ("2024年上半年青峦汽车卖了多少辆电动车？", "cars-h1"),
        ("去年下半年青巒汽車賣了多少輛電動車？", "cars-h2"),
        ("民國112年青巒汽車售出多少電動車？", "cars-2023"),
        ("前年青巒汽車售出多少電動車？", "cars-2023"),
        ("上個月澄灣有多少旅客人次？", "tourism-august"),
        ("上個月澄灣酒店入住率係幾多？", "tourism-august"),
        ("7月澄灣酒店入住率是多少？", "tourism-july"),
        ("What was the hotel occupancy rate of 澄灣 in July?", "tourism-july"),
        ("2024年浪橋科技有多少員工？", "staff-2024"),
        ("浪橋科技最新員工人數是多少？", "staff-2025"),
        ("浪桥科技现时有多少员工？", "staff-2025"),
        ("How many employees does Lanqiao have now?", "staff-2025"),
        ("浪橋科技最近的行政總裁係邊個？", "chief-2025"),
    ],
)
def test_a_question_that_names_a_time_is_answered_about_it(eager: Engine, question: str, expected: str) -> None:
    assert cited(eager.ask(question))[0] == expected


DISAGREEING = [
    ("浪橋科技有多少員工？", ["staff-2025", "staff-2024", "staff-2023"], "由新到舊"),
    ("浪桥科技有多少员工？", ["staff-2025", "staff-2024", "staff-2023"], "由新到旧"),
    ("浪橋科技有幾多員工？", ["staff-2025", "staff-2024", "staff-2023"], "由新到舊"),
    ("How many employees does Lanqiao have?", ["staff-2025", "staff-2024", "staff-2023"], "newest comes first"),
    ("浪橋科技的行政總裁是誰？", ["chief-2025", "chief-2022"], "由新到舊"),
    ("澄灣旅客人次是多少？", ["tourism-august", "tourism-july"], "由新到舊"),
]


@pytest.mark.parametrize(("question", "expected", "said"), DISAGREEING)
def test_articles_that_disagree_are_quoted_by_date_each_with_its_own(
    engine: Engine, question: str, expected: list[str], said: str
) -> None:
    answer = engine.ask(question)
    assert cited(answer) == expected
    assert said in answer.text
    lines = answer.text.split("\n\n")
    for citation in answer.citations:
        assert any(line.startswith(f"{citation.published}") and citation.quote in line for line in lines)
        assert any(sentence.text == citation.quote for sentence in answer.sentences)  # the words stay verbatim


@pytest.mark.parametrize(
    "question", ["澄灣古稱什麼？", "新碼頭何時啟用？", "浪橋科技最新員工人數是多少？", "大橋全長幾多公里？"]
)
def test_one_answer_is_not_dated(engine: Engine, question: str) -> None:
    assert "由新到舊" not in engine.ask(question).text


def test_of_equal_evidence_the_newer_comes_first(embedder: Embedder) -> None:
    text = "澄灣電車的車費劃一為三元，小童和長者半價。"
    days = (dt.date(2021, 5, 1), dt.date(2025, 5, 1), dt.date(2023, 5, 1), None)
    filler = [f"第{n}段說的是別的事情，與車費無關，那是另一則新聞。" for n in "甲乙丙丁"]
    same = [
        Article(f"fares-{day and day.year}", "澄灣電車", f"{text}\n\n{other * 4}", published=day)
        for day, other in zip(days, filler, strict=True)
    ]
    settings = Settings(today=TODAY)
    with Engine(settings, build_in_memory(same, settings, embedder), embedder, in_memory=True) as engine:
        assert cited(engine.ask("澄灣電車的車費是多少？"))[0] == "fares-2025"


def test_stories_are_kept_with_an_index_on_disk(tmp_path: Path, embedder: Embedder, monkeypatch: Any) -> None:
    monkeypatch.setattr("qa.index.building.load_embedder", lambda *_: embedder)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, title, text, day in STORIES[:8]:
        front = f"---\ntitle: {title}\npublished: {day or ''}\n---\n"
        (corpus / f"{name}.md").write_text(front + text, encoding="utf-8")
    (corpus / "late.md").write_text("---\ntitle: 沉船\ncorrects: museum\n---\n龍骨其實是仿製品。", encoding="utf-8")
    settings = Settings(corpus_dir=corpus, index_dir=tmp_path / "index", today=TODAY)
    build_index(settings)
    with contextlib.closing(open_current(settings)) as generation:
        assert set(generation.copies) == WIRES | {"bridge-wrong", "bridge-copy", "bridge-right"}
        assert generation.copies["bridge-copy"] == ("bridge-right", "bridge-wrong")
        assert generation.notices == {"museum": "late"}
        told = {generation.passage(int(number)).article.id for number in generation.repeated}
        assert {"bridge-wrong", "bridge-copy", "wire-port"} <= told
    again = build_index(settings)
    assert (again.unchanged, again.added) == (9, 0)


@pytest.mark.parametrize(
    "question",
    [
        "8月25日澄灣港處理了多少個貨櫃？",
        "6月澄灣酒店入住率是多少？",
        "2022年上半年青巒汽車賣了多少輛電動車？",
        "2021年浪橋科技有多少員工？",
    ],
)
def test_a_time_that_no_article_speaks_of_is_declined(engine: Engine, question: str) -> None:
    assert engine.ask(question).status == "declined"
