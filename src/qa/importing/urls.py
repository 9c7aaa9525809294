"""Addresses in the one form by which an article is known again."""

from __future__ import annotations

import re
import urllib.parse

__all__ = ["canonical_url", "is_url"]

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|yclid|msclkid|mc_[ce]id|igshid|spm|share_token|_ga", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}


def is_url(source: str) -> bool:
    """Tells an address from the name of a file; `ftp://` is one too, and refused when it is asked for."""
    return re.match(r"[a-z][a-z0-9+.-]+://", source, re.IGNORECASE) is not None


def canonical_url(url: str) -> str:
    """Writes an address without fragment, tracking parameters and default port, in ASCII.

    Raises:
        ValueError: it is no http or https address, or it carries a password.
    """
    parts = urllib.parse.urlsplit(url.strip())
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise ValueError(f"is not an http or https address but {parts.scheme or 'none'!r}")
    if parts.username is not None or parts.password is not None:
        raise ValueError("carries a user name or password; leave it out")
    if not parts.hostname:
        raise ValueError("names no host")
    host = _ascii_host(parts.hostname)
    port = "" if parts.port in (None, _PORTS[scheme]) else f":{parts.port}"
    pairs = [pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair.split("=")[0])]
    path = urllib.parse.quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = urllib.parse.quote("&".join(pairs), safe="/%:@!$&'()*+,;=~-._?")
    return urllib.parse.urlunsplit((scheme, f"{host}{port}", path, query, ""))


def _ascii_host(host: str) -> str:
    if ":" in host:
        return f"[{host}]"
    try:
        return host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise ValueError("names a host that cannot exist") from error
