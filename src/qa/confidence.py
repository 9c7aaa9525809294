"""Evidence -> the probability that it answers the question."""

from __future__ import annotations

import functools
import importlib.resources
import json
import math
import re
from typing import TYPE_CHECKING, Any

from qa.attributes import tells_of_another
from qa.lexicon import is_like_a_person, names_in
from qa.naming import english_names_in
from qa.quoting import leans_on_previous
from qa.reading import logit
from qa.terms import RARE, coverage
from qa.text.folding import HAN, fold, has_han, to_simplified
from qa.text.numerals import digits
from qa.text.tokens import ENGLISH_STOP_WORDS, latin_words, tokenize
from qa.timing import OTHER_TIME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qa.reading import Reading
    from qa.retrieve import EvidenceSentence, Query, RankedPassage

__all__ = [
    "Tree",
    "asks_who_someone_is",
    "confidence",
    "crosses_scripts",
    "features",
    "log_odds",
    "sureness",
    "words_miss_expected",
]

_WHO_IS = re.compile(r"\W*[Ww]ho(?:'s| is| was) [A-Z][\w'’-]+(?: +[A-Z][\w'’-]+){0,3}\W*")
_WHO_IS_IN_CHINESE = re.compile(
    rf"\W*(?:(?P<name>[{HAN}]{{2,4}}?)[是系](?:谁|边个|何人)|谁是(?P<after>[{HAN}]{{2,4}}))\W*"
)
_ORDINAL = re.compile("第[一二三四五六七八九十百]")
FEW = 5  # sentences looked at
USUAL_COSINE = 0.85  # around which the cosines of this family of models lie
YEAR_RIVAL = 0.15  # of coverage: how much a sentence about the right year may lack of the best one's
YEAR_RIVAL_READING = 6.0  # log-odds: how much less the reader may make of it
WHOLE = 0.95  # of the weight of a question's words, or of their number, and it counts as all of them
MAX_MARGIN = 0.3  # a runner-up further behind, or none, says no more

# A leaf's log-odds, or a feature, its threshold, and the trees for values up to it and above.
Tree = float | tuple[str, float, "Tree", "Tree"]


def confidence(
    query: Query,
    passages: Sequence[RankedPassage],
    sentences: Sequence[EvidenceSentence],
    readings: Sequence[Reading] = (),
) -> float:
    """Returns the probability, 0 to 1, that the best evidence answers the question.

    Log-odds are summed from `features`, for questions in the script of the evidence and for the others: by weights
    (logistic regression), and where the reader has its say, which has learnt nothing of questions for yes or no nor of
    who someone is, by trees too. Weights, trees and their provenance are in `confidence.json`.
    """
    if not passages or not sentences or not query.terms:
        return 0.0
    kind = "across" if crosses_scripts(query, sentences) else "same"
    is_read = bool(readings) and not (query.expected.yes_or_no or asks_who_someone_is(query.question.text))
    return _logistic(log_odds(f"{kind}_read" if is_read else kind, features(query, passages, sentences, readings)))


def log_odds(kind: str, values: Mapping[str, float]) -> float:
    """Sums what weights and trees of one kind of questions make of the features."""
    weighed: float = sum(weight * values[name] for name, weight in _table()["weights"][kind].items())
    return weighed + sum(_leaf(tree, values) for tree in _table()["trees"].get(kind, ()))


def sureness(sentence: EvidenceSentence) -> float:
    """Returns the probability that the words which the reader marked in a sentence are right; 0 if it marked none."""
    weights = _table()["weights"]["short"]
    return _logistic(weights["bias"] + weights["reading"] * sentence.reading) if sentence.words else 0.0


def asks_who_someone_is(question: str) -> bool:
    """Tells whether nothing is asked but who a named person is; no words of an article are the whole answer."""
    match = _WHO_IS_IN_CHINESE.fullmatch(to_simplified(question))
    return is_like_a_person(match["name"] or match["after"]) if match else _WHO_IS.fullmatch(question) is not None


def crosses_scripts(query: Query, sentences: Sequence[EvidenceSentence]) -> bool:
    """Tells whether the question and the best evidence are written in different scripts."""
    return (query.question.language != "en") != has_han(sentences[0].text)


