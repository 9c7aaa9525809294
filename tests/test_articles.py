"""A folder of articles, as publishers really fill it."""

from __future__ import annotations

import datetime as dt
import errno
import itertools
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa.articles import Corpus, Waiting, places_of, read_corpus
from qa.errors import CorpusError
from qa.fields import ID_MAX_CHARS
from qa.records import Article

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = "# 好文章\n\n內文。\n"
ALIASES = "a: &a [x, x, x]\n" + "".join(  # 3 to the 20th power words, if written out
    f"{name}: &{name} [{', '.join([f'*{before}'] * 3)}]\n"
    for before, name in itertools.pairwise("abcdefghijklmnopqrst")
)


@pytest.fixture
def corpus(tmp_path: Path) -> Callable[..., Corpus]:
    """Returns a reader of a corpus given as file names and their content."""

    def read(files: dict[str, str | bytes]) -> Corpus:
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_corpus(tmp_path)

    return read


def line(**fields: Any) -> str:
    return json.dumps(fields, ensure_ascii=False)


def problems(corpus: Corpus) -> list[str]:
    return [str(problem) for problem in corpus.problems]


def test_front_matter_fills_the_fields_and_the_text_starts_after_it(corpus: Callable[..., Corpus]) -> None:
    front = (
        "---\nid: x\ntitle: 題\nurl: https://a.example/1\npublished: 2025-07-30\nauthor: 甲\nsource: 報\nlanguage: zh\n"
    )
    found = corpus({"a.md": f"{front}questions: [問一, 問二]\n---\n\n# 內\n文。\n"})
    assert found.articles == (
        Article(
            "x", "題", "\n# 內\n文。\n", "https://a.example/1", dt.date(2025, 7, 30), "甲", "報", "zh", ("問一", "問二")
        ),
    )
    assert not found.problems


def test_without_front_matter_the_file_name_is_the_id_and_the_first_heading_the_title(
    corpus: Callable[..., Corpus],
) -> None:
    (article,) = corpus({"folder/港口 2025.md": GOOD}).articles
    assert (article.id, article.title, article.text) == ("港口 2025", "好文章", GOOD)


@pytest.mark.parametrize(
    "text",
    [
        "甲\r\n乙\r\n",
        "甲\n\n\n 乙 ",
        "甲\u2028乙\x0b丙",
        "😀𠮷 e\u0301",
        "甲\x00乙",
        "\t甲\u3000",
        "甲\r乙",
        "甲\ufeff乙",
    ],
)
@pytest.mark.parametrize("front", ["", "---\ntitle: 題\n---\n", "---\r\ntitle: 題\r\n---\r\n"])
def test_the_text_is_exactly_what_was_given(corpus: Callable[..., Corpus], front: str, text: str) -> None:
    found = corpus({"a.md": front + text, "b.jsonl": line(id="b", text=text)})
    assert [article.text for article in found.articles] == [text, text]


@pytest.mark.parametrize("front", ["", "---\nid: a\n---\n"])
def test_a_byte_order_mark_is_no_part_of_the_text(corpus: Callable[..., Corpus], front: str) -> None:
    found = corpus({"a.md": "\ufeff" + front + GOOD, "b.jsonl": "\ufeff" + line(id="b", text=GOOD)})
    assert [article.text for article in found.articles] == [GOOD, GOOD]


