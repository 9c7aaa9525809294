"""What kind of thing a question asks for."""

from __future__ import annotations

import pytest

from qa.expected import Expected, expected_of
from qa.text.folding import fold
from qa.text.numerals import digits


@pytest.mark.parametrize(
    ("question", "kind", "measure"),
    [
        ("產量是多少輛？", "amount", "辆"),
        ("有幾家公司上市？", "amount", "家"),
        ("哪幾家公司已經上市？", None, ""),
        ("產量是多少？", "quantity", ""),
        ("產量是多少呢？", "quantity", ""),
        ("估值是多少啊", "money", ""),
        ("估值是多少人民幣？", "money", ""),
        ("要付多少港幣？", "money", ""),
        ("這幾年出口了多少輛車？", "amount", "辆"),
        ("過去幾年升了多少倍？", "amount", "倍"),
        ("成立於幾年？", "date", ""),
        ("人口約有多少？", "quantity", ""),
        ("產量在全國排第幾？", "rank", ""),
        ("產量排名如何？", "rank", ""),
        ("這是第幾次會議？", "amount", "次"),
        ("Where did Chongqing rank in output?", "rank", ""),
        ("人口中有多少人識字？", "amount", "人"),
        ("人口佔百分之多少？", "share", ""),
        ("產量增長了多少？", "amount", ""),
        ("產量佔全國多少？", "amount", ""),
        ("出口均價多少", "money", ""),
        ("投了多少錢？", "money", ""),
        ("價值多少億美元？", "money", ""),
        ("花費多少時間？", "amount", "时"),
        ("估值跌了多少？", "amount", ""),
        ("How much did the ticket cost?", "money", ""),
        ("What was its revenue in 2024?", "money", ""),
        ("What was its revenue growth in 2024?", None, ""),
        ("有多少人？", "amount", "人"),
        ("產量有多少？", "quantity", ""),
        ("貨物有多少？", "amount", ""),
        ("多少的車出口？", "amount", ""),
        ("公司有幾家？", "amount", "家"),
        ("橋有多長？", "amount", ""),
        ("How many new-energy cars?", "amount", "cars"),
        ("How many legends?", "amount", ""),
        ("出口的比例是多少？", "share", ""),
        ("What percentage is exported?", "share", ""),
        ("何時上市？", "date", ""),
        ("哪一年開業？", "date", ""),
        ("In what year did it open?", "date", ""),
        ("為什麼虧損？", "reason", ""),
        ("Why did it fail?", "reason", ""),
        ("公司在哪裡？", "place", ""),
        ("哪個國家最多？", "place", ""),
        ("誰是創辦人？", None, ""),
        ("Whenever", None, ""),
        ("", None, ""),
    ],
)
def test_question_words_tell_what_is_asked_for(question: str, kind: str | None, measure: str) -> None:
    assert expected_of(fold(question)) == Expected(kind, measure)


@pytest.mark.parametrize(
    ("question", "sentence", "holds"),
    [
        ("產量是多少輛？", "產量達一百二十三萬輛。", True),
        ("產量排第幾？", "安徽居次，重慶位列第三。", True),
        ("產量排第幾？", "重慶生產汽車254萬輛。", False),
        ("Where did it rank in output?", "It came second to Guangdong.", True),
        ("產量是多少輛？", "產量達12.5 萬輛。", True),
        ("產量是多少輛？", "車輛出口到30個國家。", False),
        ("有幾多架車？", "產量達12.5萬輛。", True),
        ("有多少人？", "共有300名員工。", True),
        ("How many cars?", "產量達12.5萬輛。", True),
        ("How many cars?", "共有1000家企業。", False),
        ("How many cars?", "It made 12,500 electric cars.", True),
        ("產量是多少？", "產量達一百萬。", True),
        ("產量是多少？", "產量很大。", False),
        ("產量是多少？", "產量下跌36.5%。", False),
        ("產量是多少？", "2018年排第六。", False),
        ("價格是多少？", "賣出47.7萬輛。", False),
        ("價格是多少？", "每輛約15萬元。", True),
        ("價格是多少？", "每輛HK$150000。", True),
        ("How much did it cost?", "It cost 3.5 million dollars.", True),
        ("How much did it cost?", "It sold 3.5 million cars.", False),
        ("比例是多少？", "佔了38%。", True),
        ("比例是多少？", "佔了三成。", False),  # a single numeral may be part of any word, so it stays
        ("何時上市？", "公司於7月上市。", True),
        ("何時上市？", "公司上市了。", False),
        ("為什麼虧損？", "由於成本上升，公司虧損。", True),
        ("為什麼虧損？", "公司虧損。", False),
        ("在哪裡？", "總部設於重慶市。", True),
        ("誰？", "沒有要求。", True),
    ],
)
def test_a_sentence_holds_what_is_asked_for_or_not(question: str, sentence: str, holds: bool) -> None:
    assert expected_of(fold(question)).held_by(digits(fold(sentence))) is holds


@pytest.mark.parametrize(
    ("question", "is_one"),
    [
        ("重慶的汽車產量是否下跌？", True),
        ("長安是不是中國品牌？", True),
        ("智譜上市了嗎？", True),
        ("智譜有沒有披露招股書？", True),
        ("Did Zhipu publish a prospectus?", True),
        ("Is Kimi falling behind?", True),
        ("你知道智譜上市了嗎？", True),
        ("Do you know whether Zhipu is listed?", True),
        ("你知道產量是多少嗎？", False),
        ("可以告訴我智譜何時成立嗎？", False),
        ("Can you tell me when Zhipu was founded?", False),
        ("Do you know who founded Zhipu?", False),
        ("智譜是誰創辦的？", False),
        ("哪家公司是國家隊？", False),
        ("Who is Dai Weimin?", False),
        ("What did Dai Weimin say?", False),
    ],
)
def test_a_question_that_wants_yes_or_no_is_known(question: str, is_one: bool) -> None:
    assert expected_of(fold(question)).yes_or_no is is_one
