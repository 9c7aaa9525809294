"""The command line as a reader and a script meet it: output, one-line errors, exit codes."""

from __future__ import annotations

import dataclasses
import io
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from qa import Answer, Citation, Hit, Settings, build_index
from qa.cli import main
from qa.doctor import _reader
from qa.errors import CorpusShrunkError, IndexDamagedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa import Engine
    from qa.embedding import Embedder

TEXT = "青嶼的海港在2024年處理了83萬個貨櫃。\n\n港務長林海生說，新碼頭將於明年啟用，屆時可停泊10艘大船。\n"
MARKDOWN = f"""---
title: 青嶼海港擴建
author: 陳小文
published: 2025-03-01
source: 海港週刊
questions:
  - 青嶼的海港在2024年處理了多少個貨櫃？
---
{TEXT}"""
JSON_LINE = {"id": "tea", "title": "山茶豐收", "text": "北山茶園今年收成了120噸茶葉。茶農說，雨水充足是主因。"}
QUESTION = "青嶼的海港在2024年處理了多少個貨櫃？"
COMMANDS = ("add", "index", "remove", "search", "ask", "chat", "serve", "eval", "feedback", "doctor")
HEAVY = ("torch", "chromadb", "llama_index", "gradio", "sentence_transformers")


@dataclasses.dataclass(frozen=True)
class Library:
    """A corpus with one unreadable file, the same articles without it, and their index."""

    corpus: Path
    clean_corpus: Path
    index: Path


class Result(NamedTuple):
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("library")
    library = Library(folder / "corpus", folder / "clean", folder / "index")
    library.clean_corpus.mkdir()
    (library.clean_corpus / "harbour.md").write_text(MARKDOWN, encoding="utf-8")
    (library.clean_corpus / "tea.jsonl").write_text(json.dumps(JSON_LINE) + "\n", encoding="utf-8")
    shutil.copytree(library.clean_corpus, library.corpus)
    (library.corpus / "old.md").write_bytes("# ok\n\n海港".encode("gbk"))
    build_index(Settings(corpus_dir=library.corpus, index_dir=library.index))
    return library