@pytest.mark.parametrize("text", ["---\n\n內文。", "內文。\n---\nid: x\n---\n", "--- 不是\n內文。"])
def test_a_line_of_dashes_elsewhere_is_text(corpus: Callable[..., Corpus], text: str) -> None:
    found = corpus({"a.md": text, "b.md": GOOD})
    expected = [text, GOOD] if not text.startswith("---\n") else [GOOD]  # an opening line alone is a problem
    assert [article.text for article in found.articles] == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("---\nid: a\n內文。", "a.md:1: front matter opens with '---' but is never closed by another '---' line"),
        ("---\nid: a\ntitle: [\n---\n內文。", "a.md:4: front matter is not YAML: "),
        ("---\nid: a\n\tb: c\n---\n內文。", "a.md:3: front matter is not YAML: "),
        ("---\n- a\n---\n內文。", "a.md:2: front matter is not a list of 'key: value' lines"),
        (
            "---\npublished: 2025-13-40\n---\n內文。",
            "a.md:1: 'published' is '2025-13-40', not a date such as 2025-07-30",
        ),
        ("---\npublished: 七月\n---\n內文。", "a.md:1: 'published' is '七月', not a date such as 2025-07-30"),
        ("---\ntitle: {a: b}\n---\n內文。", "a.md:1: 'title' is {'a': 'b'}, not a string"),
        ("---\nquestions: 問\n---\n內文。", "a.md:1: 'questions' is '問', not a list of strings"),
        ("---\nid: a\n---\n \n", "a.md:1: has no text"),
        ("---\ntitle: " + "[" * 2000 + "\n---\n內文。", "a.md:2: front matter holds a value that is nested too deep"),
        ("---\npublished: !!timestamp x\n---\n內文。", "a.md:2: front matter holds a value that is nested too deep or"),
        ("---\ntitle: !!bool x\n---\n內文。", "a.md:2: front matter holds a value that is nested too deep or"),
        ("---\nid: !!int ''\n---\n內文。", "a.md:2: front matter holds a value that is nested too deep or"),
        ("---\nid: !!int 0x" + "f" * 5000 + "\n---\n內文。", "a.md:1: Exceeds the limit (4300 digits)"),
        (f"---\n{ALIASES}draft: *t\n---\n內文。", "a.md:1: 'draft' is [[["),
        (f"---\n{ALIASES}published: *t\n---\n內文。", "a.md:1: 'published' is [[["),
        ("", "a.md:1: has no text"),
        (
            "---\nid: " + "x" * 301 + "\n---\n內文。",
            f"a.md:1: has an id of 301 characters; the longest is {ID_MAX_CHARS}",
        ),
        ("一\n二\n三".encode("utf-16"), "a.md:1: is not UTF-8 (byte 0xff); save it as UTF-8"),
        ("好\n".encode() + "港口".encode("big5"), "a.md:2: is not UTF-8 (byte 0xb4); save it as UTF-8"),
    ],
)
def test_a_bad_markdown_file_is_a_problem_with_its_line(
    corpus: Callable[..., Corpus], content: str | bytes, expected: str
) -> None:
    found = corpus({"a.md": content, "good.md": GOOD})
    assert [article.id for article in found.articles] == ["good"]
    assert len(found.problems) == 1
    assert problems(found)[0].startswith(expected)
    assert "\n" not in problems(found)[0]


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        ("{", "a.jsonl:3: is not JSON: "),
        ("[" * 100_000, "a.jsonl:3: is not JSON: "),
        ("[1]", "a.jsonl:3: is not a JSON object but list"),
        ("null", "a.jsonl:3: is not a JSON object but NoneType"),
        ('{"id": "x"}', "a.jsonl:3: has no 'text' string"),
        ('{"id": "x", "text": 5}', "a.jsonl:3: has no 'text' string"),
        ('{"id": "x", "text": "  "}', "a.jsonl:3: has no text"),
        ('{"text": "甲"}', "a.jsonl:3: has no 'id'"),
        ('{"id": "", "text": "甲"}', "a.jsonl:3: has no 'id'"),
        ('{"id": "  ", "text": "甲"}', "a.jsonl:3: has no 'id'"),
        ('{"id": ["x"], "text": "甲"}', "a.jsonl:3: 'id' is ['x'], not a string"),
        ('{"id": true, "text": "甲"}', "a.jsonl:3: 'id' is True, not a string"),
        ('{"id": "x", "text": "甲", "title": ["t"]}', "a.jsonl:3: 'title' is ['t'], not a string"),
        ('{"id": "x", "text": "甲", "published": "昨天"}', "a.jsonl:3: 'published' is '昨天', not a date"),
        (
            '{"id": "x", "text": "甲", "published": 1712123112345}',
            "a.jsonl:3: 'published' is 1712123112345, not a date",
        ),
        ('{"id": "x", "text": "甲", "published": "1712123112345"}', "a.jsonl:3: 'published' is '1712123112345', not"),
        ('{"id": "x", "text": "甲", "views": ' + "9" * 5000 + "}", "a.jsonl:3: holds a number of too many digits"),
        ('{"id": "x", "text": "甲", "draft": "perhaps"}', "a.jsonl:3: 'draft' is 'perhaps', neither true nor false"),
        ('{"id": "x", "text": "甲", "published": {}}', "a.jsonl:3: 'published' is {}, not a date"),
        ('{"id": "x", "text": "甲", "questions": [1]}', "a.jsonl:3: 'questions' is [1], not a list of strings"),
        ('{"id": "x", "text": "\\ud800"}', "a.jsonl:3: holds half a surrogate pair"),
        ('{"id": "x", "text": "甲", "questions": ["\\ud800"]}', "a.jsonl:3: holds half a surrogate pair"),
    ],
)
def test_a_bad_json_line_is_a_problem_with_its_line(corpus: Callable[..., Corpus], bad: str, expected: str) -> None:
    found = corpus({"a.jsonl": f"{line(id='one', text='甲')}\n\n{bad}\r\n{line(id='two', text='乙')}\n"})
    assert [article.id for article in found.articles] == ["one", "two"]
    assert len(found.problems) == 1
    assert problems(found)[0].startswith(expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-07-30", dt.date(2025, 7, 30)),
        ("2025-07-30T23:59:59+08:00", dt.date(2025, 7, 30)),
        ("20250730", dt.date(2025, 7, 30)),
        (20250730, dt.date(2025, 7, 30)),
        (" 2025-07-30 ", dt.date(2025, 7, 30)),
        ("", None),
        (None, None),
    ],
)
def test_dates_are_read_in_the_iso_forms(corpus: Callable[..., Corpus], value: Any, expected: dt.date | None) -> None:
    (article,) = corpus({"a.jsonl": line(id="a", text="甲", published=value)}).articles
    assert article.published == expected


