"""The command line: `qa` and its commands; each does one thing, and says what went wrong in one line."""

from qa.cli import adding, commands, quality, removing
from qa.cli.app import app, main

__all__ = ["adding", "app", "commands", "main", "quality", "removing"]
