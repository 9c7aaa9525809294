"""Readers hold the generation that they have open, so that no build removes it under them."""

from __future__ import annotations

import contextlib
import importlib
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["hold", "is_held"]

try:
    _fcntl: Any = importlib.import_module("fcntl")
except ImportError:  # Windows, which refuses to move a folder with open files: that is hold enough
    _fcntl = None


def hold(file: Path) -> IO[bytes]:
    """Opens a file with a shared lock that lasts until it is closed or the process ends.

    Raises:
        OSError: the file cannot be opened.
    """
    held = file.open("rb")
    if _fcntl:
        with contextlib.suppress(OSError):  # a network file system without locks
            _fcntl.flock(held, _fcntl.LOCK_SH | _fcntl.LOCK_NB)
    return held


def is_held(file: Path) -> bool:
    """Tells whether a reader, in this process or another, holds the file."""
    if not _fcntl:
        return False
    try:
        with file.open("rb") as mine:
            _fcntl.flock(mine, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
