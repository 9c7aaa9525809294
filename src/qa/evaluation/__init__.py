"""Gold questions -> how good the answers are: metrics, a report for the editor, and what moved between two runs."""

from qa.evaluation.comparing import compare
from qa.evaluation.gold import GoldQuestion, check_articles, read_questions
from qa.evaluation.report import write_report
from qa.evaluation.results import Results, read_results, write_results
from qa.evaluation.running import evaluate
from qa.evaluation.summary import broken_floors, read_floors, summarise

__all__ = [
    "GoldQuestion",
    "Results",
    "broken_floors",
    "check_articles",
    "compare",
    "evaluate",
    "read_floors",
    "read_questions",
    "read_results",
    "summarise",
    "write_report",
    "write_results",
]
