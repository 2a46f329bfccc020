"""PostgreSQL’s own tools are told nothing that others could list, and no plain copy stays there."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url

from improve.commands import backing_up, copying_postgres, trial_database
from improve.shared.db import db
from tests import databases
from tests.commands.test_ask_doctor import Ask, ask, grade
from tests.commands.test_restore_backup import Run, empty, run, tools_of_the_server

__all__ = ["ask", "empty", "run", "tools_of_the_server"]

pytestmark = [
    pytest.mark.parametrize("app", ["postgresql"], indirect=True),
    pytest.mark.usefixtures("cast"),
]
LEFT = "improve_check_0123456789ab"
#: Words that stand in every list of what runs, and in the service file of a tool.
SPY = """#!/bin/sh
printf '%s\\n' "{name} $*" >> {folder}/called
stat -c '%a' "$PGSERVICEFILE" >> {folder}/modes
grep -c 'sslpassword=Kestrel77 hid' "$PGSERVICEFILE" >> {folder}/held
printf '%s\\n' "$PGSERVICEFILE" >> {folder}/files
exec {path} "$@"
"""


@pytest.fixture
def spied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which each tool that is called writes down what others can see of it."""
    real = copying_postgres.newest_tool

    def found(name: str, *, at_least: int) -> copying_postgres.Tool:
        tool, path = real(name, at_least=at_least), tmp_path / name
        path.write_text(SPY.format(name=name, folder=tmp_path, path=tool.path))
        path.chmod(0o700)
        return replace(tool, path=str(path))

    monkeypatch.setattr(copying_postgres, "newest_tool", found)
    return tmp_path


@pytest.mark.security(73, 86)
def test_no_secret_of_the_address_is_in_a_list_of_what_runs(
    run: Run, app: Flask, spied: Path, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).set(password="Otter88")
    own = own.update_query_dict({"sslpassword": "Kestrel77 hid", "connect_timeout": "9"})
    told = own.render_as_string(hide_password=False)
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", told)
    file = spied / "one.backup"
    made = run("backup", file)
    assert made.exit_code == 0, made.output
    into = make_url(empty).update_query_dict({"sslpassword": "Kestrel77 hid"})
    done = run("restore", file, "--into", into.render_as_string(hide_password=False))
    assert done.exit_code == 0, done.output
    called = (spied / "called").read_text()
    assert [line.split()[0] for line in called.splitlines()] == ["pg_dump", *["pg_restore"] * 2]
    for secret in ("Kestrel77", "Otter88", "127.0.0.1", str(own.database)):
        assert secret not in called, secret
    # The file that holds it is for this user alone, and goes with the tool.
    assert (spied / "modes").read_text().split() == ["600"] * 3
    assert (spied / "held").read_text().split() == ["1"] * 3
    for path in (spied / "files").read_text().split():
        assert not Path(path).exists()


def test_what_a_file_of_services_cannot_hold_is_said(
    run: Run, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    for query in ({"sslpassword": "ends in a blank "}, {"options": "-c x=1\nhost=elsewhere"}):
        told = own.update_query_dict(query).render_as_string(hide_password=False)
        monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", told)
        refused = run("backup", tmp_path / "one.backup")
        assert (refused.exit_code, len(refused.output.splitlines())) == (2, 1)
        assert "a line break or a blank at the end" in refused.output
        assert "ends in" not in refused.output
    assert list(tmp_path.iterdir()) == []


def test_a_password_need_not_be_written_into_a_command(
    run: Run, app: Flask, tmp_path: Path, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "one.backup"
    assert run("backup", file, "--no-verify").exit_code == 0
    own = make_url(app.config["SQLALCHEMY_DATABASE_URI"]).set(password="Otter88")
    told = own.render_as_string(hide_password=False)
    monkeypatch.setitem(app.config, "SQLALCHEMY_DATABASE_URI", told)
    seen: list[str | None] = []
    real = copying_postgres.lay_down

    def laid(uri: str, *rest: object, **more: object) -> None:
        seen.append(make_url(uri).password)
        real(uri, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(copying_postgres, "lay_down", laid)
    done = run("restore", file, "--into", empty)
    assert (done.exit_code, "can read a password" in done.output) == (0, False), done.output
    elsewhere = make_url(empty).set(host="localhost").render_as_string(hide_password=False)
    name = ("--replace", make_url(empty).database)
    assert run("restore", file, "--into", elsewhere, *name).exit_code == 0
    shown = make_url(empty).set(password="Heron99").render_as_string(hide_password=False)
    done = run("restore", file, "--into", shown, *name)
    assert (done.exit_code, "can read a password in a command" in done.output) == (0, True)
    assert "Heron99" not in done.output
    assert seen == ["Otter88", None, "Heron99"]


@pytest.fixture
def left(app: Flask) -> Iterator[str]:
    """What a backup that was killed while it was tried leaves: a database with everything in it."""
    databases.make_postgres_database(LEFT)
    yield LEFT
    databases.drop_postgres_database(LEFT)


def stand_there() -> list[str]:
    with closing(psycopg.connect(databases.postgres_url("postgres").replace("+psycopg", ""))) as c:
        rows = c.execute("SELECT datname FROM pg_database WHERE datname LIKE 'improve_check%'")
        return [str(row[0]) for row in rows]


@pytest.mark.security(86)
def test_what_a_killed_backup_left_is_named_and_goes_with_the_next(
    run: Run, app: Flask, left: str, ask: Ask, tmp_path: Path
) -> None:
    assert grade(ask(), f"left a plain copy in the database {left}") == "wrong"
    # As long as somebody works with it, it is nobody’s remains.
    url = databases.postgres_url(left).replace("+psycopg", "")
    with closing(psycopg.connect(url)):
        assert not any(left in words for words in ask())
        assert run("backup", tmp_path / "one.backup").exit_code == 0
        assert stand_there() == [left]
    made = run("backup", tmp_path / "two.backup", "--no-verify")
    assert (made.exit_code, f"Removed: the database {left}" in made.output) == (0, True)
    assert stand_there() == []
    assert not any(left in words for words in ask())


def test_a_restore_clears_it_too(
    run: Run, app: Flask, left: str, empty: str, tmp_path: Path
) -> None:
    file = tmp_path / "one.backup"
    with app.app_context():
        databases.drop_postgres_database(left)
    assert run("backup", file, "--no-verify").exit_code == 0
    databases.make_postgres_database(left)
    assert run("restore", file, "--into", empty).exit_code == 0
    assert stand_there() == []


def test_one_that_is_being_tried_is_left_alone(
    run: Run, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also between two of its steps, when no tool is connected to it."""
    real: Callable[..., None] = copying_postgres.lay_down
    seen: list[list[str]] = []

    def laid(*words: object, **more: object) -> None:
        seen.append(stand_there())
        assert trial_database.clear_left_databases() == []
        real(*words, **more)
        with db.engine.connect() as connection:
            assert trial_database.left_databases(connection) == []

    monkeypatch.setattr(backing_up.postgres, "lay_down", laid)
    made = run("backup", tmp_path / "one.backup")
    assert made.exit_code == 0, made.output
    assert len(seen[0]) == 1
    assert stand_there() == []
    assert stat.S_IMODE(os.stat(tmp_path / "one.backup").st_mode) == 0o600
