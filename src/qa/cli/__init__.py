"""The command line: `qa` and its commands."""

from qa.cli.commands import app, main

__all__ = ["app", "main"]
