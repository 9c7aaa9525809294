"""What is taken down leaves the corpus folder, and stays out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from qa.articles import read_corpus
from qa.errors import CorpusError
from qa.feedback import TELLING_CHARS
from qa.takedowns import TAKEN_DOWN, read_published, scrub_log, take_out, taken_down

if TYPE_CHECKING:
    from pathlib import Path

LINE = '{"id": "%s", "title": "題", "text": "%s"}'


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "harbour.md").write_text("港口。", encoding="utf-8")
    (tmp_path / "deep" / "named.md").write_text("---\nid: tea\n---\n茶。", encoding="utf-8")
    lines = [LINE % ("a", "甲。"), "", LINE % ("harbour", "同號的另一篇。"), "{broken", LINE % ("b", "乙。")]
    (tmp_path / "many.jsonl").write_bytes("\r\n".join(lines).encode())
    (tmp_path / "one.jsonl").write_text(LINE % ("only", "丙。") + "\n", encoding="utf-8")
    return tmp_path


def ids(folder: Path) -> set[str]:
    return {article.id for article in read_published(folder).articles}


def test_a_markdown_file_goes_and_of_json_lines_the_articles_own_line(corpus: Path) -> None:
    before = (corpus / "many.jsonl").read_bytes().split(b"\n")
    assert take_out(corpus, ["harbour", "tea"]) == ["deep/named.md", "harbour.md", "many.jsonl"]
    assert not (corpus / "harbour.md").exists()
    assert (corpus / "many.jsonl").read_bytes() == b"\n".join(before[:2] + before[3:])  # byte for byte
    assert ids(corpus) == {"a", "b", "only"}
    assert taken_down(corpus).keys() == {"harbour", "tea"}
    assert sorted(path.name for path in corpus.iterdir()) == ["deep", "many.jsonl", "one.jsonl", TAKEN_DOWN]


def test_a_file_of_one_line_goes_whole(corpus: Path) -> None:
    assert take_out(corpus, ["only"]) == ["one.jsonl"]
    assert not (corpus / "one.jsonl").exists()


def test_a_file_that_cannot_be_read_is_known_by_its_name(corpus: Path) -> None:
    (corpus / "old.md").write_bytes("海港。".encode("gbk"))
    assert take_out(corpus, ["old"]) == ["old.md"]


def test_an_article_that_comes_back_stays_out_and_is_a_problem_until_its_line_is_deleted(corpus: Path) -> None:
    take_out(corpus, ["a", "harbour"])
    take_out(corpus, ["a"])  # again: nothing more to do
    (corpus / "harbour.md").write_text("又來了。", encoding="utf-8")
    found = read_published(corpus)
    assert "harbour" not in {article.id for article in found.articles}
    assert "taken-down.txt:4: 'harbour' is back in the folder and was left out" in map(str, found.problems)
    lines = (corpus / TAKEN_DOWN).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    (corpus / TAKEN_DOWN).write_text("\n".join(lines[:3]), encoding="utf-8")
    assert "harbour" in ids(corpus)


def test_the_list_may_be_written_by_hand(corpus: Path) -> None:
    (corpus / TAKEN_DOWN).write_text("tea\n\n# a\n2025-01-01\tb", encoding="utf-8")
    assert taken_down(corpus) == {"tea": 1, "b": 4}
    take_out(corpus, ["only"])
    assert list(taken_down(corpus)) == ["tea", "b", "only"]


@pytest.mark.parametrize("name", ["with\nbreak", '"quoted"', "tab\tin it", "中文 id"])
def test_any_id_can_be_taken_down(corpus: Path, name: str) -> None:
    take_out(corpus, [name])
    assert list(taken_down(corpus)) == [name]


@pytest.mark.parametrize("encoding", ["gbk", "utf-16", "utf-16-le"])
def test_a_list_that_is_not_utf8_lets_nothing_through_and_stays(corpus: Path, encoding: str) -> None:
    written = "a\n港口\n".encode(encoding)
    (corpus / TAKEN_DOWN).write_bytes(written)
    with pytest.raises(CorpusError, match=r"^Cannot read '.*taken-down\.txt': line [12] is not UTF-8 \(byte 0x..\)\. "):
        read_published(corpus)
    with pytest.raises(CorpusError, match="is not UTF-8"):
        take_out(corpus, ["b"])
    assert (corpus / TAKEN_DOWN).read_bytes() == written


@pytest.mark.parametrize("first", ["a", "# 註\na"])
def test_a_byte_order_mark_is_no_part_of_the_first_id(corpus: Path, first: str) -> None:
    (corpus / TAKEN_DOWN).write_text(f"\ufeff{first}\n", encoding="utf-8")
    assert list(taken_down(corpus)) == ["a"]
    assert "a" not in ids(corpus)
    take_out(corpus, ["b"])
    assert list(taken_down(corpus)) == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bad.jsonl", '{"id":"bar","text":"secret","published":"July"}'),
        ("bad.jsonl", '{"id":"bar","text":"secret","draft":"perhaps"}'),
        ("bad.md", "---\nid: bar\npublished: July\n---\nsecret"),
        ("bad.md", "---\nid: bar\ntitle: [\n---\nsecret"),
    ],
)
def test_an_article_that_cannot_be_used_is_taken_out_all_the_same(corpus: Path, name: str, content: str) -> None:
    (corpus / name).write_text(content, encoding="utf-8")
    assert take_out(corpus, ["bar"]) == [name]
    assert not (corpus / name).exists()


def test_a_link_stays_a_link_and_what_it_leads_to_is_cut_once(corpus: Path) -> None:
    kept = corpus / ".store"
    kept.mkdir()
    (corpus / "many.jsonl").rename(kept / "real.jsonl")
    for link in ("articles.jsonl", "many.jsonl"):
        (corpus / link).symlink_to(kept / "real.jsonl")
    before = (kept / "real.jsonl").read_bytes().split(b"\n")
    assert take_out(corpus, ["a"]) == ["articles.jsonl", "many.jsonl"]
    assert (kept / "real.jsonl").read_bytes() == b"\n".join(before[1:])
    assert (corpus / "articles.jsonl").is_symlink()
    assert (corpus / "many.jsonl").is_symlink()
    assert sorted(path.name for path in kept.iterdir()) == ["real.jsonl"]


def test_lines_of_the_log_that_cite_an_article_or_name_its_headline_go_and_a_writer_goes_on(tmp_path: Path) -> None:
    log, older = tmp_path / "qa.log", tmp_path / "qa.log.2025-01-01"
    lines = [
        '{"cited": ["tea:0-5"]}',
        '{"cited": ["tea2:0-5", "a:b:1-2"]}',
        '{"cited": [], "question": "\\u5c71\\u8336\\u8c50\\u6536了嗎？"}',
        "no JSON",
        "[]",
    ]
    for path in (log, older):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with log.open("a", encoding="utf-8") as writer:
        assert scrub_log(log, ["tea"], ["山茶豐收了嗎"]) == 4
        writer.write("later\n")
    assert log.read_text(encoding="utf-8").splitlines() == [lines[1], *lines[3:], "later"]
    assert older.read_text(encoding="utf-8").splitlines() == [lines[1], *lines[3:]]
    assert scrub_log(log, ["a:b"]) == 2
    assert scrub_log(tmp_path / "none.log", ["a"]) == 0


def test_a_headline_too_short_to_tell_deletes_no_line_of_the_log(tmp_path: Path) -> None:
    log = tmp_path / "qa.log"
    lines = ['{"cited": [], "question": "AI 是什麼？"}', '{"cited": [], "question": "問一二三四五嗎"}']
    log.write_text("\n".join(lines), encoding="utf-8")
    assert scrub_log(log, [], ["AI", "", "一二三四五"]) == 0
    assert len("一二三四五") == TELLING_CHARS - 1
    assert scrub_log(log, [], ["問一二三四五"]) == 1


def test_a_corpus_of_nothing_else_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "harbour.md").write_text("港口。", encoding="utf-8")
    (tmp_path / TAKEN_DOWN).write_text("harbour\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="but 1 taken down"):
        read_published(tmp_path)


def test_a_list_that_cannot_be_read_lets_nothing_through(corpus: Path) -> None:
    (corpus / TAKEN_DOWN).mkdir()
    with pytest.raises(CorpusError, match=r"^Cannot read '.*taken-down\.txt': Is a directory"):
        read_published(corpus)


def test_a_folder_that_cannot_be_written_is_one_line_and_changes_nothing(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = read_corpus(corpus)
    with monkeypatch.context() as full:
        full.setattr(os, "fsync", refuse)
        with pytest.raises(CorpusError, match=r"^Cannot take [^\n]*: No space left on device\.[^\n]*run it again\.$"):
            take_out(corpus, ["a", "harbour"])
    assert read_corpus(corpus) == before
    assert not any(path.name.startswith(".") for path in corpus.iterdir())
