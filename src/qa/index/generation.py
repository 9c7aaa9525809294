"""One generation of the index: everything that answers questions, on disk or in memory."""

from __future__ import annotations

import contextlib
import weakref
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qa.dictionary import Dictionary, compile_dictionary
from qa.duplicates import Copies, find_copies, stands_in
from qa.errors import IndexDamagedError, IndexFaultError, IndexOutdatedError
from qa.index.catalogue import Catalogue
from qa.index.holding import hold
from qa.index.keywords import KeywordIndex
from qa.index.manifest import MANIFEST, check_files, read_manifest
from qa.index.nearest import NearestPassages, ServerCollection
from qa.passages import cut_passages
from qa.records import Article, Passage
from qa.text.dates import TimeNote, annotate, time_notes
from qa.text.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path


__all__ = ["Generation", "StoredPassage", "build_generation", "open_generation"]

CATALOGUE = "catalogue.sqlite"
KEYWORDS = "keywords"
CHROMA = "chroma"
COLLECTION = "collection"  # of a Chroma server, in the manifest
PASSAGE_VECTORS = "passage_vectors.npy"
SENTENCE_VECTORS = "sentence_vectors.npy"

Vectors = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with what the index knows of it.

    `copies` are the other articles that tell its article's story; `is_first` tells whether it is the one to cite first.
    """

    passage: Passage
    article: Article
    notes: list[TimeNote]
    copies: tuple[str, ...] = ()
    is_first: bool = True

    def dated(self, start: int, end: int) -> str:
        """Returns a stretch of the article with its relative dates written out, for matching only."""
        return annotate(self.article.text, self.notes, start, end)


class Generation:
    """An open generation; `passage_vectors` and `sentence_vectors` have one unit row each, half precision."""

    def __init__(
        self,
        catalogue: Catalogue,
        keywords: KeywordIndex,
        nearest: NearestPassages,
        passage_vectors: Vectors,
        sentence_vectors: Vectors,
        manifest: dict[str, Any],
        folder: Path | None = None,
        held: IO[bytes] | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.keywords = keywords
        self.nearest = nearest
        self.passage_vectors = passage_vectors
        self.sentence_vectors = sentence_vectors
        self.manifest = manifest
        self.folder = folder
        self._sentence_starts = catalogue.sentence_starts()
        self.days = catalogue.days()
        self.repeated = catalogue.repeated()
        self.copies = catalogue.copies()
        self.notices = catalogue.notices()
        self._seconds = self.copies.keys() - catalogue.firsts()
        self.dictionary = Dictionary(
            catalogue.translations("to_han"), catalogue.translations("to_latin"), keywords.vocabulary
        )
        self._close = weakref.finalize(self, _close_all, catalogue, nearest, held)

    @property
    def passage_count(self) -> int:
        """The number of passages."""
        return len(self.passage_vectors)

    def passage(self, number: int) -> StoredPassage:
        """Returns passage number `number`, counted from 0."""
        passage, notes = self.catalogue.passage(number)
        article = self.catalogue.article(passage.article_id)
        return StoredPassage(passage, article, notes, self.copies.get(article.id, ()), article.id not in self._seconds)

    def first_of(self, article_id: str) -> str:
        """Returns the article to cite first of those that tell an article's story: itself, if no other does."""
        return self.copies[article_id][0] if article_id in self._seconds else article_id

    def sentence_rows(self, number: int) -> slice:
        """Returns the rows of the sentence vectors that belong to a passage."""
        return slice(int(self._sentence_starts[number]), int(self._sentence_starts[number + 1]))

    def close(self) -> None:
        """Closes the files; an index in memory is gone then."""
        self._close()


def build_generation(
    articles: Sequence[Article],
    passage_chars: int,
    embed: Callable[[list[str]], Vectors],
    folder: Path | None,
    manifest: dict[str, Any],
    server: ServerCollection | None = None,
    cache_dir: Path | None = None,
) -> Generation:
    """Builds a generation in an empty folder, or in memory; one on disk is done once its manifest is written.

    `embed` gets all texts at once, passages first, and returns one row a text. With `server` the vectors are
    searched there. `cache_dir` keeps what is read of the dictionary.
    """
    catalogue = Catalogue.create(folder / CATALOGUE if folder else None)
    passage_texts, sentence_texts = _fill(catalogue, articles, passage_chars)
    vectors = embed([*passage_texts, *sentence_texts])
    copies = find_copies(articles)
    catalogue.add_copies(copies, _repeated(catalogue, copies))
    keywords = KeywordIndex.build(tokenize(text) for text in passage_texts)
    catalogue.add_dictionary(compile_dictionary(keywords.vocabulary, cache_dir))
    passage_vectors, sentence_vectors = vectors[: len(passage_texts)], vectors[len(passage_texts) :]
    nearest = NearestPassages.build(server or (folder / CHROMA if folder else None), passage_vectors)
    if server:
        manifest = {**manifest, COLLECTION: server.name}
    manifest = {**manifest, "articles": len(articles), "passages": len(passage_texts), "sentences": len(sentence_texts)}
    if folder:
        keywords.save(folder / KEYWORDS)
        np.save(folder / PASSAGE_VECTORS, passage_vectors)
        np.save(folder / SENTENCE_VECTORS, sentence_vectors)
    return Generation(catalogue, keywords, nearest, passage_vectors, sentence_vectors, manifest, folder)


