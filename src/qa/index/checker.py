"""Asks a fresh process whether a new generation holds what was put into it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from qa.errors import IndexDamagedError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Checker"]

COMMAND = [sys.executable, "-c", "from qa.index.verify import main; main()"]
SECONDS = 300


class Checker:
    """A process for `qa.index.verify`; it waits for the generation, with its imports done while that is built."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts the process, which takes a second to be ready."""
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(
            COMMAND, stdin=pipe, stdout=nowhere, stderr=pipe, encoding="utf-8", errors="replace"
        )

    def check(self, folder: Path, chroma_url: str | None) -> None:
        """Has the generation in a folder searched for what it should hold.

        Raises:
            IndexDamagedError: something in it cannot be read or found, or the process crashes or hangs.
        """
        if self._process is None:
            self.start()
        assert self._process is not None
        try:
            _, said = self._process.communicate(json.dumps([str(folder), chroma_url]), timeout=SECONDS)
            code = self._process.returncode
            reason = said.strip().splitlines()[-1:] if code > 0 else []
            failure = None if code == 0 else "".join(reason) or f"exit code {code}"
        except subprocess.TimeoutExpired:
            failure = f"not done in {SECONDS} seconds"
        if failure:
            raise IndexDamagedError(
                f"The new index failed its check ({failure}); the old one stays. Run again: qa index"
            )

    def close(self) -> None:
        """Ends the process, also where nothing was checked."""
        if self._process is None:
            return
        self._process.kill()
        self._process.communicate()
