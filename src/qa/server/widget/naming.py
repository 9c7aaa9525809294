"""What a publisher's page calls its article, an id or an address -> the article."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from qa.index.catalogue import Catalogue
    from qa.records import Article

__all__ = ["article_named", "same_address"]

TRACKING = "utm_"  # what campaigns add to an address

_known: WeakKeyDictionary[Catalogue, dict[str, str]] = WeakKeyDictionary()
_lock = threading.Lock()


def article_named(name: str, catalogue: Catalogue) -> Article | None:
    """Finds an article by its id, or else by the address of its page."""
    for article_id in (name, _ids_by_address(catalogue).get(same_address(name), "")):
        try:
            return catalogue.article(article_id)
        except KeyError:
            continue
    return None


def same_address(address: str) -> str:
    """Reduces an address to what pages have in common however they are linked to; empty for what is none.

    The scheme, the case of the host, the final slash, the fragment and campaign parameters make no difference.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    query = [(key, value) for key, value in parse_qsl(parts.query) if not key.startswith(TRACKING)]
    named_port = f":{port}" if port not in (None, 80, 443) else ""
    return f"{host}{named_port}{unquote(parts.path).rstrip('/')}?{urlencode(sorted(query))}"


def _ids_by_address(catalogue: Catalogue) -> dict[str, str]:
    """Reads the addresses of a generation's articles once; of two articles with one address the first stands."""
    with _lock:
        if catalogue not in _known:
            reduced = [(same_address(url), article_id) for article_id, url in catalogue.addresses()]
            _known[catalogue] = {address: article_id for address, article_id in reversed(reduced) if address}
        return _known[catalogue]
