"""How much one client and all together may ask."""

from __future__ import annotations

import datetime as dt
import ipaddress
import math
import time
import zoneinfo
from typing import TYPE_CHECKING

from limits import RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter

from qa.errors import TurnedAwayError

if TYPE_CHECKING:
    from qa.settings import Settings

__all__ = ["Limits", "client_of"]

OPINIONS_PER_MINUTE = 60  # thumbs of one client; a reader gives a few
CLIENT_SHARE = 0.1  # of the server's day for one client, so that none can use it up
IPV6_CLIENT_BITS = 64  # a household or a phone is given that much, and can use any address in it


class Limits:
    """Counts questions in memory: a moving minute for each client, and the publisher's day for the whole server."""

    def __init__(self, settings: Settings) -> None:
        storage = MemoryStorage()
        self._minute, self._day = MovingWindowRateLimiter(storage), FixedWindowRateLimiter(storage)
        self._per_minute = RateLimitItemPerMinute(settings.questions_per_minute or 1)
        self._opinions = RateLimitItemPerMinute(OPINIONS_PER_MINUTE, namespace="opinions")
        self._per_day = RateLimitItemPerDay(settings.questions_per_day or 1)
        self._share = RateLimitItemPerDay(max(1, int(settings.questions_per_day * CLIENT_SHARE)), namespace="share")
        self._is_limited = settings.questions_per_minute > 0
        self._is_limited_a_day = settings.questions_per_day > 0
        self._zone = zoneinfo.ZoneInfo(settings.timezone)

    def count_question(self, client: str) -> None:
        """Counts a question or a search.

        Raises:
            TurnedAwayError: the client, or all clients together, have asked too much.
        """
        if self._is_limited:
            self._count_minute(self._per_minute, client)
        if self._is_limited_a_day:
            today = dt.datetime.now(self._zone).date()
            for item, who in ((self._share, client), (self._per_day, "")):
                if not self._day.hit(item, today.isoformat(), who):
                    raise TurnedAwayError("closed_today", self._seconds_left_of(today))

    def count_opinion(self, client: str) -> None:
        """Counts a thumb.

        Raises:
            TurnedAwayError: the client has sent too many.
        """
        self._count_minute(self._opinions, client)

    def _count_minute(self, item: RateLimitItemPerMinute, client: str) -> None:
        if not self._minute.hit(item, client):
            reset = self._minute.get_window_stats(item, client).reset_time
            raise TurnedAwayError("too_many", max(1, math.ceil(reset - time.time())))

    def _seconds_left_of(self, day: dt.date) -> int:
        tomorrow = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), self._zone)
        return max(1, math.ceil(tomorrow.timestamp() - time.time()))


def client_of(address: str) -> str:
    """Names the client that has an address: itself in IPv4, its network of 64 bits in IPv6."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, IPV6_CLIENT_BITS), strict=False))
