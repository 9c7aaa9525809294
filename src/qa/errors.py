"""Everything that can go wrong, as one tree.

QAError
├── SettingsError      a setting is unknown, out of range or contradicts another
├── CorpusError        the articles cannot be read at all
│   └── CorpusShrunkError   so many articles are gone that somebody must say it is meant
├── ModelError         the embedding model is missing, damaged or does not fit the index
├── ReaderError        the reader's weights are missing, damaged or made for another model; it is switched off then
├── IndexFaultError        the index is missing, damaged or locked
│   ├── IndexMissingError
│   ├── IndexDamagedError
│   │   └── IndexOutdatedError  it was built by another model or older rules
│   ├── IndexBusyError
│   └── ChromaServerError   the Chroma server does not answer
├── LanguageModelError the attached language model is away, slow, or writes what is no answer; the quotes stand then
├── QuestionError      the question is blank, too long or not text
├── AddingError        no article could be added, or the folder of articles cannot be written
├── TurnedAwayError    too much is asked at once, or too long for; it says when to come back
└── ServerError        the server cannot start (port taken, address refused)

A message says what was wrong, the value, and what to do next, in one line.
"""

__all__ = [
    "AddingError",
    "ChromaServerError",
    "CorpusError",
    "CorpusShrunkError",
    "EvaluationError",
    "FeedbackError",
    "IndexBusyError",
    "IndexDamagedError",
    "IndexFaultError",
    "IndexMissingError",
    "IndexOutdatedError",
    "LanguageModelError",
    "ModelError",
    "QAError",
    "QuestionError",
    "ReaderError",
    "ServerError",
    "SettingsError",
    "TurnedAwayError",
]


class QAError(Exception):
    """The root: a door that catches this one catches them all."""


class SettingsError(QAError):
    """A setting is unknown, out of range or contradicts another."""


class CorpusError(QAError):
    """The articles cannot be read at all; single bad files are problems in the report, not errors."""


class CorpusShrunkError(CorpusError):
    """More articles are gone from the corpus than may go unasked."""


class AddingError(QAError):
    """No article could be added, or the folder of articles cannot be written."""


class ModelError(QAError):
    """The embedding model is missing, damaged or not the one the index was built with."""


class ReaderError(QAError):
    """The reader cannot be used; the engine goes on without it."""


class IndexFaultError(QAError):
    """The index cannot be used."""


class IndexMissingError(IndexFaultError):
    """No index has been built yet."""


class IndexDamagedError(IndexFaultError):
    """The index does not give back what was put into it."""


class IndexOutdatedError(IndexDamagedError):
    """The index was built with another embedding model or by older rules."""


class IndexBusyError(IndexFaultError):
    """Another process is writing the index."""


class ChromaServerError(IndexFaultError):
    """The server that keeps the vectors does not answer; the index itself may well be whole."""


class LanguageModelError(QAError):
    """The attached language model gives no answer; `fault` is a word for why."""

    def __init__(self, fault: str, detail: str = "") -> None:
        super().__init__(f"The language model gives no answer: {fault}{f' ({detail})' if detail else ''}.")
        self.fault = fault
        self.detail = detail


class QuestionError(QAError):
    """The question is blank, too long or not text."""


class TurnedAwayError(QAError):
    """Too much is asked at once; `reason` names the text that says so, `seconds` is when to come back."""

    def __init__(self, reason: str, seconds: int) -> None:
        super().__init__(f"Turned away ({reason}); come back in {seconds} seconds.")
        self.reason = reason
        self.seconds = seconds


class ServerError(QAError):
    """The server cannot start."""


class FeedbackError(QAError):
    """The file of readers' feedback cannot be read or written."""


class EvaluationError(QAError):
    """A file of questions or of results cannot be used."""