def features(
    query: Query,
    passages: Sequence[RankedPassage],
    sentences: Sequence[EvidenceSentence],
    readings: Sequence[Reading] = (),
) -> dict[str, float]:
    """Measures what speaks for and against the evidence; nothing in it counts the corpus."""
    best, passage = sentences[0], passages[0]
    few = sentences[:FEW]
    tokens = frozenset().union(*(sentence.tokens for sentence in sentences if sentence.passage is best.passage))
    runner_up = next((p for p in passages[1:] if not _neighbours(p, passage)), None)
    margin = passage.score - runner_up.score if runner_up else MAX_MARGIN
    expects = query.expected.kind is not None
    return {
        "bias": 1.0,
        "sentence_coverage": best.coverage,
        "context_coverage": max(sentence.context for sentence in few),
        "passage_coverage": coverage(query.direct, tokens),
        "sentence_translation": max(sentence.translation for sentence in few),
        "passage_translation": coverage(query.translated, tokens),
        "similarity": 10 * (max(sentence.similarity for sentence in few) - USUAL_COSINE),
        "dense": 10 * (passage.legs.get("dense", USUAL_COSINE) - USUAL_COSINE),
        "margin": min(margin, MAX_MARGIN),
        "rare_absent": _absent_share(query, tokens),
        "rare_elsewhere": _share_elsewhere(query, sentences),
        "other_names": float(_names_others(query, best)),
        "of_another": float(tells_of_another(query.question.content, best.text, _led_by(best))),
        "figure_absent": float(any(t.is_number and not t.found_in(tokens) for t in query.direct)),
        "words_found": _words_found(query, tokens),
        "all_translated": float(_says_it_all(query, best, tokens)),
        "says_little": float(_says_little(query)),
        **_names(query, tokens),
        "not_expected": float(expects and not any(s.holds_expected for s in few[:2])),
        "other_year": float(_speaks_of_other_times(query, sentences)),
        "answers": max((logit(reading.answers) for reading in readings), default=0.0),
        "answers_here": _answers_here(best, readings),
        "words": max(sentence.reading for sentence in sentences),
        "words_here": best.reading,
        "words_not_expected": float(query.expected.is_figure and words_miss_expected(query, best)),
    }


def words_miss_expected(query: Query, sentence: EvidenceSentence) -> bool:
    """Tells whether words were marked that hold no figure, date or rank though one is asked for."""
    if sentence.words is None or not query.expected.is_exact:
        return False
    words = sentence.passage.stored.article.text[slice(*sentence.words)]
    return not (query.expected.kind_held_by(digits(fold(words))) or _ORDINAL.search(words))


def _answers_here(sentence: EvidenceSentence, readings: Sequence[Reading]) -> float:
    """Returns the log-odds that the window answers which the sentence stands in."""
    article = sentence.passage.stored.article
    return max(
        (
            logit(reading.answers)
            for reading in readings
            if reading.window.stored.article.id == article.id
            and reading.window.start <= sentence.start < reading.window.end
        ),
        default=logit(0.0) if readings else 0.0,
    )


def _speaks_of_other_times(query: Query, sentences: Sequence[EvidenceSentence]) -> bool:
    """Tells whether the best sentence names another time than asked, and none as near is about that one.

    What is as near has the names in Latin letters that the question and the best sentence share, and may answer by
    what the reader says.
    """
    best, few = sentences[0], sentences[:FEW]
    shared = names_in(query.question.text) & best.tokens
    read = [s for s in few if s.reading >= best.reading - YEAR_RIVAL_READING]
    near = [s for s in read if _closeness(s) >= _closeness(best) - YEAR_RIVAL]
    rivals = [s for s in near if shared <= s.tokens | frozenset(tokenize(_led_by(s)))]
    if best.timeliness <= OTHER_TIME and not any(sentence.timeliness > 0 for sentence in rivals):
        return True
    return best.other_year and not any(sentence.asked_year for sentence in rivals)


def _closeness(sentence: EvidenceSentence) -> float:
    """Returns the share of the question's words that a sentence has, with the one before, or has in translation."""
    return max(sentence.context, sentence.translation)


def _absent_share(query: Query, tokens: frozenset[str]) -> float:
    """Returns the share of the question's rare terms that the passage lacks."""
    rare = [term for term in query.direct if term.weight >= RARE]
    return 1.0 - coverage(rare, tokens) if rare else 0.0


