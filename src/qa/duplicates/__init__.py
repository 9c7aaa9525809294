"""Articles -> stories: near copies of one text together, and what corrects what; the only room that knows rensa."""

from qa.duplicates.comparing import stands_in
from qa.duplicates.finding import COPY_RULES, Copies, Story, find_copies

__all__ = ["COPY_RULES", "Copies", "Story", "find_copies", "stands_in"]
