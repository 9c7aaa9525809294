"""Settings -> where the language model is, what it is called, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from qa.settings import Settings

__all__ = ["Endpoint", "endpoint_of"]

OLLAMA_URL = "http://127.0.0.1:11434/v1"
LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model at an OpenAI-compatible address; the key is kept out of what is printed."""

    base_url: str
    model: str
    api_key: str | None = field(default=None, repr=False)
    first_token_seconds: float = 20.0
    total_seconds: float = 60.0
    context_window: int = 4096

    @property
    def shown_url(self) -> str:
        """Returns the address without the name and password that it may carry."""
        parts = urlsplit(self.base_url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()

    @property
    def is_local(self) -> bool:
        """Tells whether the model is on this machine, where no proxy has a part in it."""
        return urlsplit(self.base_url).hostname in LOOPBACK


def endpoint_of(settings: Settings) -> Endpoint | None:
    """Returns the model that the settings name, or None where the quotes are to be the answer."""
    if settings.llm:
        base_url, model = OLLAMA_URL, settings.llm.removeprefix("ollama:")
    elif settings.llm_base_url and settings.llm_model:
        base_url, model = settings.llm_base_url, settings.llm_model
    else:
        return None
    return Endpoint(
        base_url=base_url,
        model=model,
        api_key=settings.llm_api_key.get_secret_value() if settings.llm_api_key else None,
        first_token_seconds=settings.llm_first_token_seconds,
        total_seconds=settings.llm_total_seconds,
        context_window=settings.llm_context_window,
    )
