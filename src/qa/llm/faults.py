"""What a client library raised -> one word for why the model gives no answer; no reply of the service is repeated."""

from __future__ import annotations

import httpx
import openai

from qa.errors import LanguageModelError

__all__ = ["HELD_UP", "fault_of"]

HELD_UP = frozenset(("slow", "endless"))  # for these a reader waited
# The first kind that fits names the fault.
KINDS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], str], ...] = (
    ((TimeoutError, openai.APITimeoutError, httpx.TimeoutException), "slow"),
    (openai.APIConnectionError, "unreachable"),
    ((openai.AuthenticationError, openai.PermissionDeniedError), "refused"),
    (openai.NotFoundError, "unknown_model"),
    (openai.APIError, "failed"),
    (httpx.HTTPError, "cut"),
)


def fault_of(error: BaseException) -> LanguageModelError:
    """Returns the error with its word: slow, unreachable, refused, unknown_model, failed, cut or garbled."""
    if isinstance(error, LanguageModelError):
        return error
    fault = next((word for kinds, word in KINDS if isinstance(error, kinds)), "garbled")
    status = f"HTTP {error.status_code}" if isinstance(error, openai.APIStatusError) else ""
    return LanguageModelError(fault, status or (type(error).__name__ if fault == "garbled" else ""))
