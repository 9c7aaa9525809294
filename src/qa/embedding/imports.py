"""Imports sentence-transformers without what it hardly ever uses."""

from __future__ import annotations

import contextlib
import importlib
import sys
import types
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["deferred"]


@contextlib.contextmanager
def deferred(module: str) -> Iterator[None]:
    """Lets `from module import function` succeed at once, and imports the module when the function is called.

    It does nothing where the module has been imported already; afterwards the module can be imported as ever.
    """
    if module in sys.modules:
        yield
        return
    stand_in = types.ModuleType(module)
    stand_in.__getattr__ = lambda name: _forwarding(module, name)  # type: ignore[method-assign]
    sys.modules[module] = stand_in
    try:
        yield
    finally:
        if sys.modules.get(module) is stand_in:
            del sys.modules[module]


def _forwarding(module: str, name: str) -> Callable[..., Any]:
    if name.startswith("__"):
        raise AttributeError(name)

    def call(*arguments: Any, **options: Any) -> Any:
        return getattr(importlib.import_module(module), name)(*arguments, **options)

    return call
