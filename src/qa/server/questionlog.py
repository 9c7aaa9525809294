"""One line of JSON for each question; no address, no name, and no words of it unless the settings ask for them."""

from __future__ import annotations

import json
import logging
import logging.handlers
from typing import TYPE_CHECKING, Any

from qa.errors import ServerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qa.records import Answer
    from qa.settings import Settings

__all__ = ["log_failure", "log_question", "log_to"]

logger = logging.getLogger("qa.questions")


def log_to(settings: Settings) -> None:
    """Lets the lines go where the settings say, and keeps a file of them for as many days as they say.

    Raises:
        ServerError: the file cannot be written.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")  # else a library does it
    handler: logging.Handler = logging.StreamHandler()
    if settings.log_file:
        try:
            settings.log_file.parent.mkdir(parents=True, exist_ok=True)
            handler = logging.handlers.TimedRotatingFileHandler(
                settings.log_file, when="midnight", backupCount=settings.keep_days, encoding="utf-8"
            )
        except OSError as error:
            message = f"Cannot write the log {str(settings.log_file)!r}: {error.strerror}. Set log_file to another."
            raise ServerError(message) from error
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(logging.INFO if settings.question_log != "off" else logging.CRITICAL)


def log_question(answer: Answer, door: str, seconds: Mapping[str, float], settings: Settings) -> None:
    """Writes what came of a question: how sure it was, what was cited, and how long each stage took."""
    line: dict[str, Any] = {
        "door": door,
        "status": answer.status,
        "confidence": answer.confidence,
        "cited": [f"{citation.article_id}:{citation.start}-{citation.end}" for citation in answer.citations],
        "mode": answer.mode,
        "notice": answer.notice,
        "ms": {stage: round(1000 * took) for stage, took in seconds.items()},
        "characters": len(answer.question),
        "trace_id": answer.trace_id,
    }
    if settings.question_log == "text":
        line |= {"question": answer.question, "standalone_question": answer.standalone_question}
    _write(line)


def log_failure(door: str, reason: str) -> None:
    """Writes that a question got no answer, and why."""
    _write({"door": door, "status": reason})


def _write(line: Mapping[str, Any]) -> None:
    # Escaped, so that nothing a reader types can begin another line or steer a terminal.
    logger.info(json.dumps(line, ensure_ascii=True))
