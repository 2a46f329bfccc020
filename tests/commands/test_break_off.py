"""A command that the database breaks off quotes no row: in it are mails, addresses and links."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import text

from improve.shared.db import db
from improve.shared.logs import JSONLines

MAIL = "robin.elm@larchdale.example"
#: A full disk, as far as the command can tell: every new row of a table is refused.
_REFUSE = "BEGIN RAISE 'no room' USING DETAIL = NEW::text; END"
FULL = {
    "sqlite": (
        "CREATE TRIGGER full_disk BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no room'); END",
        "DROP TRIGGER full_disk",
    ),
    "postgresql": (
        (
            f"CREATE FUNCTION full_disk() RETURNS trigger AS $$ {_REFUSE} $$ LANGUAGE plpgsql; "
            "CREATE TRIGGER full_disk BEFORE INSERT ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION full_disk()"
        ),
        "DROP FUNCTION full_disk CASCADE",
    ),
}


@contextmanager
def no_room(app: Flask, table: str) -> Iterator[None]:
    """Let the database refuse every new row of ``table``."""
    with app.app_context():
        make, drop = FULL[db.engine.dialect.name]
        db.session.execute(text(make.format(table=table)))
        db.session.commit()
    try:
        yield
    finally:
        with app.app_context():
            db.session.execute(text(drop))
            db.session.commit()


def test_a_command_says_in_one_line_that_it_was_broken_off(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with no_room(app, "people"):
        who = ("--organisation", "Larchdale", "--name", "Robin Elm", "--email", MAIL)
        done = app.test_cli_runner().invoke(args=["first-administrator", *who])
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit), done.exception
    said = done.output.strip()
    assert said.startswith("Error: Broken off, and what was not finished was taken back: ")
    assert len(said.splitlines()) == 1
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [record.getMessage() for record in errors] == ["broken off: first-administrator"]
    for words in (said, *map(JSONLines().format, errors)):
        assert MAIL not in words, words
        assert "Robin" not in words, words
    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM organisations")).scalar() == 0
