"""The vectors in a Chroma server: the Rust one that comes with the package, on this machine."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qa import Engine
from qa.errors import ChromaServerError, IndexDamagedError, IndexOutdatedError
from qa.index import building, current_generation, open_current, open_serving, take_down, verify
from qa.index.checker import Checker
from qa.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Library

START_SECONDS = 60.0


class Server:
    """A Chroma server that can be stopped and started again with what it holds."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        place = ["--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        command = [str(Path(sys.executable).with_name("chroma")), "run", *place]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            assert self._process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def stop(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def collections(self) -> set[str]:
        import chromadb

        with contextlib.closing(chromadb.HttpClient("127.0.0.1", self.port)) as client:
            return {collection.name for collection in client.list_collections()}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("chroma"))
    yield server
    server.stop()


@pytest.fixture
def served(library: Library, running: Server) -> Library:
    """The library with its vectors in the server."""
    library.settings = Settings(**{**library.settings.model_dump(), "chroma_url": running.url})
    return library


@pytest.fixture
def server(running: Server) -> Server:
    return running


def own(library: Library, server: Server) -> set[str]:
    """The collections of this library's generations, and of those that left a folder behind."""
    names = {name.removeprefix("unfinished-") for name in library.folders()}
    return server.collections() & names


def test_what_was_built_in_the_server_is_found_by_a_fresh_process(
    served: Library, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "Checker", Checker)
    served.build()
    folder = current_generation(served.index_dir)
    assert folder.name in server.collections()
    assert not (folder / "chroma").exists()
    with served.opened() as generation:
        verify(generation)
        vector = generation.passage_vectors[1].astype("float32")
        assert generation.nearest.search(vector, 1).tolist() == [1]


def test_old_generations_take_their_collections_with_them_but_for_those_that_are_held(
    served: Library, server: Server
) -> None:
    before = server.collections()
    served.build()
    with served.opened() as held:
        for text in ("一。", "二。", "三。"):
            served.write("cars", text)
            served.build()
        assert len(server.collections() - before) == 3  # the one held, the one before, the one that serves
        assert len(held.nearest.search(held.passage_vectors[0].astype("float32"), 3)) == 3
    served.write("cars", "四。")
    served.build()
    assert server.collections() - before == own(served, server)
    assert len(own(served, server)) == 2
    take_down(served.settings, ["cars"])
    assert server.collections() - before == {current_generation(served.index_dir).name}
    take_down(served.settings, ["harbour", "english"])
    assert server.collections() == before


def test_two_engines_share_the_server_and_both_pick_up_a_new_generation(served: Library, hash_embedder: Any) -> None:
    served.build()
    with (
        Engine(served.settings, open_current(served.settings), hash_embedder, in_memory=False) as one,
        Engine(served.settings, open_current(served.settings), hash_embedder, in_memory=False) as other,
    ):
        assert {hit.article_id for hit in other.search("港口")} == {"harbour", "cars", "english"}
        served.write("new", "全新的文章。")
        one.refresh()
        for engine in (one, other):
            assert "new" in {hit.article_id for hit in engine.search("港口")}


def test_a_server_that_is_down_is_one_clear_line_and_nothing_is_lost(served: Library, server: Server) -> None:
    served.build()
    with served.opened() as generation:
        server.stop()
        message = (
            rf"^The Chroma server at '{server.url}' does not answer \([^\n]*\)\. Start it or correct QA_CHROMA_URL\.$"
        )
        with pytest.raises(ChromaServerError, match=message):
            generation.nearest.search(generation.passage_vectors[0].astype("float32"), 3)
        with pytest.raises(ChromaServerError, match=message):
            open_serving(served.settings)
        served.write("new", "全新的文章。")
        with pytest.raises(ChromaServerError, match=message):
            served.build()
        server.start()
        assert len(generation.nearest.search(generation.passage_vectors[0].astype("float32"), 3)) == 3
    assert served.ids() == {"harbour", "cars", "english"}
    assert served.build().added == 1
    assert not any(name.startswith("unfinished-") for name in served.folders())


def test_a_server_that_lost_a_collection_is_damage_that_a_rebuild_mends(
    served: Library, server: Server, hash_embedder: Any
) -> None:
    import chromadb

    served.build()
    with contextlib.closing(chromadb.HttpClient("127.0.0.1", server.port)) as client:
        client.delete_collection(current_generation(served.index_dir).name)
    with pytest.raises(IndexDamagedError, match=r"^Cannot open the vectors in '.*'.*qa index --rebuild$"):
        open_serving(served.settings)
    hash_embedder.embedded.clear()
    served.build(rebuild=True)
    assert served.ids() == {"harbour", "cars", "english"}
    assert hash_embedder.embedded == []


def test_a_build_that_was_killed_leaves_no_collection_behind(served: Library, server: Server) -> None:
    import chromadb

    served.build()
    before = server.collections()
    name = "generation-20250101-000000-abcdef"
    (served.index_dir / f"unfinished-{name}").mkdir()
    with contextlib.closing(chromadb.HttpClient("127.0.0.1", server.port)) as client:
        client.create_collection(name, embedding_function=None)
    assert served.build().unchanged == 3
    assert server.collections() == before
    assert not any(folder.startswith("unfinished-") for folder in served.folders())


def test_moving_into_the_server_and_out_of_it_needs_a_build_and_no_model(
    library: Library, running: Server, hash_embedder: Any
) -> None:
    library.build()
    inside = Settings(**{**library.settings.model_dump(), "chroma_url": running.url})
    with pytest.raises(IndexOutdatedError, match=r"in its folder, not in the Chroma server at .* Run: qa index$"):
        open_current(inside)
    hash_embedder.embedded.clear()
    library.settings, outside = inside, library.settings
    library.build()
    assert current_generation(library.index_dir).name in running.collections()
    with pytest.raises(IndexOutdatedError, match=r"in a Chroma server\. Set QA_CHROMA_URL or run: qa index$"):
        open_current(outside)
    library.settings = outside
    library.build()
    assert library.ids() == {"harbour", "cars", "english"}
    assert hash_embedder.embedded == []


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host", "http://", "http://host:8000/path"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    from qa.errors import SettingsError

    with pytest.raises(SettingsError, match="'chroma_url'"):
        Settings(chroma_url=url)


def test_the_files_of_a_generation_in_the_server_are_checked_as_any(served: Library) -> None:
    served.build()
    folder = current_generation(served.index_dir)
    shutil.copytree(folder, served.index_dir / "copy")
    (folder / "keywords" / "vocab.index.json").write_bytes(b"")
    with pytest.raises(IndexDamagedError, match="has 0 bytes"):
        open_current(served.settings)
    assert served.build().unchanged == 3
