"""The trained reader finds the words that answer, knows when there are none, and steps aside when it cannot work."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qa.reading
from qa import Article
from qa.embedding import SentenceTransformerEmbedder, load_embedder
from qa.errors import ReaderError
from qa.index.generation import StoredPassage
from qa.passages import cut_passages
from qa.reading import load_reader
from qa.reading.windows import Window

if TYPE_CHECKING:
    from qa.embedding import Embedder
    from qa.reading import Reader

SHIPPED = Path(qa.reading.__file__).with_name("reader.safetensors")
HARBOUR = "港口去年處理了十萬個貨櫃，比前年多一成。港務局局長李文彬說，新碼頭將於2027年3月啟用。"


@pytest.fixture(scope="module")
def reader(embedder: Embedder) -> Reader:
    return load_reader(embedder)


def window(text: str) -> Window:
    article = Article(id="a", title="", text=text)
    return Window(StoredPassage(cut_passages(article, 4000)[0], article, []), 0, len(text))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("港務局局長是誰？", "李文彬"),
        ("港务局局长是谁？", "李文彬"),
        ("Who is the head of the port authority?", "李文彬"),
        ("新碼頭什麼時候啟用？", "2027年3月"),
        ("港口去年處理了多少個貨櫃？", "十萬個"),
    ],
)
def test_the_words_that_answer_are_marked(reader: Reader, question: str, words: str) -> None:
    (reading,) = reader.read(question, [window(HARBOUR)])
    best = reading.marked[0]
    assert HARBOUR[best.start : best.end] in (words, words.rstrip("個"), f"{words}貨櫃")
    assert reading.answers > 0.5


@pytest.mark.parametrize("question", ["港務局的預算是多少？", "機場局局長是誰？", "Who built the airport?"])
def test_a_window_that_does_not_answer_is_known(reader: Reader, question: str) -> None:
    answering, missing = (reader.read(asked, [window(HARBOUR)])[0].answers for asked in ("港務局局長是誰？", question))
    assert missing < answering


def test_a_window_reads_the_same_alone_and_in_a_batch(reader: Reader) -> None:
    windows = [
        window(HARBOUR),
        window("春天到了。"),
        window(HARBOUR + "另外，渡輪加開了三班，乘客稱便，船公司也樂見其成。" * 4),
    ]
    alone = [reader.read("港務局局長是誰？", [one])[0].answers for one in windows]
    together = [reading.answers for reading in reader.read("港務局局長是誰？", windows)]
    assert together == pytest.approx(alone, abs=0.02)


def test_a_window_longer_than_the_network_is_read_to_its_end(reader: Reader) -> None:
    text = "渡輪加開了三班，乘客稱便，船公司也樂見其成。" * 60 + "港務局局長是李文彬。"
    readings = reader.read("港務局局長是誰？", [window(text)])
    assert len(readings) > 1
    best = max(readings, key=lambda reading: reading.answers)
    assert text[best.marked[0].start : best.marked[0].end] == "李文彬"


@pytest.mark.parametrize("question", ["渡輪每天有幾班", "How many ferries are there a day"])
def test_a_question_reads_the_same_without_its_mark(reader: Reader, question: str) -> None:
    several = [window("渡輪每天有十二班。"), window("圖書館周一休息。")]
    with_mark, without, spaced = (reader.read(q, several) for q in (f"{question}?", question, f"{question} "))
    assert with_mark == without == spaced


def test_nothing_to_read_gives_nothing(reader: Reader) -> None:
    assert reader.read("港務局局長是誰？", []) == []


def test_the_embedding_model_keeps_its_own_weights(embedder: Embedder) -> None:
    before = embedder.encode_query(["港務局局長是誰？"])
    load_reader(embedder).read("港務局局長是誰？", [window(HARBOUR)])
    assert (embedder.encode_query(["港務局局長是誰？"]) == before).all()


def test_weights_that_are_missing_or_damaged_are_named(embedder: Embedder, tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="missing"):
        load_reader(embedder, tmp_path / "none.safetensors")
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(SHIPPED.read_bytes()[:-1000])
    with pytest.raises(ReaderError, match="cannot be read"):
        load_reader(embedder, damaged)
    damaged.write_bytes(b"\0" * 100)
    with pytest.raises(ReaderError, match="cannot be read"):
        load_reader(embedder, damaged)


def test_another_embedding_model_has_no_reader(embedder: Embedder, tmp_path: Path, cache_dir: Path) -> None:
    folder = next((cache_dir / "models").glob("multilingual-e5-small*r1"))
    shutil.copytree(folder, tmp_path / "mine")
    other = load_embedder(str(tmp_path / "mine"), cache_dir)
    assert isinstance(other, SentenceTransformerEmbedder)
    with pytest.raises(ReaderError, match="bundled embedding model only"):
        load_reader(other)


def test_the_shipped_weights_are_small_and_tell_where_they_come_from() -> None:
    assert SHIPPED.stat().st_size < 16_000_000
    provenance = SHIPPED.with_suffix(".json").read_text(encoding="utf-8")
    assert all(name in provenance for name in ("DRCD", "CMRC 2018", "XQuAD", "CC BY-SA", "seed", "command"))
