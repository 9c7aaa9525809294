"""Every knob, in one frozen table: name, default, bounds, one line of meaning."""

from __future__ import annotations

import datetime as dt
import difflib
import ipaddress
import os
import zoneinfo
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from qa.addresses import origin_of, split_list
from qa.errors import SettingsError

__all__ = ["Settings"]

PREFIX = "QA_"
SETTINGS_FILE = Path("qa.toml")


def _check_origin(address: str) -> str:
    if urlsplit(address).path.strip("/"):
        raise ValueError(f"{address!r} has a path; name the site alone, such as {origin_of(address)!r}")
    return origin_of(address)


def _check_public_url(address: str) -> str:
    parts = urlsplit(address)
    if parts.query or parts.fragment:
        raise ValueError(f"{address!r} holds more than a site and a path")
    return origin_of(address) + parts.path.rstrip("/")


def _check_network(name: str) -> str:
    return str(ipaddress.ip_network(name) if "/" in name else ipaddress.ip_address(name))


def _check_token(token: SecretStr) -> SecretStr:
    if len(token.get_secret_value()) < MIN_TOKEN_CHARS:
        raise ValueError(f"a token has fewer than {MIN_TOKEN_CHARS} characters")
    return token


SECRET = frozenset({"api_tokens", "llm_api_key"})  # no message repeats them
MIN_TOKEN_CHARS = 16  # 64 bits as hexadecimal digits; a shorter one can be guessed
Origin = Annotated[str, AfterValidator(_check_origin)]
PublicUrl = Annotated[str, AfterValidator(_check_public_url)]
Network = Annotated[str, AfterValidator(_check_network)]
Token = Annotated[SecretStr, AfterValidator(_check_token)]
Listed = (NoDecode, BeforeValidator(split_list))  # "a, b" in a variable, ["a", "b"] in qa.toml


