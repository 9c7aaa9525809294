"""Records -> JSON values: the one form in which every door hands out answers, hits and events."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

__all__ = ["to_json"]


def to_json(value: Any) -> Any:
    """Turns records into what `json` can write: dictionaries by field, tuples as lists, dates as in 2025-07-30."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: to_json(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(held) for held in value]
    return value.isoformat() if isinstance(value, dt.date) else value