@pytest.mark.parametrize("written", ["2025-07-30", "'2025-07-30'", "2025-07-30 10:00:00", "2025-07-30T10:00:00+08:00"])
def test_front_matter_takes_dates_and_times(corpus: Callable[..., Corpus], written: str) -> None:
    (article,) = corpus({"a.md": f"---\npublished: {written}\n---\n內文。"}).articles
    assert article.published == dt.date(2025, 7, 30)


@pytest.mark.parametrize("written", ["007", "2024", "yes", "12:30", "1e5", "2025-07-30", "1_000"])
def test_a_value_without_quotes_in_front_matter_stays_as_written(corpus: Callable[..., Corpus], written: str) -> None:
    (article,) = corpus({"a.md": f"---\nid: {written}\ntitle: {written}\n---\n內文。"}).articles
    assert (article.id, article.title) == (written, written)


@pytest.mark.parametrize("empty", ["", "~", "null", "''"])
def test_an_empty_id_or_field_counts_as_none(corpus: Callable[..., Corpus], empty: str) -> None:
    (article,) = corpus({"a.md": f"---\nid: {empty}\nauthor: {empty}\npublished: {empty}\n---\n內文。"}).articles
    assert (article.id, article.author, article.published) == ("a", None, None)


def test_numbers_are_taken_as_strings(corpus: Callable[..., Corpus]) -> None:
    (article,) = corpus({"a.jsonl": line(id=7, text="甲", title=2024, author="")}).articles
    assert (article.id, article.title, article.author) == ("7", "2024", None)


def test_a_second_article_with_an_id_is_left_out_naming_both_places(corpus: Callable[..., Corpus]) -> None:
    found = corpus({"a.jsonl": line(id="x", text="甲"), "b.jsonl": f"\n{line(id='x', text='乙')}"})
    assert [article.text for article in found.articles] == ["甲"]
    assert problems(found) == ["b.jsonl:2: the id 'x' is taken by a.jsonl:1; this article was left out"]


