"""Articles and passages come back from the catalogue as they went in."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.dictionary import Dictionary
from qa.errors import CorpusError, IndexDamagedError
from qa.index.catalogue import Catalogue, article_from_json, article_to_json
from qa.passages import cut_passages
from qa.records import Article
from qa.text.dates import time_notes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.text(CHARACTERS, min_size=1)
MAYBE = st.none() | TEXTS
ARTICLES = st.builds(
    Article,
    id=TEXTS,
    title=st.text(CHARACTERS),
    text=TEXTS,
    url=MAYBE,
    published=st.none() | st.dates(),
    author=MAYBE,
    source=MAYBE,
    language=MAYBE,
    questions=st.lists(TEXTS, max_size=2).map(tuple),
)
ODD_IDS = ["a" * 300, "../../etc/passwd", 'it\'s "quoted"', "a\x00b", "😀", "%_", "", " ", "Ａ", "港/口?#&"]


def put(catalogue: Catalogue, *articles: Article) -> None:
    for article in articles:
        notes = time_notes(article.text, article.published)
        catalogue.add_article(article, [(passage, notes) for passage in cut_passages(article, 300)])
    catalogue.add_dictionary(Dictionary({"port": ("港", "港口")}, {"港": ("port",)}))


@pytest.fixture
def catalogue() -> Iterator[Catalogue]:
    with contextlib.closing(Catalogue.create(None)) as empty:
        yield empty


@given(ARTICLES)
def test_an_article_comes_back_code_point_for_code_point(article: Article) -> None:
    assert article_from_json(article_to_json(article)) == article
    with contextlib.closing(Catalogue.create(None)) as catalogue:
        put(catalogue, article)
        assert catalogue.article(article.id) == article
        for number in catalogue.passages_of(article.id):
            passage, _ = catalogue.passage(number)
            assert passage.text == article.text[passage.start : passage.end]


@pytest.mark.parametrize(
    "text", ["甲\r\n乙。\r\n", "\ufeff甲。", "😀𠮷e\u0301。", "甲\x00乙。", "甲\u2028乙。", "\x85\x1c。"]
)
def test_a_file_gives_back_odd_texts_too(tmp_path: Path, make_article: Callable[..., Article], text: str) -> None:
    article = make_article(text)
    created = Catalogue.create(tmp_path / "c.sqlite")
    put(created, article)
    created.close()
    with contextlib.closing(Catalogue.open(tmp_path / "c.sqlite")) as opened:
        assert opened.article("harbour") == article
        assert [opened.passage(number)[0] for number in opened.passages_of("harbour")] == cut_passages(article, 300)


def test_a_passage_keeps_its_sentences_and_time_notes(
    catalogue: Catalogue, make_article: Callable[..., Article]
) -> None:
    article = make_article("甲去年來。乙今年走。")
    put(catalogue, article)
    passage, notes = catalogue.passage(0)
    assert passage == cut_passages(article, 300)[0]
    assert [note.date for note in notes] == ["2024年", "2025年"]


@pytest.mark.parametrize("article_id", ODD_IDS)
def test_odd_ids_are_found(catalogue: Catalogue, make_article: Callable[..., Article], article_id: str) -> None:
    put(catalogue, make_article(), make_article("別的文章。", id=article_id))
    assert catalogue.article(article_id).text == "別的文章。"
    assert catalogue.passages_of(article_id) == [1]


@pytest.mark.parametrize("article_id", ["\ud800", "x\udfffy", "nowhere", "HARBOUR", "harbour\x00", *ODD_IDS])
def test_unknown_ids_have_no_passages_and_no_article(
    catalogue: Catalogue, make_article: Callable[..., Article], article_id: str
) -> None:
    put(catalogue, make_article())
    assert catalogue.passages_of(article_id) == []
    assert catalogue.article_by_title(article_id) is None
    with pytest.raises(KeyError):
        catalogue.article(article_id)


def test_half_a_surrogate_pair_is_refused(catalogue: Catalogue, make_article: Callable[..., Article]) -> None:
    with pytest.raises(CorpusError, match=r"'bad' holds half a surrogate pair"):
        put(catalogue, make_article("\ud800", id="bad"))


def test_headlines_come_newest_first_and_undated_ones_last(
    catalogue: Catalogue, make_article: Callable[..., Article]
) -> None:
    days = [None, dt.date(2024, 1, 1), dt.date(2025, 1, 1), None]
    put(
        catalogue, *(make_article(id=str(number), title=f"t{number}", published=day) for number, day in enumerate(days))
    )
    assert catalogue.headlines(10) == [("2", "t2", days[2]), ("1", "t1", days[1]), ("0", "t0", None), ("3", "t3", None)]
    assert len(catalogue.headlines(2)) == 2


def test_a_title_leads_to_its_newest_article(catalogue: Catalogue, make_article: Callable[..., Article]) -> None:
    put(
        catalogue,
        make_article(id="undated", published=None),
        make_article(id="old", published=dt.date(2020, 1, 1)),
        make_article(id="new", published=dt.date(2024, 1, 1)),
    )
    assert catalogue.article_by_title(" 港口新聞 ") == "new"
    assert catalogue.article_by_title("港口") is None


def test_sentence_starts_count_sentences_by_passage(catalogue: Catalogue, make_article: Callable[..., Article]) -> None:
    put(catalogue, make_article("甲。乙。", id="1"), make_article("丙。", id="2"))
    assert catalogue.sentence_starts().tolist() == [0, 2, 3]


def test_translations_are_looked_up_on_disk(catalogue: Catalogue) -> None:
    put(catalogue)
    to_han = catalogue.translations("to_han")
    assert to_han["port"] == ("港", "港口")
    assert "ship" not in to_han
    assert "\ud800" not in to_han
    assert len(to_han) == 1


def test_a_catalogue_cannot_be_written_once_it_is_open(tmp_path: Path, make_article: Callable[..., Article]) -> None:
    Catalogue.create(tmp_path / "c.sqlite").close()
    opened = Catalogue.open(tmp_path / "c.sqlite")
    with contextlib.closing(opened), pytest.raises(Exception, match="readonly"):
        opened.add_article(make_article(), [])


def test_a_damaged_file_is_an_index_fault(tmp_path: Path) -> None:
    (tmp_path / "c.sqlite").write_bytes(b"no database at all" * 100)
    with contextlib.closing(Catalogue.open(tmp_path / "c.sqlite")) as opened:
        with pytest.raises(IndexDamagedError, match="Rebuild with: qa index --rebuild"):
            opened.sentence_starts()
        with pytest.raises(IndexDamagedError):
            opened.passages_of("a")
