"""Settings: one table, safe in production, and the database told what it must do."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

import config
from improve.shared import patience
from improve.shared.db import SQLITE_PRAGMAS, db

GOOD = "f3b1c0d9e8a7465544332211ffeeddccbbaa"
SEALING = "a9d8c7b6e5f4039281706f5e4d3c2b1a0918"


def test_readme_shows_every_setting_as_it_is() -> None:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text()
    for setting in config.SETTINGS:
        default = f"`{setting.default}`" if setting.default else ""
        assert f"| `{setting.name}` | {default} | {setting.meaning} |" in readme


@pytest.mark.security(42)
@pytest.mark.parametrize(
    ("secret", "says"),
    [
        ("", "is not set"),
        ("short", "shorter"),
        ("this-is-an-example-of-a-secret-key-for-you", "example"),
    ],
)
def test_production_refuses_a_missing_short_or_example_secret(secret: str, says: str) -> None:
    with pytest.raises(config.SettingsError, match=says):
        config.read_settings({"SECRET_KEY": secret})


def test_production_takes_a_random_secret() -> None:
    assert config.read_settings({"SECRET_KEY": GOOD, "SEALING_KEY": SEALING})["IS_SECURE"] is True


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("short", "SIGNING_KEY is shorter"),
        ("this-is-an-example-of-a-signing-key-for-you", "SIGNING_KEY looks like an example"),
        (GOOD, "SIGNING_KEY is the same as another key"),
    ],
)
def test_production_refuses_a_signing_key_that_is_no_secret(key: str, says: str) -> None:
    with pytest.raises(config.SettingsError, match=says):
        config.read_settings({"SECRET_KEY": GOOD, "SEALING_KEY": SEALING, "SIGNING_KEY": key})


@pytest.mark.security(73)
@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("", "SEALING_KEY is not set"),
        ("short", "SEALING_KEY is shorter"),
        (GOOD, "SEALING_KEY is the same as another key"),
    ],
)
def test_production_refuses_a_sealing_key_that_is_no_secret(key: str, says: str) -> None:
    with pytest.raises(config.SettingsError, match=says):
        config.read_settings({"SECRET_KEY": GOOD, "SEALING_KEY": key})


def test_all_that_is_wrong_is_said_at_once_and_no_secret_with_it() -> None:
    wrong = {
        "IMPROVE_ENV": "production",
        "SECRET_KEY": "short-and-seen",
        "SEALING_KEY": GOOD,
        "BACKUP_KEY": GOOD,
        "DATABASE_URL": "mysql://improve:hunter2hunter2@localhost/improve",
        "BASE_URL": "improve.council.example",
        "MAIL_URL": "mail.example:25",
        "TRUSTED_PROXIES": "one",
        "METRICS_PORT": "70000",
        "RATELIMIT_STORAGE": "file:///counted",
        "TIME_ZONE": "Europe/Larchdale",
    }
    with pytest.raises(config.SettingsError) as found:
        config.read_settings(wrong)
    lines = str(found.value).splitlines()
    named = {line.split()[0] for line in lines}
    assert named == {*wrong} - {"IMPROVE_ENV", "SEALING_KEY"}, "each is named, and nothing else"
    assert len(lines) == len(named)
    for secret in ("short-and-seen", GOOD, "hunter2", "mail.example"):
        assert secret not in str(found.value)


@pytest.mark.parametrize(
    ("name", "url", "says"),
    [
        ("BASE_URL", "https://council.example/improve", "needs a host name of its own"),
        ("BASE_URL", "https://council.example?x=1", "needs a host name of its own"),
        ("BASE_URL", "https://improve council.example", "such as https://improve.council"),
        ("BASE_URL", "https://council.example:84x", "such as https://improve.council"),
        ("MAIL_URL", "smtp://improve:hunter2@mail.example:smtp", "cannot be read"),
        ("MAIL_URL", "smtp://improve:a@hunter2/b@mail.example:25", "cannot be read"),
        ("MAIL_FROM", "Improve <improve@council.example>", "an e-mail address and nothing else"),
        ("DATABASE_URL", "postgresql://i:a/hunter2@127.0.0.1/improve", "cannot be read"),
        ("DATABASE_URL", "postgresql://i:hunter2@[::1/improve", "cannot be read"),
        ("DATABASE_URL", "postgresql://i:hunter2@localhost:x/improve", "cannot be read"),
        ("DATABASE_URL", f"sqlite:///{Path(__file__)}/under/a/file.sqlite3", "which is not there"),
        ("DATABASE_URL", "sqlite:////usr", "names a folder"),
        ("DATABASE_URL", f"sqlite:///{Path(__file__)}", "no database of SQLite"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_at_the_start(
    name: str, url: str, says: str
) -> None:
    good = {"SECRET_KEY": GOOD, "SEALING_KEY": SEALING}
    with pytest.raises(config.SettingsError, match=f"^{name} .*{says}") as found:
        config.read_settings({**good, name: url})
    assert len(str(found.value).splitlines()) == 1
    assert "hunter2" not in str(found.value)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("BASE_URL", "https://council.example:8443/"),
        ("MAIL_URL", "smtp://me@council.example:p%40ss@mail.example:25"),
        ("MAIL_FROM", "improve@council.example"),
        ("DATABASE_URL", "postgresql://improve@/improve?host=/var/run/postgresql"),
        ("DATABASE_URL", "postgres://i:p%2F@[::1]:5432/improve"),
    ],
)
def test_addresses_that_people_use_are_taken(name: str, url: str) -> None:
    assert config.read_settings({"SECRET_KEY": GOOD, "SEALING_KEY": SEALING, name: url})


def test_a_host_in_capitals_is_the_host_that_browsers_send() -> None:
    read = config.read_settings({"IMPROVE_ENV": "development", "BASE_URL": "https://Im.Example/"})
    assert (read["BASE_URL"], read["TRUSTED_HOSTS"]) == ("https://im.example", ["im.example"])


def test_a_store_without_its_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {"IMPROVE_ENV": "development", "RATELIMIT_STORAGE": "redis://127.0.0.1"}
    monkeypatch.setattr(config, "find_spec", lambda _name: None)
    with pytest.raises(config.SettingsError, match="its package is missing"):
        config.read_settings(settings)
    monkeypatch.setattr(config, "find_spec", lambda _name: True)
    assert config.read_settings(settings)["RATELIMIT_STORAGE_URI"] == "redis://127.0.0.1"


@pytest.mark.parametrize("name", ["TRUSTED_PROXIES", "PORT", "METRICS_PORT"])
@pytest.mark.parametrize("number", ["", "-1", "1.0", "٣", "1_0", "99999999"])
def test_a_number_is_a_whole_one_that_can_be(name: str, number: str) -> None:
    with pytest.raises(config.SettingsError, match=f"^{name} is"):
        config.read_settings({"IMPROVE_ENV": "development", name: number})


def test_signing_is_off_in_production_without_a_key_and_on_at_home() -> None:
    assert config.read_settings({"SECRET_KEY": GOOD, "SEALING_KEY": SEALING})["SIGNING_KEY"] == ""
    assert config.read_settings({"IMPROVE_ENV": "development"})["SIGNING_KEY"]


@pytest.mark.security(75)
def test_postgresql_over_the_network_must_be_verified() -> None:
    environ = {
        "SECRET_KEY": GOOD,
        "SEALING_KEY": SEALING,
        "DATABASE_URL": "postgresql://i:p@db.example/improve",
    }
    with pytest.raises(config.SettingsError, match="sslmode=verify-full"):
        config.read_settings(environ)
    for too_little in ("disable", "prefer", "require", "verify-ca"):
        with pytest.raises(config.SettingsError, match="sslmode=verify-full"):
            config.read_settings(
                environ | {"DATABASE_URL": f"{environ['DATABASE_URL']}?sslmode={too_little}"}
            )
    environ["DATABASE_URL"] += "?sslmode=verify-full"
    assert config.read_settings(environ)["SQLALCHEMY_DATABASE_URI"].startswith(
        "postgresql+psycopg://"
    )


@pytest.mark.security(75)
@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("postgresql:///improve", True),
        ("postgresql:///improve?host=/var/run/postgresql", True),
        ("postgresql://i:p@[::1]:5432/improve", True),
        ("postgresql:///improve?host=db.example", False),
        ("postgresql://i:p@localhost/improve?host=db.example", False),
        ("postgresql://i:p@localhost/improve?hostaddr=10.0.0.5", False),
        ("postgresql://i:p@localhost/improve?hostaddr=127.0.0.1", True),
        ("postgresql:///improve?host=localhost,db.example", False),
        ("postgresql://i:p@db.example/improve?application_name=sslmode=verify-full", False),
        ("postgresql://i:p@db.example/improve?sslmode=verify-full&sslmode=disable", False),
        ("postgresql://i:p@db.example/improve?hostaddr=10.0.0.5&sslmode=verify-full", True),
    ],
)
def test_a_host_behind_the_question_mark_counts(address: str, is_taken: bool) -> None:
    environ = {"SECRET_KEY": GOOD, "SEALING_KEY": SEALING, "DATABASE_URL": address}
    if is_taken:
        assert config.read_settings(environ)["IS_SECURE"] is True
        return
    with pytest.raises(config.SettingsError, match="sslmode=verify-full"):
        config.read_settings(environ)


@pytest.mark.parametrize("zone", ["Europe/Larchdale", "", "/etc/passwd", "Europe"])
def test_an_unknown_time_zone_is_named(zone: str) -> None:
    with pytest.raises(config.SettingsError, match="TIME_ZONE is"):
        config.read_settings({"SECRET_KEY": GOOD, "SEALING_KEY": SEALING, "TIME_ZONE": zone})


def test_engine_settings_are_in_force(context: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        rows = db.session.execute(db.text("SHOW server_encoding")).scalar_one()
        assert rows == "UTF8"
        return
    spoken = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 10000,
        "temp_store": 2,
    }
    assert set(spoken) == set(SQLITE_PRAGMAS)
    for name, value in spoken.items():
        assert db.session.execute(db.text(f"PRAGMA {name}")).scalar_one() == value


def test_nothing_is_kept_on_a_connection_that_a_pooler_lends() -> None:
    url = "postgresql://i@127.0.0.1/improve"
    plain = patience.connect_args(url, for_pages=True)
    lent = patience.connect_args(url, for_pages=True, has_pooler=True)
    assert "lock_timeout" in plain["options"]
    assert "options" not in lent, "PgBouncer refuses what it does not know"
    assert lent["prepare_threshold"] is None
    settings = config.read_settings({"IMPROVE_ENV": "development", "DATABASE_POOLER": "1"})
    assert settings["HAS_POOLER"] is True
    assert config.read_settings({"IMPROVE_ENV": "development"})["HAS_POOLER"] is False
