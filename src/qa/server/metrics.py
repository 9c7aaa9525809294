"""What the server counts and times, in the form that Prometheus reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["METRICS_TYPE", "Metrics"]

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Seconds: an answer takes a quarter of a second by quoting and some with a language model.
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """The counters of one server."""

    def __init__(self, waiting: Callable[[], float]) -> None:
        self._registry = CollectorRegistry()
        self.questions = Counter(
            "qa_questions", "Questions answered, declined or greeted.", ["door", "status"], registry=self._registry
        )
        self.turned_away = Counter(
            "qa_turned_away", "Questions turned away, by reason.", ["reason"], registry=self._registry
        )
        self.errors = Counter("qa_errors", "Questions that failed.", ["door"], registry=self._registry)
        self.cached = Counter("qa_cached", "Questions answered from memory.", registry=self._registry)
        self.searches = Counter("qa_searches", "Searches.", ["door"], registry=self._registry)
        self.seconds = Histogram(
            "qa_seconds", "Seconds that a stage took.", ["stage"], buckets=BUCKETS, registry=self._registry
        )
        self.answering = Gauge("qa_answering", "Questions being answered now.", registry=self._registry)
        Gauge("qa_waiting", "Questions waiting now.", registry=self._registry).set_function(waiting)

    def text(self) -> bytes:
        """Writes everything down."""
        return generate_latest(self._registry)