@pytest.fixture
def qa(
    library: Library, embedder: Embedder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Runs a command in this process, with the one loaded model and the index of `library`."""
    monkeypatch.setattr("qa.engine.load_embedder", lambda *_: embedder)
    monkeypatch.setattr("qa.doctor.load_embedder", lambda *_: embedder)
    monkeypatch.setenv("QA_CORPUS_DIR", str(library.corpus))
    monkeypatch.setenv("QA_INDEX_DIR", str(library.index))

    def run(*arguments: str, stdin: str = "") -> Result:
        monkeypatch.setattr(sys, "argv", ["qa", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8"))
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Result(int(ended.value.code or 0), printed.out, printed.err)

    return run


@pytest.fixture
def never_declines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_CONFIDENCE_THRESHOLD", "0")


def _is_one_line(text: str) -> bool:
    return text.endswith("\n") and text.count("\n") == 1 and "Traceback" not in text


# Help and usage


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_examples(qa: Callable[..., Result], command: str) -> None:
    result = qa(command, "--help")
    assert result.code == 0
    assert "Examples" in result.out
    assert f"qa {command}" in result.out.partition("Examples")[2]


def test_the_version_is_the_packages(qa: Callable[..., Result]) -> None:
    assert qa("--version").out == "0.1.0\n"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("ask",),
        ("asks", "x"),
        ("ask", "x", "--tone", "warm"),
        ("ask", "x", "--language", "fr"),
        ("search", "x", "--top-k", "0"),
        ("serve", "--port", "70000"),
        ("index", "corpus"),
        ("eval", "--compare", "one.json"),
        ("eval", "--compare", "one.json", "two.json", "--fail-under", "hit@1=1"),
        ("feedback", "--limit", "0"),
    ],
)
def test_wrong_usage_exits_2(qa: Callable[..., Result], arguments: tuple[str, ...]) -> None:
    result = qa(*arguments)
    assert result.code == 2
    assert "Traceback" not in result.err


@pytest.mark.parametrize("arguments", [["--help"], ["index"]])
def test_light_commands_import_no_heavy_library(library: Library, arguments: list[str]) -> None:
    program = f"""
import sys
from qa.cli import main
from qa.doctor import _reader
sys.argv = ["qa", *{arguments!r}]
try:
    main()
finally:
    print([name for name in {HEAVY!r} if name in sys.modules])
"""
    result = _python(["-c", program], library)
    assert result.returncode == 0
    assert result.stdout.splitlines()[-1] == "[]"


# Asking


def test_ask_prints_the_answer_as_one_json_object(
    qa: Callable[..., Result], never_declines: None, library: Library
) -> None:
    result = qa("ask", QUESTION, "--json")
    assert result.code == 0
    assert result.out.count("\n") == 1
    answer = json.loads(result.out)
    assert list(answer) == [field.name for field in dataclasses.fields(Answer)]
    assert answer["status"] == "answered"
    assert answer["abstained"] is False
    citation = answer["citations"][0]
    assert list(citation) == [field.name for field in dataclasses.fields(Citation)]
    assert citation["published"] == "2025-03-01"
    assert citation["quote"] == TEXT[citation["start"] : citation["end"]]
    assert "83萬個貨櫃" in result.out  # readable, not \\u escapes


def test_ask_prints_the_quote_its_source_and_its_place(qa: Callable[..., Result], never_declines: None) -> None:
    lines = qa("ask", QUESTION).out.splitlines()
    assert lines[:3] == ["83萬個[1]", "", "青嶼的海港在2024年處理了83萬個貨櫃。[1]"]
    assert "[1] 青嶼海港擴建 — 海港週刊, 陳小文, 2025-03-01" in lines
    assert "    harbour:0-21" in lines  # 6 + 4 + 4 + 2 + 5 characters from 青 to 。


def test_a_declined_question_exits_0_and_names_the_nearest_articles(
    qa: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_CONFIDENCE_THRESHOLD", "1")
    result = qa("ask", "企鵝為甚麼不會飛？", "--language", "en")
    assert result.code == 0
    assert result.out.startswith("The articles do not say.")
    assert "- 青嶼海港擴建" in result.out


def test_a_question_may_come_from_standard_input(qa: Callable[..., Result], never_declines: None) -> None:
    assert "83萬個貨櫃" in qa("ask", "-", stdin=f"{QUESTION}\n").out


def test_an_argument_that_is_not_text_is_no_crash(qa: Callable[..., Result], never_declines: None) -> None:
    broken = f"\udce9{QUESTION}"  # what Python makes of the byte 0xe9
    assert qa("ask", broken).code == 0
    json.loads(qa("ask", broken, "--json").out)


def test_an_article_id_that_is_not_text_is_one_plain_line(qa: Callable[..., Result]) -> None:
    result = qa("ask", QUESTION, "--article", "\udce9")
    assert result.code == 1
    assert _is_one_line(result.err)


def test_search_prints_hits_as_a_json_list(qa: Callable[..., Result]) -> None:
    hits = json.loads(qa("search", "貨櫃", "--json", "--top-k", "2").out)
    assert [list(hit) for hit in hits] == [[field.name for field in dataclasses.fields(Hit)]] * 2
    assert hits[0]["article_id"] == "harbour"
    assert hits[0]["text"] == TEXT[hits[0]["start"] : hits[0]["end"]]


def test_search_keeps_to_one_article(qa: Callable[..., Result]) -> None:
    result = qa("search", "貨櫃", "--article", "tea")
    assert "1. 山茶豐收" in result.out
    assert "青嶼" not in result.out


def test_an_article_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    from qa.cli.terminal import print_hits

    print_hits([Hit("a", "\x1b[31mred\x07", 0, 5, "\x1b]0;title\x07 text", 1.0, {})])
    assert not set("\x1b\x07") & set(capsys.readouterr().out)


# Chatting


def test_chat_answers_until_its_input_ends(qa: Callable[..., Result], never_declines: None) -> None:
    result = qa("chat", stdin=f"{QUESTION}\n\n那新碼頭呢？\n")
    assert result.code == 0
    assert QUESTION in result.out  # offered as an example
    assert result.out.count("[1] ") >= 2


def test_chat_goes_on_after_a_question_it_cannot_take(qa: Callable[..., Result], never_declines: None) -> None:
    result = qa("chat", stdin=f"{'長' * 3000}\n{QUESTION}\n")
    assert result.code == 0
    assert _is_one_line(result.err)
    assert "83萬個貨櫃" in result.out


def test_chat_is_left_politely_by_ctrl_c(qa: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", _interrupt)
    result = qa("chat")
    assert result.code == 0
    assert result.err == ""


# Indexing


def test_index_names_a_bad_file_with_its_line_and_keeps_the_rest(qa: Callable[..., Result]) -> None:
    result = qa("index")
    assert result.code == 0
    assert result.out.startswith("2 articles, ")
    assert "2 unchanged" in result.out
    assert result.err == "old.md:3: is not UTF-8 (byte 0xba); save it as UTF-8\n"  # 海 is BA A3 in GBK


def test_strict_fails_when_something_was_left_out(qa: Callable[..., Result], library: Library) -> None:
    assert qa("index", "--strict").code == 1
    assert qa("index", "--strict", "--corpus", str(library.clean_corpus)).code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("index", "--corpus", "nowhere"), "No folder of articles at 'nowhere'. Create it, or set QA_CORPUS_DIR."),
        (("index", "--corpus", "empty"), "No article in 'empty'. Put .md or .jsonl files there."),
        (("index", "--index", "file"), "Cannot write the index in 'file'"),
        (("ask", "x", "--index", "none"), "No index in 'none'. Build it with: qa index"),
        (("search", "x", "--index", "none"), "No index in 'none'. Build it with: qa index"),
        (("chat", "--index", "none"), "No index in 'none'. Build it with: qa index"),
        (("serve", "--corpus", "nowhere", "--index", "none"), "No folder of articles at 'nowhere'."),
        (("ask", "x", "--article", "none"), "No article has the id 'none'."),
        (("ask", "  "), "The question is blank"),
    ],
)
def test_an_error_is_one_plain_line(qa: Callable[..., Result], arguments: tuple[str, ...], message: str) -> None:
    Path("empty").mkdir()
    Path("file").touch()
    result = qa(*arguments)
    assert result.code == 1
    assert _is_one_line(result.err)
    assert result.err.startswith(message)
    assert result.out == ""


def test_an_unknown_setting_is_refused_by_name(qa: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PROT", "8000")
    result = qa("index")
    assert (result.code, result.err) == (
        1,
        "Unknown setting 'QA_PROT' in the environment. Did you mean 'QA_PORT'?\n",
    )


def test_index_stops_when_many_articles_are_gone_until_that_is_meant(
    qa: Callable[..., Result], library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(library.index, index)
    shutil.copytree(library.corpus, corpus)
    for path in corpus.iterdir():
        path.unlink()
    (corpus / "only.md").write_text("只剩這篇。", encoding="utf-8")
    result = qa("index", "--corpus", str(corpus), "--index", str(index))
    assert result.code == 1
    assert _is_one_line(result.err)
    assert result.err.startswith("2 of 2 articles are gone from ")
    assert result.err.endswith("if that is meant, run: qa index --allow-removals\n")
    served: list[int] = []
    monkeypatch.setattr("qa.server.serve", lambda _settings, engine, *_: served.append(len(engine.search("貨櫃"))))
    result = qa("serve", "--corpus", str(corpus), "--index", str(index), "--port", "8123")
    assert (result.code, served) == (0, [2])
    assert result.err.endswith("--allow-removals The index is served as it stands.\n")


def test_index_goes_on_following_until_ctrl_c(
    qa: Callable[..., Result], library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[Any] = []

    def pretend(settings: Settings, build: Any, tell: Any, stop: Any, known: Any) -> None:
        followed.append(known)
        tell(build())
        raise KeyboardInterrupt

    monkeypatch.setattr("qa.index.follow", pretend)
    result = qa("index", "--watch")
    assert (result.code, result.out.count("2 unchanged")) == (0, 2)
    result = qa("index", "--watch", "--corpus", str(library.corpus / "gone"))
    assert result.err.count("No folder of articles") == 2  # the first build's error ends nothing; this one was ours
    assert [type(known).__name__ for known in followed] == ["IndexReport", "CorpusError"]


def test_ctrl_c_ends_a_build_with_130(qa: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.index.build_index", _interrupt)
    result = qa("index")
    assert (result.code, result.out) == (130, "")
    assert "Traceback" not in result.err


# Serving


def test_a_taken_port_is_one_plain_line_before_anything_is_built(qa: Callable[..., Result]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = qa("serve", "--port", str(port), "--index", "fresh")
    assert result.code == 1
    assert _is_one_line(result.err)
    assert result.err.startswith(f"Port {port} on 127.0.0.1 is taken.")
    assert not Path("fresh").exists()


def test_serve_keeps_the_last_good_index_when_the_articles_are_gone(
    qa: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[int] = []

    def pretend(settings: Settings, engine: Engine, on_ready: Any, *_: Any) -> None:
        served.append(len(engine.search("貨櫃")))
        on_ready(f"http://{settings.host}:{settings.port}/")

    monkeypatch.setattr("qa.server.serve", pretend)
    result = qa("serve", "--corpus", "nowhere", "--port", "8123")
    assert result.code == 0
    assert served == [2]  # one passage an article
    assert result.err.endswith("The index is served as it stands.\n")
    assert "http://127.0.0.1:8123/" in result.out


def test_serve_rebuilds_an_index_whose_files_are_whole_but_which_cannot_be_opened(
    qa: Callable[..., Result], library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.index import current_generation

    index = tmp_path / "index"
    shutil.copytree(library.index, index)
    with sqlite3.connect(current_generation(index) / "chroma" / "chroma.sqlite3") as store:
        store.execute("DELETE FROM collections")
    served: list[int] = []
    monkeypatch.setattr("qa.server.serve", lambda _settings, engine, *_: served.append(len(engine.search("貨櫃"))))
    result = qa("serve", "--index", str(index), "--port", "8123")
    assert (result.code, served) == (0, [2])
    assert "It is rebuilt now." in result.err


# Takedowns


def test_remove_takes_an_article_down_for_good(
    qa: Callable[..., Result], library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.feedback import Feedback

    corpus, index, feedback = tmp_path / "corpus", tmp_path / "index", Feedback(tmp_path / "feedback.sqlite")
    shutil.copytree(library.index, index)
    shutil.copytree(library.clean_corpus, corpus)
    (corpus / "copy.jsonl").write_text(json.dumps({**JSON_LINE, "id": "twin"}), encoding="utf-8")
    monkeypatch.setenv("QA_FEEDBACK_FILE", str(feedback.path))
    feedback.decline(JSON_LINE["title"] + "了嗎")
    places = ("--corpus", str(corpus), "--index", str(index))
    unknown = qa("remove", "tee", "tea", *places)
    assert (unknown.code, _is_one_line(unknown.err)) == (1, True)
    assert unknown.err.startswith("No article has the id 'tee'; nothing was removed.")
    assert (corpus / "tea.jsonl").exists()

    result = qa("remove", "tea", *places)
    assert (result.code, result.out) == (
        0,
        "Taken down: tea (files changed: tea.jsonl; rows of feedback deleted: 0).\n",
    )
    assert result.err == "The same text stands in 'twin'. Take it down too with: qa remove twin\n"
    traces = [path for path in index.rglob("*") if path.is_file() and "北山茶園".encode() in path.read_bytes()]
    assert traces == []
    assert json.loads(qa("search", "茶葉", "--json", "--index", str(index)).out)[0]["article_id"] == "harbour"
    (corpus / "copy.jsonl").write_text(json.dumps(JSON_LINE), encoding="utf-8")
    back = qa("index", *places)
    assert "'tea' is back in the folder and was left out" in back.err
    assert back.out.startswith("1 articles")
    assert qa("remove", "tea", *places).out.startswith("Taken down: tea (files changed: copy.jsonl;")
    assert qa("remove", "tea", *places).code == 0  # again: it is on the list


@pytest.mark.parametrize("command", [("index",), ("serve", "--port", "8123")])
def test_a_list_of_takedowns_that_cannot_be_read_stops_the_command_and_the_index_stays(
    qa: Callable[..., Result],
    library: Library,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    shutil.copytree(library.index, index)
    shutil.copytree(library.clean_corpus, corpus)
    (corpus / "taken-down.txt").write_bytes("tea\n港口\n".encode("gbk"))
    monkeypatch.setattr("qa.server.serve", lambda *_: pytest.fail("it served"))
    before = sorted(path.relative_to(index) for path in index.rglob("*"))
    result = qa(*command, "--corpus", str(corpus), "--index", str(index))
    assert (result.code, result.out, _is_one_line(result.err)) == (1, "", True)
    assert "taken-down.txt': line 2 is not UTF-8" in result.err
    assert sorted(path.relative_to(index) for path in index.rglob("*")) == before


# The doctor


def test_the_doctor_finds_nothing_wrong_with_a_fresh_index(qa: Callable[..., Result], library: Library) -> None:
    result = qa("doctor", "--corpus", str(library.clean_corpus))
    assert result.code == 0, result.out
    assert {line.split()[0] for line in result.out.splitlines()} == {"ok"}
    for name in ("software", "model", "index", "freshness", "search: vectors", "search: keywords"):
        assert f"ok     {name}" in result.out


def test_the_doctor_gives_each_fault_its_fix(qa: Callable[..., Result]) -> None:
    result = qa("doctor", "--index", "none", "--json")
    assert result.code == 1
    faults = {finding["name"]: finding["fix"] for finding in json.loads(result.out) if finding["fix"]}
    assert faults == {"article": "Correct it and run: qa index", "index": "Build it with: qa index"}


def test_the_doctor_reports_the_reader(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings()
    assert _reader(settings, embedder).fix is None
    assert "marks the words" in _reader(settings, embedder).detail
    assert "QA_READER" in _reader(Settings(reader="off"), embedder).detail
    monkeypatch.setattr("qa.reading.reader.WEIGHTS", "nothing.safetensors")
    assert "QA_READER=off" in (_reader(settings, embedder).fix or "")


def test_the_doctor_sees_that_the_articles_changed(qa: Callable[..., Result], library: Library) -> None:
    shutil.copytree(library.clean_corpus, "changed")
    Path("changed/new.md").write_text("新的一篇。", encoding="utf-8")
    Path("changed/harbour.md").unlink()
    result = qa("doctor", "--corpus", "changed")
    assert result.code == 1
    assert "1 added, 0 updated, 1 removed (harbour, new). Run: qa index" in result.out


def test_the_doctor_lists_every_setting_even_when_one_is_wrong(
    qa: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_PORT", "8123")
    assert "port  QA_PORT=8123  (default: 7860)" in qa("doctor", "--settings").out
    monkeypatch.setenv("QA_PORT", "zero")
    result = qa("doctor", "--settings")
    assert result.code == 1
    assert all(f"QA_{name.upper()}=" in result.out for name in Settings.model_fields)
    assert _is_one_line(result.err)


# As a process


# Evaluation and feedback

GOLD = (
    {"id": "boxes", "question": QUESTION, "lang": "zh-Hant", "kind": "figure", "answers": ["83萬個"],
     "article_ids": ["harbour"], "answerable": True},
    {"id": "boxes-then", "question": "去年處理了多少個貨櫃？", "lang": "zh-Hant", "kind": "relative_date",
     "answers": ["83萬個"], "article_ids": ["harbour"], "answerable": True, "today": "2025-06-01"},
    {"id": "mars", "question": "火星上最高的山有多高？", "lang": "zh-Hant", "kind": "far_miss", "answerable": False},
)  # fmt: skip


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in GOLD), encoding="utf-8")
    return file


def test_eval_measures_prints_and_keeps_what_it_found(qa: Callable[..., Result], gold: Path, tmp_path: Path) -> None:
    result = qa("eval", "--questions", str(gold), "--output", str(tmp_path / "results"), "--json")
    printed = json.loads(result.out)
    assert result.code == 0
    assert printed["summary"]["all"]["hit@1"]["value"] == 1.0
    assert printed["summary"]["all"]["far_declined"]["value"] == 1.0
    assert [record["id"] for record in printed["records"]] == [row["id"] for row in GOLD]
    kept = Path(printed["file"])
    assert json.loads(kept.read_text(encoding="utf-8"))["summary"] == printed["summary"]
    assert kept.with_suffix(".html").is_file()


def test_eval_prints_tables_and_ends_with_1_where_a_floor_is_broken(
    qa: Callable[..., Result], gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_CONFIDENCE_THRESHOLD", "0")  # declines nothing
    output = ("--questions", str(gold), "--output", str(tmp_path))
    result = qa("eval", *output, "--fail-under", "hit@5=0.95", "--fail-under", "far_declined=1")
    assert (result.code, result.err) == (1, "far_declined is 0.000, under its floor 1.\n")
    assert "right article first" in result.out


def test_eval_measures_what_it_can_of_questions_without_accepted_answers(
    qa: Callable[..., Result], tmp_path: Path
) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"id": "a", "question": QUESTION, "article_ids": ["harbour"]}), encoding="utf-8")
    result = qa("eval", "--questions", str(gold), "--output", str(tmp_path), "--fail-under", "passage@1=0.5")
    assert (result.code, result.err) == (1, "passage@1 could not be measured; its floor is 0.5.\n")
    [row] = [line for line in result.out.splitlines() if "fused" in line]
    assert row.count("–") == 2


def test_eval_compares_two_runs(
    qa: Callable[..., Result], gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = []
    for at, threshold in enumerate(("0.45", "0")):
        monkeypatch.setenv("QA_CONFIDENCE_THRESHOLD", threshold)
        result = qa("eval", "--questions", str(gold), "--output", str(tmp_path / str(at)), "--json")
        files.append(json.loads(result.out)["file"])
    shown = qa("eval", "--compare", *files)
    assert shown.code == 0
    assert "far_declined" in shown.out
    assert "worse  mars" in shown.out
    assert "status: declined → answered; right: yes → no; cited: – → " in shown.out
    moved = json.loads(qa("eval", "--compare", *files, "--json").out)["moved"]
    assert [(move["id"], move["change"]) for move in moved if move["change"] == "worse"] == [("mars", "worse")]


def test_eval_says_what_two_runs_do_not_share(qa: Callable[..., Result], gold: Path, tmp_path: Path) -> None:
    questions, output = ("--questions", str(gold)), ("--output", str(tmp_path / "results"), "--json")
    before = Path(json.loads(qa("eval", *questions, *output).out)["file"])
    run = json.loads(before.read_text(encoding="utf-8"))
    run["records"][1] = {**run["records"][1], "id": "new"}
    run["records"][0] = {**run["records"][0], "verbatim": None}
    run["records"][2] = {**run["records"][2], "verbatim": None}
    after = tmp_path / "after.json"
    after.write_text(json.dumps({**run, "complete": False}), encoding="utf-8")
    shown = qa("eval", "--compare", str(before), str(after)).out
    assert "The run after was interrupted" in shown
    assert "Compared are the 2 questions that both runs have; 2 are left out." in shown
    assert "only before: boxes-then\nonly after: new\nNo question moved.\n" in shown
    [row] = [line for line in shown.splitlines() if "verbatim" in line]
    assert row.count("–") == 2  # after, and the change


@pytest.mark.parametrize(
    ("arguments", "allowed"), [((), False), (("--corpus", "x"), True), (("--corpus", "x", "--index", "y"), False)]
)
def test_eval_lets_only_the_index_beside_lose_articles(
    qa: Callable[..., Result], gold: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], allowed: bool
) -> None:
    def build(*_: object, allow_removals: bool) -> None:
        raise CorpusShrunkError(f"allowed: {allow_removals}")

    monkeypatch.setattr("qa.index.build_index", build)
    result = qa("eval", "--questions", str(gold), *arguments)
    assert (result.code, result.err) == (1, f"allowed: {allowed}\n")


def test_eval_of_a_corpus_that_shrank_leaves_the_index_that_serves_alone(
    qa: Callable[..., Result], library: Library, gold: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(library.clean_corpus, "shrunk")
    Path("shrunk/tea.jsonl").unlink()
    monkeypatch.setenv("QA_CORPUS_DIR", "shrunk")
    before = (library.index / "CURRENT").read_text()
    result = qa("eval", "--questions", str(gold))
    assert result.code == 1
    assert "1 of 2 articles are gone" in result.err
    assert "qa index --allow-removals" in result.err
    assert (library.index / "CURRENT").read_text() == before


def test_eval_of_another_corpus_leaves_the_index_that_serves_alone(
    qa: Callable[..., Result], library: Library, gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(
        "qa.index.building.load_embedder", lambda *_: pytest.fail("nothing new to embed"), raising=False
    )
    before = (library.index / "CURRENT").read_text()
    result = qa("eval", "--corpus", str(library.clean_corpus), "--index", str(library.index), "--questions", str(gold),
                "--output", str(tmp_path), "--json")  # fmt: skip
    assert result.code == 0
    assert (library.index / "CURRENT").read_text() == before


def test_eval_that_is_interrupted_keeps_what_it_measured(
    qa: Callable[..., Result], gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.evaluation import running

    measure = running._measure

    def interrupted(engine: Engine, question: Any, judges: Any) -> dict[str, Any]:
        if question.id == "boxes-then":
            raise KeyboardInterrupt
        return measure(engine, question, judges)

    monkeypatch.setattr(running, "_measure", interrupted)
    result = qa("eval", "--questions", str(gold), "--output", str(tmp_path))
    assert (result.code, result.err) == (130, "Interrupted: 1 of 3 questions were asked and are kept.\n")
    [kept] = tmp_path.glob("*.json")
    assert json.loads(kept.read_text(encoding="utf-8"))["complete"] is False


@pytest.mark.parametrize(
    ("failing", "kept", "error"),
    [
        (
            "boxes-then",
            1,
            "Question 'boxes-then' failed: The disk is gone. 1 of 3 questions were asked and are kept.\n",
        ),
        ("boxes", 0, "Question 'boxes' failed: The disk is gone.\n"),
    ],
)
def test_eval_of_a_question_that_fails_keeps_what_it_measured(
    qa: Callable[..., Result],
    gold: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failing: str,
    kept: int,
    error: str,
) -> None:
    from qa.evaluation import running

    measure = running._measure

    def failed(engine: Engine, question: Any, judges: Any) -> dict[str, Any]:
        if question.id == failing:
            raise IndexDamagedError("The disk is gone.")
        return measure(engine, question, judges)

    monkeypatch.setattr(running, "_measure", failed)
    result = qa("eval", "--questions", str(gold), "--output", str(tmp_path))
    assert (result.code, result.err) == (1, error)
    runs = [json.loads(file.read_text(encoding="utf-8")) for file in tmp_path.glob("*.json")]
    assert [(run["complete"], len(run["records"])) for run in runs] == ([(False, kept)] if kept else [])


def test_eval_finds_that_it_cannot_write_before_it_asks(
    qa: Callable[..., Result], gold: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.evaluation.running.evaluate", lambda *_: pytest.fail("asked"))
    result = qa("eval", "--questions", str(gold), "--output", str(gold))
    assert result.code == 1
    assert result.err.startswith(f"Cannot write into {str(gold)!r}")
    assert _is_one_line(result.err)


def test_eval_of_an_article_that_was_left_out_says_why(qa: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text('\n{"id": "a", "question": "x", "article_ids": ["old"]}', encoding="utf-8")
    result = qa("eval", "--questions", str(file), "--output", str(tmp_path / "results"))
    assert result.code == 1
    reason, error = result.err.splitlines()
    assert reason.startswith("old.md:3: is not UTF-8")
    assert error.startswith(f"{file}:2: question 'a' names the article 'old', which the corpus lacks.")
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "gold.jsonl:1: not JSON"),
        (json.dumps({"id": "a", "question": "x" * 11}), "gold.jsonl:1: The question has"),
    ],
)
def test_eval_of_questions_that_are_none_is_one_line_and_writes_nothing(
    qa: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, message: str
) -> None:
    monkeypatch.setenv("QA_MAX_QUESTION_CHARS", "10")
    file = tmp_path / "gold.jsonl"
    file.write_text(line, encoding="utf-8")
    result = qa("eval", "--questions", str(file), "--output", str(tmp_path / "results"))
    assert result.code == 1
    assert message in result.err
    assert _is_one_line(result.err)
    assert not (tmp_path / "results").exists()


def test_feedback_lists_what_was_declined_most_frequent_first(
    qa: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.feedback import Feedback

    file = tmp_path / "feedback.sqlite"
    monkeypatch.setenv("QA_FEEDBACK_FILE", str(file))
    assert qa("feedback").out == "Nothing was disliked or declined.\n"
    for question in ("渡輪幾點開？", "誰是船長？", "谁是船长"):
        Feedback(file).decline(question)
    assert [row["declined"] for row in json.loads(qa("feedback", "--json").out)] == [2, 1]
    shown = qa("feedback", "--limit", "1").out
    assert shown.startswith("誰是船長？\n    2 declined, last ")
    assert "渡輪" not in shown


def test_a_cold_question_prints_nothing_but_its_answer(library: Library) -> None:
    result = _python(["-c", "from qa.cli import main; main()", "ask", QUESTION, "--json"], library)
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["question"] == QUESTION


def test_a_reader_that_goes_away_is_no_crash(library: Library) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    result = _python(["-c", "from qa.cli import main; main()", "doctor", "--settings"], library, stdout=writing)
    os.close(writing)
    assert (result.returncode, result.stderr) == (1, "")


def _python(arguments: list[str], library: Library, stdout: int = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QA_CORPUS_DIR": str(library.corpus), "QA_INDEX_DIR": str(library.index)}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        stdout=stdout,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt
