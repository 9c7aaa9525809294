"""Web addresses in the one form in which browsers write them, so that they can be compared."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

__all__ = ["DEFAULT_PORTS", "origin_of", "split_list"]

DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(address: str) -> str:
    """Returns the origin of a web address as a browser sends it: `https://news.example`, `http://localhost:8000`.

    Raises:
        ValueError: it is no web address.
    """
    parts = urlsplit(address.strip())
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{address!r} is no web address such as 'https://news.example'")
    host = parts.hostname.encode("idna").decode("ascii") if not parts.hostname.isascii() else parts.hostname
    name = f"[{host}]" if ":" in host else host
    default = DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{name}" + ("" if parts.port in (None, default) else f":{parts.port}")


def split_list(value: object) -> object:
    """Takes apart a text that lists things, as JSON or with commas or spaces between; anything else stays as it is."""
    if not isinstance(value, str):
        return value
    return json.loads(value) if value.lstrip().startswith("[") else value.replace(",", " ").split()