def open_generation(folder: Path, chroma_url: str | None = None) -> Generation:
    """Opens a finished generation and holds it; vectors stay on disk until they are read.

    Raises:
        ChromaServerError: its vectors are in a server that does not answer.
        IndexOutdatedError: its vectors are in a server, and none is named.
        IndexDamagedError: a file is missing or cannot be read.
    """
    with contextlib.ExitStack() as opened:
        try:
            held = opened.enter_context(hold(folder / MANIFEST))
            manifest = read_manifest(folder)
            check_files(folder, manifest)
            catalogue = opened.enter_context(contextlib.closing(Catalogue.open(folder / CATALOGUE)))
            keywords = KeywordIndex.load(folder / KEYWORDS)
            passage_vectors = np.load(folder / PASSAGE_VECTORS, mmap_mode="r")
            sentence_vectors = np.load(folder / SENTENCE_VECTORS, mmap_mode="r")
            nearest = opened.enter_context(
                contextlib.closing(NearestPassages.open(_place(folder, manifest, chroma_url)))
            )
            generation = Generation(
                catalogue, keywords, nearest, passage_vectors, sentence_vectors, manifest, folder, held
            )
        except IndexFaultError:
            raise
        except Exception as error:  # damaged files make the libraries raise anything at all
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise IndexDamagedError(
                f"The index in {str(folder)!r} is damaged ({reason}). Rebuild with: qa index --rebuild"
            ) from error
        opened.pop_all()
    return generation


def _place(folder: Path, manifest: dict[str, Any], chroma_url: str | None) -> Path | ServerCollection:
    if COLLECTION not in manifest:
        return folder / CHROMA
    if not chroma_url:
        raise IndexOutdatedError("The vectors of the index are in a Chroma server. Set QA_CHROMA_URL or run: qa index")
    return ServerCollection(chroma_url, manifest[COLLECTION])


def _fill(catalogue: Catalogue, articles: Iterable[Article], passage_chars: int) -> tuple[list[str], list[str]]:
    """Stores articles and passages; returns the texts to index, of passages and of sentences."""
    passage_texts: list[str] = []
    sentence_texts: list[str] = []
    for article in articles:
        passages = cut_passages(article, passage_chars)
        notes = time_notes(article.text, article.published)
        rows = [(passage, _inside(notes, passage)) for passage in passages]
        catalogue.add_article(article, rows)
        for passage, inside in rows:
            passage_texts.append(f"{_header(article)}\n{annotate(article.text, inside, passage.start, passage.end)}")
            sentence_texts += [annotate(article.text, inside, start, end) for start, end in passage.sentences]
    return passage_texts, sentence_texts


def _repeated(catalogue: Catalogue, copies: Copies) -> Iterator[int]:
    """Yields the passages of copies that the article to cite first has too, and all those of corrected articles."""
    for story in copies.stories:
        first = catalogue.article(story.articles[0])
        for article_id in story.articles[1:]:
            for number in catalogue.passages_of(article_id):
                passage, _ = catalogue.passage(number)
                texts = (catalogue.article(article_id).text[start:end] for start, end in passage.sentences)
                if article_id in story.corrected or stands_in(texts, first):
                    yield number


def _inside(notes: list[TimeNote], passage: Passage) -> list[TimeNote]:
    return [note for note in notes if passage.start <= note.start and note.end <= passage.end]


def _header(article: Article) -> str:
    """Returns what helps to find an article's passages and never enters a quote."""
    day = article.published
    return " ".join(filter(None, (article.title, f"{day.year}年{day.month}月{day.day}日" if day else "")))


def _close_all(catalogue: Catalogue, nearest: NearestPassages, held: IO[bytes] | None) -> None:
    nearest.close()
    catalogue.close()
    if held:
        held.close()