def _share_elsewhere(query: Query, sentences: Sequence[EvidenceSentence]) -> float:
    """Returns the share of the question's rare terms that other sentences have, and not the best with what leads to it.

    MiniMax創始人閆俊傑 is no answer to 百川智能的創始人是誰, though 百川智能 is spoken of close by.
    """
    best = sentences[0]
    rare = [term for term in query.direct if term.weight >= RARE]
    here = best.tokens | frozenset(tokenize(f"{_before(best)} {best.passage.stored.article.title}"))
    elsewhere = frozenset().union(*(sentence.tokens for sentence in sentences))
    lacking = sum(term.weight for term in rare if term.found_in(elsewhere) and not term.found_in(here))
    return lacking / sum(term.weight for term in rare) if rare else 0.0


def _names_others(query: Query, best: EvidenceSentence) -> bool:
    """Tells whether the best sentence names somebody, and its passage and headline nobody whom the question names."""
    asked = names_in(query.question.text)
    if not asked or not names_in(best.text) - asked:
        return False
    stored = best.passage.stored
    here = fold(f"{stored.article.title} {stored.passage.text}")
    return not any(name in here for name in asked)


def _led_by(sentence: EvidenceSentence) -> str:
    """Returns the sentence before one that names nobody itself, or that points back."""
    alone = names_in(sentence.text) and not leans_on_previous(sentence.text)
    return "" if alone else _before(sentence)


def _before(sentence: EvidenceSentence) -> str:
    """Returns the sentence before one in its passage, or nothing."""
    spans = [span for span in sentence.passage.stored.passage.sentences if span[0] < sentence.start]
    return sentence.passage.stored.article.text[slice(*max(spans))] if spans else ""


def _words_found(query: Query, tokens: frozenset[str]) -> float:
    """Returns the share of the question's words that the passage has, as written or in translation."""
    words = _telling_words(query)
    translated = {word for term in query.translated if term.found_in(tokens) for word in term.source.split()}
    found = [word for word in words if word in translated or set(tokenize(word)) <= tokens]
    return len(found) / len(words) if words else 0.0


def _telling_words(query: Query) -> list[str]:
    return [word for word in latin_words(query.question.content) if word not in ENGLISH_STOP_WORDS]


def _says_it_all(query: Query, best: EvidenceSentence, tokens: frozenset[str]) -> bool:
    """Tells whether all words of a question are in the sentence in translation, and such a thing as it asks for.

    One word alone says nothing, as it is found in one of its many readings somewhere.
    """
    if len(_telling_words(query)) < 2 or best.translation < WHOLE or _words_found(query, tokens) < WHOLE:
        return False
    return query.expected.kind is None or best.holds_expected


def _says_little(query: Query) -> bool:
    """Tells whether an English question has one word that tells, and no name: some reading of one is found anywhere."""
    return len(_telling_words(query)) < 2 and not english_names_in(query.question.text)


def _names(query: Query, tokens: frozenset[str]) -> dict[str, float]:
    """Returns the shares of the names in Latin letters that the passage has, as written or translated, and lacks."""
    names = english_names_in(query.question.text)
    if not names:
        return {"names_found": 0.0, "names_absent": 0.0}
    translated = {word for term in query.translated if term.found_in(tokens) for word in term.source.split()}
    found = [name for name in names if set(tokenize(name)) <= tokens or name.lower() in translated]
    return {"names_found": len(found) / len(names), "names_absent": 1 - len(found) / len(names)}


def _neighbours(one: RankedPassage, other: RankedPassage) -> bool:
    """Tells whether two passages stand side by side or tell one story, so that both may hold the same answer."""
    if other.stored.article.id in one.stored.copies:
        return True
    same = one.stored.article.id == other.stored.article.id
    return same and abs(one.number - other.number) <= 1


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def _leaf(tree: Tree, values: Mapping[str, float]) -> float:
    while not isinstance(tree, float):
        name, threshold, below, above = tree
        tree = below if values[name] <= threshold else above
    return tree


@functools.cache
def _table() -> Mapping[str, Any]:
    text = importlib.resources.files("qa").joinpath("confidence.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
