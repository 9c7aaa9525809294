"""Evidence + a language model -> an answer in its words, of which only what the evidence says is let out."""

from qa.writing.answering import Written, write_answer
from qa.writing.rewriting import rewrite

__all__ = ["Written", "rewrite", "write_answer"]
