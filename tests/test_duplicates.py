"""Which articles tell one story, and which only look alike."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

import pytest

from qa.duplicates import Story, find_copies, stands_in
from qa.records import Article
from qa.text.folding import to_simplified

LEAD = "澄灣港務局昨日宣布，新貨櫃碼頭將於明年三月啟用，首年預計處理八十五萬個標準箱。"
BODY = (
    "局長何志朗表示，碼頭採用全自動岸吊，人手需求較舊碼頭減少四成。",
    "工程耗資二十六億元，由政府與三家航運公司共同出資，政府佔五成一。",
    "環保團體則擔心挖泥工程影響附近的中華白海豚，要求港務局公開監測數據。",
    "何志朗回應說，監測報告每季上網，市民可以隨時查閱，工程期間亦設有觀察員。",
    "舊碼頭將改建為海濱公園，面積約十二公頃，預計分兩期完成，第一期後年開放。",
    "航運業人士認為，新碼頭有助澄灣留住轉口生意，但附近港口的競爭仍然激烈。",
)
WIRE = "\n\n".join((LEAD, *BODY))
YEARLY = (
    "青巒科技公布{year}年業績，全年收入{income}億元，按年增長{growth}%。\n\n"
    "純利為{profit}億元，每股盈利{share}元，董事會建議派發末期股息每股{dividend}仙。\n\n"
    "主席陳穎欣表示，集團將繼續投資研發，並在東南亞設立新的生產基地。\n\n"
    "青巒科技成立於上世紀末，總部設於澄灣科學園，主要生產工業機械人的關節模組。\n\n"
    "集團在年報中重申，會維持穩定的派息政策，並審慎管理現金流和匯率風險。"
)
FORM = (
    "{city}天文台今日發出天氣報告：{city}大致多雲，間中有陽光，最高氣溫約二十八度。\n"
    "吹和緩偏東風，離岸風勢間中清勁。{city}市民外出應注意補充水分。\n"
    "海面有中浪，泳客應留意沙灘告示。{city}的空氣質素健康指數屬低水平。\n"
    "展望未來數日天色大致良好，早晚仍然清涼，相對濕度約為百分之六十。"
)
ABOUT = (
    "關於青巒科技：青巒科技是澄灣的機械人關節模組製造商，產品銷往二十多個國家和地區，"
    "設有三個研發中心，持有逾六百項專利，並連續多年獲選為最佳僱主。投資者可瀏覽公司網站了解詳情。"
)


def article(name: str, text: str = WIRE, **fields: Any) -> Article:
    return Article(**{"id": name, "title": "", "text": text, "published": dt.date(2025, 7, 30), **fields})


def stories(*articles: Article) -> list[tuple[str, ...]]:
    return [story.articles for story in find_copies(articles).stories]


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(article("b", title="澄灣新碼頭明年啟用"), id="another headline"),
        pytest.param(article("b", to_simplified(WIRE)), id="the other script"),
        pytest.param(article("b", "\n\n".join(BODY)), id="the lead cut"),
        pytest.param(article("b", "\n\n".join((LEAD, *BODY[:3]))), id="the end cut"),
        pytest.param(article("b", f"【本報訊】讀者期待已久的消息終於傳來。\n\n{WIRE}"), id="a lead added"),
        pytest.param(article("b", WIRE.replace(LEAD, "澄灣的航運業即將迎來大變化。")), id="another lead"),
        pytest.param(article("b", f"（中通社澄灣31日電）{WIRE}"), id="a dateline"),
        pytest.param(article("b", f"# 標題\n發布時間：2025-07-31 08:15\n{WIRE}"), id="a time stamp"),
        pytest.param(article("b", WIRE.replace("八十五萬", "85萬").replace("，", ",")), id="other digits and commas"),
        pytest.param(article("b", WIRE.replace("表示", "指出").replace("激烈", "激烈，前景未明")), id="an edit"),
        pytest.param(article("b", WIRE.replace("\n\n", "")), id="other paragraphs"),
        pytest.param(article("b", published=dt.date(2027, 1, 1)), id="a reprint, years later"),
        pytest.param(article("b", published=None), id="no date"),
    ],
)
def test_copies_of_a_text_are_one_story(copy: Article) -> None:
    assert [set(story) for story in stories(article("a"), copy)] == [{"a", "b"}]


def test_english_copies_are_one_story() -> None:
    text = (
        "The port of Chengwan will open its new container terminal in March, officials said on Tuesday. "
        "The terminal is expected to handle 850,000 boxes in its first year. "
        "Environmental groups have asked the authority to publish its monitoring data every quarter. "
        "The old terminal will become a waterfront park of twelve hectares, built in two stages."
    )
    copy = article("b", f"CHENGWAN (Reuters) - {text.replace('officials', 'port officials')}", title="Port to open")
    assert stories(article("a", text), copy) == [("a", "b")]


def yearly(name: str, year: int, income: float, **fields: Any) -> Article:
    text = YEARLY.format(year=year, income=income, growth=12, profit=3.1, share=0.42, dividend=15)
    return article(name, text, **fields)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(yearly("a", 2023, 41.2), yearly("b", 2024, 46.1), id="reports of two years"),
        pytest.param(yearly("a", 2024, 41.2), yearly("b", 2024, 46.1), id="one figure"),
        pytest.param(
            article("a", YEARLY.format(year=2023, income=41.2, growth=12, profit=3.1, share=0.42, dividend=15)),
            article("b", to_simplified(YEARLY.format(year=2024, income=5, growth=1, profit=2, share=3, dividend=4))),
            id="reports of two years in two scripts",
        ),
        pytest.param(article("a"), article("b", WIRE.replace("三月", "五月")), id="one month"),
        pytest.param(
            article("a", WIRE.replace("首年", "第一季")), article("b", WIRE.replace("首年", "第二季")), id="quarters"
        ),
        pytest.param(
            article("a", FORM.format(city="澄灣")), article("b", FORM.format(city="青巒")), id="a form filled in twice"
        ),
        pytest.param(
            article("a", f"青巒科技宣布委任李佩珊為財務總監，她曾任職多家銀行，下月一日履新。\n\n{ABOUT}"),
            article("b", f"青巒科技與澄灣大學合作開設機械人實驗室，為工程系學生提供實習機會和獎學金。\n\n{ABOUT}"),
            id="the same lines about a company",
        ),
        pytest.param(article("a", "詳情請看影片。", title="甲"), article("b", "詳情請看影片。", title="乙"), id="tiny"),
        pytest.param(
            article("a", published=dt.date(2025, 1, 2)),
            article("b", WIRE.replace(LEAD, "澄灣港務局公布第二期工程的安排。"), published=dt.date(2025, 7, 30)),
            id="half a year later, with another lead",
        ),
        pytest.param(article("a"), article("b", "".join(reversed(WIRE))), id="nothing in common"),
    ],
)
def test_stories_that_only_look_alike_stay_apart(one: Article, other: Article) -> None:
    assert stories(one, other) == []


def test_the_newest_of_complete_copies_comes_first_and_cut_ones_last() -> None:
    older, newer = article("old"), article("new", published=dt.date(2025, 7, 31))
    cut = article("cut", "\n\n".join((LEAD, *BODY[:3])), published=dt.date(2025, 8, 1))
    assert stories(cut, older, newer) == [("new", "old", "cut")]


def test_a_cut_copy_without_figures_does_not_join_two_reports() -> None:
    bare = "\n\n".join(yearly("x", 2024, 1).text.split("\n\n")[2:])
    found = stories(yearly("a", 2023, 41.2), yearly("b", 2024, 46.1), article("c", bare))
    assert [len(story) for story in found] == [2]


WRONG = article("wrong", title="澄灣新碼頭明年啟用")
RIGHT = WIRE.replace("二十六億", "二十九億")


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "【更正】澄灣新碼頭耗資29億"},
        {"title": "澄湾新码头耗资29亿（更正）"},
        {"title": "更正：工程耗資"},
        {"title": "Correction: cost of the terminal"},
        {"title": "澄灣新碼頭", "corrects": "wrong"},
        {"title": "", "text": f"更正啟事：以下報道的金額已經改正。\n\n{RIGHT}"},
    ],
)
def test_a_correction_takes_the_place_of_what_it_corrects(fields: dict[str, Any]) -> None:
    right = article("right", **{"text": RIGHT, "published": dt.date(2025, 8, 2), **fields})
    copy = article("copy", title="港務局：新碼頭明年三月開幕")
    (story,) = find_copies([WRONG, copy, right]).stories
    assert story.articles[0] == "right"
    assert story.corrected == {"wrong", "copy"}


def test_a_correction_without_other_figures_comes_first_all_the_same() -> None:
    right = article("right", WIRE.replace("何志朗", "何志良"), title="更正：局長姓名", published=dt.date(2025, 7, 30))
    assert find_copies([WRONG, right]).stories == (Story(("right", "wrong"), frozenset({"wrong"})),)


def test_a_correction_of_one_year_leaves_the_other_alone() -> None:
    articles = [yearly("y2023", 2023, 41.2), yearly("y2024", 2024, 46.1)]
    articles.append(yearly("right", 2024, 46.9, title="更正：青巒科技業績"))
    assert stories(*articles) == [("right", "y2024")]


def test_a_second_correction_comes_before_the_first() -> None:
    first = article("first", RIGHT, title="更正：碼頭造價", published=dt.date(2025, 8, 1))
    second = article("second", WIRE.replace("二十六億", "三十億"), title="再更正", corrects="first")
    (story,) = find_copies([first, second, WRONG]).stories
    assert story == Story(("second", "first", "wrong"), frozenset({"first", "wrong"}))


@pytest.mark.parametrize(
    "fields", [{"title": "更正", "corrects": "wrong"}, {"title": "更正：澄灣新碼頭明年啟用"}], ids=["by id", "by name"]
)
def test_a_short_notice_stands_beside_what_it_corrects(fields: dict[str, Any]) -> None:
    notice = article("notice", "本報早前報道新碼頭耗資二十六億元，應為二十九億元，特此更正。", **fields)
    found = find_copies([WRONG, notice])
    assert (found.stories, found.notices) == ((), {"wrong": "notice"})


@pytest.mark.parametrize("name", ["gone", "right", ""])
def test_a_correction_of_nothing_known_changes_nothing(name: str) -> None:
    assert find_copies([WRONG, article("right", "別的一篇文章。", corrects=name)]).stories == ()


def test_sentences_stand_in_an_article_with_the_same_figures_only() -> None:
    stands = functools.partial(stands_in, article=article("a"))
    assert stands([LEAD, to_simplified(BODY[1])])
    assert stands(["局長何志朗指出，碼頭採用全自動岸吊，人手需求較舊碼頭減少四成。"])
    assert not stands([LEAD.replace("八十五萬", "八十九萬")])
    assert not stands(["這一句別處沒有。"])


def test_many_reports_of_one_form_stay_apart() -> None:
    days = (dt.date(2025, 1, 1) + dt.timedelta(days=n % 90) for n in range(200))
    assert stories(*(yearly(str(n), 1000 + n, n / 7, published=day) for n, day in enumerate(days))) == []
