"""What a language model says -> what of it the evidence bears out; no other model has a part in it."""

from qa.checking.checker import Checker, Verdict

__all__ = ["Checker", "Verdict"]
