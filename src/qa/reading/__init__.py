"""Question and evidence -> the words that answer, and whether they do: a reader trained with the project."""

from qa.reading.ranking import logit, rank_by_reading
from qa.reading.reader import Reader, Reading, load_reader
from qa.reading.windows import windows_around

__all__ = ["Reader", "Reading", "load_reader", "logit", "rank_by_reading", "windows_around"]