def test_the_same_article_twice_is_one_and_no_problem(corpus: Callable[..., Corpus]) -> None:
    found = corpus({"a.jsonl": line(id="x", text="甲"), "b.jsonl": line(text="甲", id="x")})
    assert len(found.articles) == 1
    assert not found.problems


def test_a_file_of_questions_among_the_articles_is_one_problem(corpus: Callable[..., Corpus]) -> None:
    questions = "\n".join(line(id=f"q{n}", question="誰？", answers=[], article_ids=[]) for n in range(5))
    found = corpus({"a.md": GOOD, "questions.jsonl": questions})
    assert problems(found) == ["questions.jsonl:1: holds questions, not articles"]


def test_hidden_files_readmes_and_other_kinds_are_passed_over(corpus: Callable[..., Corpus]) -> None:
    bad: dict[str, str | bytes] = dict.fromkeys(
        [".a.md", ".git/b.md", "README.md", "sub/readme.md", "c.txt", "d.md.bak", "e.json"], b"\xff"
    )
    found = corpus({**bad, "sub/good.MD": GOOD})
    assert [article.id for article in found.articles] == ["good"]
    assert not found.problems


def test_articles_come_in_the_order_of_their_files(corpus: Callable[..., Corpus]) -> None:
    found = corpus({"b.md": GOOD, "a.jsonl": f"{line(id='z', text='甲')}\n{line(id='y', text='乙')}", "c/a.md": GOOD})
    assert [article.id for article in found.articles] == ["z", "y", "b", "a"]


def test_a_missing_folder_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"No folder of articles at '.*nowhere'\. Create it, or set QA_CORPUS_DIR\."):
        read_corpus(tmp_path / "nowhere")
    assert list(places_of(tmp_path / "nowhere")) == []


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"No article in .* Put \.md or \.jsonl files there\."):
        read_corpus(tmp_path)


def test_a_folder_of_bad_files_only_says_why(corpus: Callable[..., Corpus]) -> None:
    with pytest.raises(CorpusError, match=r"1 left out, first a\.jsonl:1: has no 'id'\."):
        corpus({"a.jsonl": line(text="甲")})


def test_a_link_to_nowhere_is_passed_over(corpus: Callable[..., Corpus], tmp_path: Path) -> None:
    (tmp_path / "dangling.md").symlink_to(tmp_path / "gone.md")
    assert len(corpus({"a.md": GOOD}).articles) == 1


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """Returns the folders that nobody may list; file permissions do not bind root, who may run the tests."""
    folders: set[Path] = set()
    listed = os.scandir

    def scan(place: Any = ".") -> Any:
        if Path(place) in folders:
            raise PermissionError(errno.EACCES, "Permission denied", str(place))
        return listed(place)

    monkeypatch.setattr(os, "scandir", scan)
    return folders


def test_a_folder_that_cannot_be_read_is_a_problem(
    corpus: Callable[..., Corpus], closed: set[Path], tmp_path: Path
) -> None:
    closed |= {tmp_path / "b" / "deep", tmp_path / ".hidden"}
    found = corpus({"a.md": GOOD, "b/deep/c.md": GOOD, "b/d.md": GOOD, ".hidden/e.md": GOOD})
    assert [article.id for article in found.articles] == ["a", "d"]
    assert problems(found) == ["b/deep: cannot be read: Permission denied"]


def test_a_corpus_folder_that_cannot_be_read_is_an_error(
    corpus: Callable[..., Corpus], closed: set[Path], tmp_path: Path
) -> None:
    closed.add(tmp_path)
    with pytest.raises(
        CorpusError, match=r"^Cannot read the folder '.*': Permission denied\. Check its permissions\.$"
    ):
        corpus({"a.md": GOOD})


def test_a_file_that_may_not_be_looked_at_is_read_to_see(
    corpus: Callable[..., Corpus], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refuse)
    found = corpus({"a.md": GOOD})
    assert ([article.id for article in found.articles], problems(found)) == (["a"], [])


