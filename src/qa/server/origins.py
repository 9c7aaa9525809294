"""Which sites may ask: the server's own pages and those that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qa.addresses import DEFAULT_PORTS

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["frame_ancestors", "may_ask"]


def may_ask(origin: str | None, host: str, allowed: Collection[str]) -> bool:
    """Tells whether a request may come from an origin; `host` is the server's name as the request has it.

    Programs send no origin and may ask. `null`, which a page without an origin of its own sends, may not.
    """
    return origin is None or origin in allowed or _is_own(origin, host)


def frame_ancestors(allowed: Collection[str]) -> str:
    """Returns the directive of a Content-Security-Policy that lets only these sites show a page in a frame."""
    return " ".join(["frame-ancestors 'self'", *allowed])


def _is_own(origin: str, host: str) -> bool:
    """Compares names and ports only: behind a proxy the server does not know that it is reached over https."""
    try:
        parts = urlsplit(origin)
        default = DEFAULT_PORTS[parts.scheme]
        asked = urlsplit(f"//{host}")
        return bool(parts.hostname) and (parts.hostname, parts.port or default) == (
            asked.hostname,
            asked.port or default,
        )
    except (KeyError, ValueError):
        return False
