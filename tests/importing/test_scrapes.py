"""Raw text, perhaps of several articles and with the page's dirt -> clean drafts that lose no sentence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.importing.drafts import Draft, UnusableError
from qa.importing.scrapes import drafts_from_text
from qa.importing.titles import derived_title, language_of

TWIN = (Path(__file__).parent / "pages" / "scrape.txt").read_text(encoding="utf-8")
HEADLINE = "青嶼鐘錶業三十年後重生?外媒:或將成為東方的「侏羅谷」"
FERRY = "渡輪公司去年載客一百二十萬人次，比前年多一成，收入也創下十年新高。"
BRIDGE = "新橋全長四百米，由三座橋墩支撐，預計後年春天通車，屆時車程縮短一半。"
BODY = f"{FERRY}\n\n{BRIDGE}\n\n{FERRY[:-1]}，遊客佔當中的四成。\n\n市長說，下一步是翻新碼頭，工程費用約為兩億元。"


def read(text: str) -> Draft:
    (draft,) = drafts_from_text(text)
    return draft


def reason_of(draft: Draft, text: str) -> str:
    return next(dropped.reason for dropped in draft.dropped if dropped.text == text)


def test_a_scrape_of_two_articles_comes_out_as_two() -> None:
    first, second = drafts_from_text(TWIN)
    assert (first.title, first.published, first.author, first.source) == (
        HEADLINE,
        dt.date(2025, 5, 14),
        "石敲門",
        "讀者專欄",
    )
    assert not first.title_derived
    assert second.title == "松濤與Kappa幾乎同時向證券所遞表,爭做「第一家機械人股」"
    assert second.title_derived
    assert (second.published, second.author, second.source) == (None, None, None)
    assert (first.language, second.language) == ("zh-Hant", "zh-Hant")


def test_each_paragraph_of_the_scrape_stands_once() -> None:
    drafts = drafts_from_text(TWIN)
    text = "\n\n".join(draft.text for draft in drafts)
    sentences = {line.strip() for line in TWIN.splitlines() if line.strip().endswith("。")}
    assert len(sentences) == 14
    assert {sentence: text.count(sentence) for sentence in sentences} == dict.fromkeys(sentences, 1)


def test_the_scrapes_dirt_is_dropped_with_a_reason() -> None:
    first, second = drafts_from_text(TWIN)
    for dirt in ("Skip to Content", "讀者專欄", "文責自負", "石敲門", "2025年05月14日", HEADLINE):
        assert dirt not in first.text + second.text
    assert reason_of(first, "Skip to Content Facebook Feature Image") == "navigation"
    assert reason_of(first, "讀者專欄") == "the section, kept as the source"
    assert reason_of(first, "石敲門") == "the byline, kept as the author"
    assert reason_of(first, "** 讀者專欄文責自負,不代表本公司立場 **") == "a disclaimer or end mark"
    assert reason_of(first, "青嶼山腳的自動化零件廠。") == "stands 2 times"
    assert reason_of(second, "零件商會會長許望山") == "stands again in the text"
    assert reason_of(second, "你 或 有 興 趣 的 文 章") == "points to other articles"


def test_the_disclaimer_belongs_to_the_article_before_it() -> None:
    first, second = drafts_from_text(TWIN)
    assert "機械人" not in first.text
    assert "鐘錶" not in second.text


@pytest.mark.parametrize(
    "date",
    [
        "2025年7月30日",
        "2025-07-30 08:00",
        "發佈時間：2025/07/30",
        "2025.07.30 星期三",
        "30 July 2025",
        "July 30, 2025",
        "民國114年7月30日",
    ],
)
def test_a_date_under_a_headline_is_the_day_of_publication(date: str) -> None:
    draft = read(f"渡輪載客創新高\n\n{date}\n\n{BODY}")
    assert (draft.title, draft.published) == ("渡輪載客創新高", dt.date(2025, 7, 30))
    assert date not in draft.text


def test_what_stands_above_and_beside_a_headline_is_told_apart() -> None:
    draft = read(
        "山城晚报\n首页 > 新闻 > 本地\n渡轮载客创新高 市民叫好\n2025-05-30 09:12:33　来源：山城晚报　作者：张三\n"
        "字号：大 中 小\n渡轮公司去年载客一百二十万人次，比前年多一成，收入也创下十年新高。\n"
        "市长说，下一步是翻新码头，工程费用约为两亿元，明年内就会动工，为期两年左右。\n（责任编辑：王五）\n"
    )
    assert (draft.title, draft.author, draft.source) == ("渡轮载客创新高 市民叫好", "张三", "山城晚报")
    assert [line.text[:2] for line in draft.lines] == ["渡轮", "市长"]
    assert reason_of(draft, "山城晚报") == "stands above the headline"


def test_headlines_ruled_off_begin_new_articles() -> None:
    rule = "=" * 20
    drafts = drafts_from_text(f"{rule}\n渡輪載客創新高\n{rule}\n{BODY}\n{rule}\n新橋後年通車\n{rule}\n{BRIDGE}\n{BODY}")
    assert [draft.title for draft in drafts] == ["渡輪載客創新高", "新橋後年通車"]
    assert rule not in drafts[0].text + drafts[1].text


@pytest.mark.parametrize(
    ("head", "title", "published", "url"),
    [
        ("標題：渡輪載客創新高\n日期：2025-07-30", "渡輪載客創新高", dt.date(2025, 7, 30), None),
        (
            "渡輪載客創新高\nhttps://a.example/1\n2025-07-30",
            "渡輪載客創新高",
            dt.date(2025, 7, 30),
            "https://a.example/1",
        ),
        ("2025-07-30\n渡輪載客創新高", "渡輪載客創新高", dt.date(2025, 7, 30), None),
        ("2025年7月30日 星期三\n渡輪載客創新高", "渡輪載客創新高", None, None),  # perhaps the day it was scraped on
        ("# 渡輪載客創新高", "渡輪載客創新高", None, None),
    ],
)
def test_heads_of_several_forms_are_read(head: str, title: str, published: dt.date | None, url: str | None) -> None:
    draft = read(f"{head}\n\n{BODY}")
    assert (draft.title, draft.title_derived, draft.published, draft.url) == (title, False, published, url)


@pytest.mark.parametrize("date", ["07/08/2025", "2025年13月1日", "七月三十日", "2025年"])
def test_a_date_that_is_not_certain_is_none(date: str) -> None:
    assert read(f"渡輪載客創新高\n\n{date}\n\n{BODY}").published is None


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ("記者陳小文", "陳小文"),
        ("作者：陳小文", "陳小文"),
        ("文／陳小文", "陳小文"),
        ("By Mary Lam", "Mary Lam"),
        ("本報記者 陳小文 報道", "陳小文"),
    ],
)
def test_a_byline_is_the_author(byline: str, author: str) -> None:
    draft = read(f"渡輪載客創新高\n\n{byline}\n\n2025年7月30日\n\n{BODY}")
    assert draft.author == author
    assert byline not in draft.text


def test_a_day_and_a_name_on_one_line_are_both_read() -> None:
    draft = read(f"渡輪載客創新高\n\n2025-07-30 08:00 記者陳小文\n\n{BODY}")
    assert (draft.published, draft.author) == (dt.date(2025, 7, 30), "陳小文")


def test_dated_headlines_begin_new_articles() -> None:
    drafts = drafts_from_text(
        f"渡輪載客創新高\n2025年7月30日\n\n{BODY}\n\n新橋後年通車\n2025年8月2日\n\n{BRIDGE}\n\n{BODY}"
    )
    assert [(draft.title, draft.published) for draft in drafts] == [
        ("渡輪載客創新高", dt.date(2025, 7, 30)),
        ("新橋後年通車", dt.date(2025, 8, 2)),
    ]


def test_a_brief_under_a_byline_of_its_own_is_an_article_in_its_own_language() -> None:
    english = "The ferry carried 1.2 million people last year, a record. The bridge opens in two years."
    first, second = drafts_from_text(
        f"Ferry sets a record\nBy Mary Lam\n30 July 2025\n\n{english}\n\nRead also: Fares to rise\n\n"
        f"渡輪載客創新高\n2025年7月31日\n作者：林美\n\n{FERRY}"
    )
    assert (first.title, first.author, first.language) == ("Ferry sets a record", "Mary Lam", "en")
    assert (second.title, second.author, second.published) == ("渡輪載客創新高", "林美", dt.date(2025, 7, 31))
    assert (first.text, second.text) == (english, FERRY)


def test_labels_between_navigation_and_buttons_go_and_short_words_of_the_text_stay() -> None:
    draft = read(f"渡輪載客創新高\n\n{FERRY}\n\n首頁\n\n生活\n\n影片\n\n分享到Facebook\n\n背景\n\n{BRIDGE}")
    assert draft.text == f"{FERRY}\n\n背景\n\n{BRIDGE}"
    assert reason_of(draft, "生活") == "stands between lines that are no part of the article"


@pytest.mark.parametrize(
    "text",
    [
        f"{BODY}\n\n2025年8月2日\n\n{BODY}",  # a date without a headline is a timeline's
        f"{BODY}\n\n第二期工程\n\n{BRIDGE}",  # a subheading
        f"{BODY}\n\n大橋動工\n2025年8月2日\n動工。\n\n大橋合龍\n2025年9月2日\n合龍。",  # entries of a timeline
        f"{BODY}\n\n(完)\n\n作者是青嶼大學的教授，研究航運三十年。",  # a note on the author
        f"{BODY}\n\n相關文章\n\n渡輪百年史\n\n燈塔的故事",  # a list of other articles
        f"(全文完)\n\n{BODY}",
        f"{BODY}\n\n----------\n\n{BRIDGE}",
    ],
)
def test_without_clear_evidence_a_text_stays_one_article(text: str) -> None:
    assert len(drafts_from_text(text)) == 1


def test_headlines_listed_under_related_articles_go_and_text_after_them_stays() -> None:
    draft = read(f"{BODY}\n\n相關文章\n\n渡輪百年史\n\n燈塔的故事\n\n{BRIDGE[:-1]}，市民都很期待。")
    assert "渡輪百年史" not in draft.text
    assert draft.text.endswith("市民都很期待。")


def test_a_first_line_is_the_headline_and_is_not_marked_as_derived() -> None:
    draft = read(f"渡輪載客創新高\n\n{BODY}")
    assert (draft.title, draft.title_derived, draft.text.startswith(FERRY)) == ("渡輪載客創新高", False, True)


def test_a_text_that_begins_with_its_lead_has_a_derived_title() -> None:
    draft = read(BODY)
    assert draft.title_derived
    assert draft.title
    assert draft.title in FERRY


def test_a_refrain_and_a_short_answer_may_stand_twice() -> None:
    text = (
        "問：你坐過船嗎？\n\n是的。\n\n問：喜歡嗎？這條航線已經開了三十年，載過無數的人。\n\n是的。\n\n- 船票\n- 船票"
    )
    assert read(text).text.count("是的。") == 2
    assert read(text).text.count("- 船票") == 2


def test_wrapped_lines_join_and_lines_that_are_paragraphs_do_not() -> None:
    line = "渡輪公司去年載客一百二十萬人次，比前年多一成，收入也創下十年新高，其中四成是遊客"
    assert read(f"{line}\n{line}。\n").text == f"{line}{line}。"
    assert read(f"{FERRY}\n{BRIDGE}\n").text == f"{FERRY}\n\n{BRIDGE}"


@pytest.mark.parametrize("text", ["", " \n", "首頁\n\n登入", "2025年7月30日", "短"])
def test_a_text_without_an_article_is_refused(text: str) -> None:
    with pytest.raises(UnusableError, match="no text that reads like an article"):
        drafts_from_text(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("港口去年處理了十萬個貨櫃，這個數字創下新高。", "zh-Hant"),
        ("港口去年处理了十万个货柜，这个数字创下新高。", "zh-Hans"),
        ("The harbour handled more boxes in the last year than it did before.", "en"),
        ("港はきのう、たくさんの船で混み合っていました。", "ja"),
        ("Der Hafen hat im vergangenen Jahr mehr Container umgeschlagen.", None),
    ],
)
def test_the_language_is_read_off_the_letters(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_a_derived_title_prefers_what_was_set_apart_early() -> None:
    assert derived_title([BODY], ["渡輪公司載客創新高，比前年多一成", "市長"]) == "渡輪公司載客創新高，比前年多一成"


# Sentences that differ in their number, so that none repeats another.
_SENTENCE = st.integers(10_000, 99_999).map(lambda n: f"港口在這一年裡一共處理了{n}個貨櫃，比前一年多。")
_PARAGRAPH = st.lists(_SENTENCE, min_size=1, max_size=4).map("".join)
_DIRT = st.sampled_from(
    [
        "Skip to Content",
        "分享到Facebook",
        "相關文章",
        "廣告",
        "(完)",
        "** 文責自負 **",
        "渡輪載客創新高",
        "2025年7月30日",
        "記者陳小文",
        "一、背景",
        "---",
        "你或有興趣的文章",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(_PARAGRAPH, _DIRT), max_size=14), _PARAGRAPH)
def test_however_dirt_and_paragraphs_mix_no_sentence_is_lost_or_doubled(pieces: list[str], paragraph: str) -> None:
    given_text = "\n\n".join([*pieces, paragraph])
    text = "\n".join(draft.text for draft in drafts_from_text(given_text))
    sentences = {piece for piece in given_text.replace("。", "。\n").splitlines() if piece.startswith("港口在")}
    assert [sentence for sentence in sentences if sentence not in text] == []


@settings(max_examples=50, deadline=None)
@given(st.lists(_PARAGRAPH, min_size=1, max_size=5), st.integers(2, 3))
def test_paragraphs_shown_several_times_stand_once(paragraphs: list[str], times: int) -> None:
    text = "\n\n".join(paragraph for paragraph in paragraphs for _ in range(times))
    drafts = drafts_from_text(text)
    lines = [line.text for draft in drafts for line in draft.lines]
    assert len(lines) == len(set(lines))