class Settings(BaseSettings):
    """Settings from `qa.toml`, then `QA_*` variables, then arguments; the later wins.

    Raises:
        SettingsError: a key is unknown, or a value has the wrong type or is out of bounds.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="forbid",
        frozen=True,
        env_ignore_empty=True,
        toml_file=SETTINGS_FILE,
    )

    corpus_dir: Path = Field(Path("corpus"), description="Folder of articles: Markdown or JSON lines.")
    index_dir: Path = Field(Path("index"), description="Folder of what is built from the articles.")
    cache_dir: Path = Field(
        Path(platformdirs.user_cache_dir("qa")),
        description="Folder for the unpacked embedding model and the parsed dictionary.",
    )
    chroma_url: str | None = Field(
        None,
        pattern=r"^https?://[^/\s]+/?$",
        description="Chroma server that keeps the vectors, as `http://host:8000`; default: the index folder does.",
    )
    embedding_model: str = Field(
        "bundled",
        min_length=1,
        description="`bundled` (multilingual-e5-small, no download), or a sentence-transformers name or folder.",
    )
    passage_chars: int = Field(300, ge=80, le=2000, description="Longest passage, in characters.")
    candidates: int = Field(
        100, ge=10, le=1000, description="Passages that each retrieval leg proposes before they are ranked."
    )
    max_quotes: int = Field(
        2,
        ge=1,
        le=3,
        description="Most quotes, of a sentence or two that follow one another, in answer to one plain question; a list"
        " may take one more.",
    )
    confidence_threshold: float = Field(
        0.42,
        ge=0.0,
        le=1.0,
        description="A question is declined under this confidence; 0 never declines, 1 nearly always. Measured where"
        " only the passage is gone: at 0.2 / 0.42 / 0.75 it declines 69 / 83 / 93 % of what it should, 97 / 94 / 85 %"
        " of what it declines rightly so, and answers 98 / 95 / 84 % of what it can.",
    )
    reader: Literal["on", "off"] = Field(
        "on", description="`off` quotes sentences only; `on` also finds the words in them that answer."
    )
    short_answer_threshold: float = Field(
        0.6,
        ge=0.0,
        le=1.0,
        description="An answer opens with the words themselves from this probability that they are right; 0 always.",
    )
    max_question_chars: int = Field(2000, ge=10, le=10000, description="Longest question, in characters.")
    whole_articles: Literal["on", "off"] = Field(
        "off", description="`on` lets readers open articles whole; `off` shows how they begin."
    )
    feedback_file: Path = Field(
        Path("feedback.sqlite"), description="SQLite file of readers' thumbs and of declined questions."
    )
    keep_declined: Literal["on", "off"] = Field(
        "on", description="`off` keeps no declined questions for `qa feedback`; readers' thumbs are kept all the same."
    )
    today: dt.date | None = Field(
        None, description="The day that 今天 or last year in a question is counted from; default: today."
    )
    timezone: str = Field("Asia/Hong_Kong", description="Time zone of the publisher's today.")
    fetch_user_agent: str = Field(
        "qa-add/0.1 (imports articles; contact not set)",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e][\x20-\x7e]*$",
        description="Who `qa add` says it is; name an address where sites can reach you.",
    )
    fetch_timeout: float = Field(30.0, gt=0, le=600, description="Seconds that `qa add` gives one page, all in all.")
    fetch_max_mb: float = Field(20.0, gt=0, le=500, description="Largest page or file that `qa add` reads, in MB.")
    fetch_delay: float = Field(1.0, ge=0, le=60, description="Seconds between two requests of `qa add` to one host.")
    fetch_private: Literal["on", "off"] = Field(
        "off", description="`on` lets `qa add` fetch from this machine and its own network."
    )
    watch: Literal["on", "off"] = Field(
        "on", description="`off` keeps a running server from following the folder of articles."
    )
    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(7860, ge=1, le=65535, description="Port the server listens on.")
    allowed_origins: Annotated[tuple[Origin, ...], *Listed] = Field(
        (),
        description="Sites whose pages may embed and ask, such as `https://news.example`, with commas between them.",
    )
    public_url: PublicUrl | None = Field(
        None, description="Address that readers reach the server at, such as `https://news.example/ask`."
    )
    trusted_proxies: Annotated[tuple[Network, ...], *Listed] = Field(
        (), description="Addresses or networks of proxies whose `X-Forwarded-For` is believed, such as `127.0.0.1`."
    )
    api_tokens: Annotated[tuple[Token, ...], *Listed] = Field(
        (), description="If set, programs must send one of them as `Authorization: Bearer`; pages need none."
    )
    questions_per_minute: int = Field(
        60, ge=0, description="Questions and searches that one client may send a minute; 0 sets no limit."
    )
    questions_per_day: int = Field(
        20000, ge=0, description="Questions and searches that the server takes a day, counted in `timezone`; 0: any."
    )
    concurrent_questions: int = Field(2, ge=1, le=64, description="Questions that are answered at the same time.")
    waiting_questions: int = Field(
        128, ge=1, le=10000, description="Questions that may wait; with one more the oldest is turned away."
    )
    answer_seconds: int = Field(
        60,
        ge=1,
        le=600,
        description="Longest wait for an answer, once it is being made; `llm_total_seconds` more with a model.",
    )
    answer_cache: int = Field(
        1000,
        ge=0,
        le=100_000,
        description="Answers kept and given again while the articles stay as they are; 0: none.",
    )
    question_log: Literal["figures", "text", "off"] = Field(
        "figures", description="What is logged of a question: `figures` has no words of it, `text` has them; or `off`."
    )
    log_file: Path | None = Field(None, description="File of that log, a new one a day; by default standard error.")
    keep_days: int = Field(
        90, ge=0, le=3650, description="Days that thumbs, declined questions and the log file are kept; 0: for ever."
    )
    llm: str | None = Field(
        None,
        pattern=r"^ollama:\S+$",
        description="`ollama:NAME` lets a model of this machine's Ollama write the answers; default: quotes alone.",
    )
    llm_base_url: str | None = Field(
        None, description="Address of an OpenAI-compatible service in its place, such as `http://127.0.0.1:8080/v1`."
    )
    llm_model: str | None = Field(None, description="Name of the model at that address.")
    llm_api_key: SecretStr | None = Field(None, description="Key of that service; never printed.")
    llm_first_token_seconds: float = Field(
        20.0, gt=0, le=600, description="Seconds for a model's first word; after them the quotes are the answer."
    )
    llm_total_seconds: float = Field(60.0, gt=0, le=3600, description="Seconds for all that a model writes.")
    llm_context_window: int = Field(
        4096, ge=3072, le=10_000_000, description="Tokens that the model reads at once; an answer takes under 3000."
    )

    def __init__(self, **values: Any) -> None:
        """Reads and checks every setting before any work is done."""
        _refuse_unknown_variables(type(self))
        try:
            super().__init__(**values)
            zoneinfo.ZoneInfo(self.timezone)
            _check_model(self)
        except ValidationError as error:
            raise SettingsError(_explain(error)) from error
        except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
            raise SettingsError(f"Cannot read the settings: {error}. Correct qa.toml or QA_TIMEZONE.") from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Puts `qa.toml` under the variables and the arguments."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def current_day(self) -> dt.date:
        """Returns the day that relative dates in a question are counted from."""
        return self.today or dt.datetime.now(zoneinfo.ZoneInfo(self.timezone)).date()


def _check_model(settings: Settings) -> None:
    """Refuses a language model that is named twice, by half or at what is no address."""
    address, name = settings.llm_base_url, settings.llm_model
    if settings.llm and (address or name):
        raise SettingsError(
            f"QA_LLM is {settings.llm!r}, but QA_LLM_BASE_URL or QA_LLM_MODEL is set too. Keep one way."
        )
    if bool(address) != bool(name):
        missing = "QA_LLM_MODEL" if address else "QA_LLM_BASE_URL"
        raise SettingsError(f"{missing} is missing: a model takes an address and a name. Set both, or neither.")
    if address and (urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname):
        raise SettingsError(
            f"QA_LLM_BASE_URL is {address!r}, no web address. Write one such as http://127.0.0.1:8080/v1"
        )


def _refuse_unknown_variables(table: type[BaseSettings]) -> None:
    known = {PREFIX + name.upper() for name in table.model_fields}
    for name in sorted(os.environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise SettingsError(f"Unknown setting {name!r} in the environment.{_nearest(name.upper(), known)}")


def _explain(error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else "settings"
    if first["type"] == "extra_forbidden":
        return f"Unknown setting {name!r}.{_nearest(name, set(Settings.model_fields))}"
    value = "*****" if name in SECRET else repr(first["input"])
    return f"Setting {name!r} is {value}: {first['msg']}. {Settings.model_fields[name].description}"


def _nearest(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f" Did you mean {close[0]!r}?" if close else " See: qa doctor --settings"