def test_a_place_is_found_whatever_the_other_fields_hold(tmp_path: Path) -> None:
    lines = [
        line(id="a", text="甲", published="July"),
        '{"id": "b", "text": "乙", "views": ' + "9" * 5000 + "}",
        '{"id": "c", "text": "丙',
        '{"text": "丁", "of": {"id": "c"',  # the id of something else
        line(id=7, draft="perhaps"),
        line(id=["x"], text="戊"),
    ]
    (tmp_path / "a.jsonl").write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    (tmp_path / "b.jsonl").write_bytes(line(id="e", text="己").encode("gbk"))
    (tmp_path / "c.md").write_text("---\nid: f\npublished: July\n---\n庚。", encoding="utf-8")
    (tmp_path / "d.md").write_text("---\ntitle: [\nid: 'g'\n---\nid: 辛", encoding="utf-8")
    (tmp_path / "e.md").write_text("---\ntitle: [\n---\nid: 壬", encoding="utf-8")
    (tmp_path / "q.jsonl").write_text(line(id="q", question="誰？"), encoding="utf-8")
    found = [(path.name, number, name) for path, number, name in places_of(tmp_path)]
    assert found == [
        ("a.jsonl", 1, "a"),
        ("a.jsonl", 2, "b"),
        ("a.jsonl", 3, "c"),
        ("a.jsonl", 5, "7"),
        ("b.jsonl", 1, "e"),
        ("c.md", 1, "f"),
        ("d.md", 1, "d"),
        ("d.md", 1, "g"),
        ("e.md", 1, "e"),
    ]


TODAY = dt.date(2026, 1, 5)


@pytest.mark.parametrize("draft", ["true", "True", "yes", "'true'", "on", "1"])
def test_a_draft_waits(tmp_path: Path, draft: str) -> None:
    (tmp_path / "a.md").write_text(f"---\ndraft: {draft}\n---\n內文。", encoding="utf-8")
    (tmp_path / "b.md").write_text(GOOD, encoding="utf-8")
    found = read_corpus(tmp_path)
    assert ([article.id for article in found.articles], found.waiting) == (["b"], (Waiting("a"),))
    assert not found.problems


@pytest.mark.parametrize("draft", ["false", "no", "off", "0", "", "null"])
def test_an_article_that_says_it_is_no_draft_does_not_wait(corpus: Callable[..., Corpus], draft: str) -> None:
    assert corpus({"a.md": f"---\ndraft: {draft}\n---\n內文。"}).waiting == ()


@pytest.mark.parametrize("draft", [True, "true", 1])
def test_a_draft_in_a_json_line_waits_even_without_text(corpus: Callable[..., Corpus], draft: Any) -> None:
    found = corpus({"a.jsonl": f"{line(id='a', draft=draft)}\n{line(id='b', text='乙', draft=False)}"})
    assert ([article.id for article in found.articles], found.waiting) == (["b"], (Waiting("a"),))


def test_a_draft_that_says_neither_true_nor_false_is_a_problem(corpus: Callable[..., Corpus]) -> None:
    found = corpus({"a.md": "---\ndraft: perhaps\n---\n內文。", "b.md": GOOD})
    assert problems(found) == ["a.md:1: 'draft' is 'perhaps', neither true nor false"]


@pytest.mark.parametrize(("published", "waits"), [("2026-01-04", False), ("2026-01-05", False), ("2026-01-06", True)])
def test_an_article_waits_until_its_day(tmp_path: Path, published: str, waits: bool) -> None:
    (tmp_path / "a.md").write_text(f"---\npublished: {published}\n---\n內文。", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(line(id="b", text="乙"), encoding="utf-8")
    found = read_corpus(tmp_path, TODAY)
    assert found.waiting == ((Waiting("a", dt.date(2026, 1, 6)),) if waits else ())
    assert [article.id for article in found.articles] == (["b"] if waits else ["a", "b"])


def test_a_folder_where_all_articles_wait_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ndraft: true\n---\n內文。", encoding="utf-8")
    with pytest.raises(CorpusError, match="1 not published yet"):
        read_corpus(tmp_path)


def test_a_title_may_be_marked_as_derived(corpus: Callable[..., Corpus]) -> None:
    (article,) = corpus({"a.md": "---\ntitle: 題\ntitle_derived: true\n---\n內文。"}).articles
    assert article.title == "題"
