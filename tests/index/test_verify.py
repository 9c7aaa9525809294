"""A damaged generation is found out, whichever of its files is hit, and crashes no reader."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest

from qa.errors import IndexDamagedError
from qa.index import Generation, current_generation, open_current, verify
from qa.index.generation import open_generation
from qa.index.manifest import check_files, read_manifest
from qa.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Library

# Damages one file after another and looks at each in a forked process, as some damage crashes Chroma's native code.
DAMAGING = """
import json, os, shutil, sys
from pathlib import Path
import chromadb
from qa.errors import IndexDamagedError
from qa.index.generation import open_generation
from qa.index.verify import verify

whole, copy = Path(sys.argv[1]), Path(sys.argv[2])
kinds = {
    "missing": None,
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "zeros": lambda data: bytes(len(data)),
}
outcomes = {}
for path in sorted(path for path in whole.rglob("*") if path.is_file()):
    data = path.read_bytes()
    for kind, damage in kinds.items() if data else ():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(whole, copy)
        hit = copy / path.relative_to(whole)
        hit.write_bytes(damage(data)) if damage else hit.unlink()
        child = os.fork()
        if not child:
            os.close(2)
            try:
                verify(open_generation(copy))
                os._exit(1)
            except IndexDamagedError as error:
                os._exit(0 if chr(10) not in str(error) else 2)
            except BaseException:
                os._exit(3)
        status = os.waitpid(child, 0)[1]
        outcomes[f"{path.relative_to(whole)} {kind}"] = os.waitstatus_to_exitcode(status)
print(json.dumps(outcomes))
"""
OUTCOMES = {1: "went unnoticed", 2: "is told in several lines", 3: "raised another error"}


@pytest.mark.skipif(sys.platform == "win32", reason="forks")
def test_every_file_that_is_missing_cut_short_or_zeroed_is_found_out(library: Library, tmp_path: Path) -> None:
    # Over 1000 passages: Chroma then keeps its graph in files.
    library.write("long", "\n\n".join(f"第{number}段說的是港口，{'很長的話，' * 8}完。" for number in range(1010)))
    library.settings = Settings(**{**library.settings.model_dump(), "passage_chars": 80})
    assert library.build().passages > 1000
    command = [sys.executable, "-c", DAMAGING, str(current_generation(library.index_dir)), str(tmp_path / "copy")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True)
    outcomes = json.loads(result.stdout)
    assert len({name.rpartition(" ")[0] for name in outcomes}) >= 10
    assert {name: OUTCOMES.get(code, f"exit code {code}") for name, code in outcomes.items() if code} == {}


def test_a_whole_generation_passes_again_and_again(library: Library) -> None:
    library.build()
    with library.opened() as generation:
        generation.nearest.search(generation.passage_vectors[0].astype(np.float32), 3)
        verify(generation)
    with library.opened() as generation:
        verify(generation)


def test_an_index_in_memory_passes(make_generation: Callable[..., Generation]) -> None:
    verify(make_generation("香港有海港。", "重慶沒有。"))


@pytest.mark.parametrize("count", ["passages", "sentences"])
def test_counts_that_disagree_are_damage(library: Library, count: str) -> None:
    library.build()
    with library.opened() as generation:
        generation.manifest[count] += 1
        with pytest.raises(IndexDamagedError, match=rf"^The index holds \d+ (keyword )?{count}, not \d+\.$"):
            verify(generation)


def test_vectors_that_do_not_lead_to_their_passages_are_damage(make_generation: Callable[..., Generation]) -> None:
    generation = make_generation(*(f"{name}地有海。" for name in "甲乙丙丁戊己庚辛壬癸子丑"))
    right = generation.passage_vectors
    generation.passage_vectors = -right
    with pytest.raises(IndexDamagedError, match=r"^The vector leg misses 12 of 12 passages"):
        verify(generation)
    generation.passage_vectors = right


def test_empty_sentence_vectors_are_damage(make_generation: Callable[..., Generation]) -> None:
    generation = make_generation("甲村。", "乙村。")
    right = generation.sentence_vectors
    generation.sentence_vectors = np.zeros_like(right)
    with pytest.raises(IndexDamagedError, match=r"^The sentence leg misses 2 of 2 passages"):
        verify(generation)
    generation.sentence_vectors = right


def test_keywords_of_other_passages_are_damage(
    make_generation: Callable[..., Generation], monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = make_generation("甲鎮。", "乙鎮。")
    monkeypatch.setattr(generation, "keywords", make_generation("蘋果。", "香蕉。").keywords)
    with pytest.raises(IndexDamagedError, match=r"^The keyword leg misses 2 of 2 passages"):
        verify(generation)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"rules": {}}', "null", "\x00" * 50])
def test_a_manifest_that_is_not_whole_is_damage(library: Library, content: str) -> None:
    library.build()
    (current_generation(library.index_dir) / "manifest.json").write_text(content, encoding="utf-8")
    with pytest.raises(IndexDamagedError, match=r"is damaged \(.*\)\. Rebuild with: qa index --rebuild$"):
        open_current(library.settings)
    assert library.build().articles == 3


def test_a_manifest_names_every_file_with_its_size(library: Library) -> None:
    library.build()
    folder = current_generation(library.index_dir)
    manifest = read_manifest(folder)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert manifest["files"].keys() == there - {"manifest.json"}
    check_files(folder, manifest)


def test_opening_fails_without_leaving_files_open(library: Library, tmp_path: Path) -> None:
    library.build()
    folder = current_generation(library.index_dir)
    (folder / "sentence_vectors.npy").unlink()
    with pytest.raises(IndexDamagedError, match=r"sentence_vectors\.npy"):
        open_generation(folder)
    library.build(rebuild=True)
    library.build(rebuild=True)
    library.build(rebuild=True)
    assert folder.name not in library.folders()  # nothing held it
