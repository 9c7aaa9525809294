"""Evidence + a language model -> an answer in its words, of which only what the evidence says is let out."""

from qa.writing.answering import Written, write_answer
from qa.writing.instructions import addresses_a_machine
from qa.writing.rewriting import rewrite

__all__ = ["Written", "addresses_a_machine", "rewrite", "write_answer"]
