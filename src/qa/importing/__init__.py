"""Files, folders, web pages, feeds and site maps -> Markdown articles in the corpus folder."""

from qa.importing.adding import Added, AddReport, add_articles

__all__ = ["AddReport", "Added", "add_articles"]
