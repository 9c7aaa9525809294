"""Where settings come from, and what is refused."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from pathlib import Path
from typing import Any

import pytest

from qa.errors import SettingsError
from qa.settings import Settings


def test_an_argument_wins_over_a_variable_and_a_variable_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("qa.toml").write_text('host = "file"\nport = 1001\npassage_chars = 101\n', encoding="utf-8")
    monkeypatch.setenv("QA_HOST", "variable")
    monkeypatch.setenv("QA_PORT", "1002")
    settings = Settings(host="argument")
    assert (settings.host, settings.port, settings.passage_chars) == ("argument", 1002, 101)


def test_without_anything_the_defaults_hold() -> None:
    settings = Settings()
    assert (settings.corpus_dir, settings.index_dir) == (Path("corpus"), Path("index"))
    assert settings.embedding_model == "bundled"


def test_an_empty_variable_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PORT", "")
    assert Settings().port == Settings.model_fields["port"].default


def test_a_variable_in_small_letters_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("qa_port", "1003")
    assert Settings().port == 1003


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("QA_PROT", r"Unknown setting 'QA_PROT' in the environment\. Did you mean 'QA_PORT'\?"),
        ("qa_corpus_dri", r"Unknown setting 'qa_corpus_dri' in the environment\. Did you mean 'QA_CORPUS_DIR'\?"),
        ("QA_XYZZY", r"Unknown setting 'QA_XYZZY' in the environment\. See: qa doctor --settings"),
    ],
)
def test_an_unknown_variable_is_refused_with_the_nearest_name(
    monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsError, match=message):
        Settings()


def test_an_unknown_key_in_the_file_is_refused_with_the_nearest_name() -> None:
    Path("qa.toml").write_text('corpus_dri = "x"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^Unknown setting 'corpus_dri'\. Did you mean 'corpus_dir'\?$"):
        Settings()


def test_an_unknown_argument_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^Unknown setting 'prot'\. Did you mean 'port'\?$"):
        Settings(prot=1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", 0),
        ("port", 65536),
        ("port", "eighty"),
        ("passage_chars", 79),
        ("passage_chars", 2001),
        ("candidates", 9),
        ("max_quotes", 0),
        ("max_quotes", 4),
        ("confidence_threshold", -0.01),
        ("confidence_threshold", 1.01),
        ("confidence_threshold", float("nan")),
        ("max_question_chars", 9),
        ("embedding_model", ""),
        ("today", "2025-13-40"),
        ("today", "gestern"),
    ],
)
def test_a_value_out_of_bounds_is_named_in_one_line_with_its_meaning(name: str, value: Any) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings(**{name: value})
    message = str(raised.value)
    assert message.startswith(f"Setting {name!r} is {value!r}: ")
    assert message.endswith(str(Settings.model_fields[name].description))
    assert "\n" not in message


@pytest.mark.parametrize(("name", "value"), [("port", 65535), ("confidence_threshold", 0), ("passage_chars", 80)])
def test_the_bounds_themselves_are_taken(name: str, value: float) -> None:
    assert getattr(Settings(**{name: value}), name) == value


@pytest.mark.parametrize("content", ["port = ", "= 1", "\x00", "port = 1\nport = 2\n"])
def test_a_broken_file_is_refused_in_one_line(content: str) -> None:
    Path("qa.toml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"^Cannot read the settings: .*qa\.toml[^\n]*$"):
        Settings()


def test_a_file_that_is_not_utf_8_is_refused() -> None:
    Path("qa.toml").write_bytes('host = "港"'.encode("big5"))
    with pytest.raises(SettingsError, match=r"^Cannot read the settings: "):
        Settings()


@pytest.mark.parametrize("name", ["Asia/Nowhere", "", "../etc/passwd", "/etc/passwd", "\x00"])
def test_an_unknown_time_zone_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="QA_TIMEZONE"):
        Settings(timezone=name)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(Exception, match="frozen"):
        Settings().port = 1


def test_today_is_the_one_set_or_the_publishers() -> None:
    assert Settings(today="2025-07-30").current_day() == dt.date(2025, 7, 30)
    zone = "Pacific/Kiritimati"  # 14 hours ahead of UTC, so often another day than this machine's
    before = dt.datetime.now(zoneinfo.ZoneInfo(zone)).date()
    assert Settings(timezone=zone).current_day() in (before, before + dt.timedelta(days=1))


@pytest.mark.parametrize(
    "value", ["https://news.example, http://localhost:8000/", '["https://news.example", "http://localhost:8000"]']
)
def test_sites_are_listed_in_a_variable_in_any_usual_way(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("QA_ALLOWED_ORIGINS", value)
    assert Settings().allowed_origins == ("https://news.example", "http://localhost:8000")


def test_sites_are_listed_in_the_file_as_a_list() -> None:
    Path("qa.toml").write_text('allowed_origins = ["https://news.example"]\n', encoding="utf-8")
    assert Settings().allowed_origins == ("https://news.example",)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("allowed_origins", "*", "'\\*' is no web address"),
        ("allowed_origins", "null", "'null' is no web address"),
        ("allowed_origins", "https://news.example/blog", "has a path"),
        ("allowed_origins", "[", "Expecting value"),
        ("public_url", "news.example", "is no web address"),
        ("public_url", "https://news.example/?a=b", "more than a site and a path"),
        ("trusted_proxies", "nginx", "does not appear to be an IPv4 or IPv6 address"),
        ("trusted_proxies", "10.0.0.1/8", "has host bits set"),
    ],
)
def test_an_address_that_is_none_is_refused(name: str, value: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings(**{name: value})


def test_a_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from qa.doctor import settings_rows

    monkeypatch.setenv("QA_API_TOKENS", "a-secret-of-the-publisher, another-long-secret")
    rows, error = settings_rows({})
    assert error is None
    assert "secret" not in "".join(row.value for row in rows)
    with pytest.raises(SettingsError, match="fewer than 16 characters") as refused:
        Settings(api_tokens="a-secret")
    assert "a-secret" not in str(refused.value)
