"""A backup: one file that others cannot read, from which everything comes back, or nothing."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from improve.accounts.models import AuthSession, OneTimeLink
from improve.commands.another_database import another_database
from improve.mail import service as mail
from improve.shared import audit
from improve.shared.db import db
from tests import databases, factories
from tests.factories import Cast

KEY = "the key of backups, for tests, long enough"
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def tools_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find pg_dump where the tests' own server is from."""
    folder = databases.binaries()
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{folder}")


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("backup", …)``: what a command says, with a key set."""
    monkeypatch.setitem(app.config, "BACKUP_KEY", KEY)

    def invoke(*words: object) -> Result:
        result = app.test_cli_runner().invoke(args=[str(word) for word in words])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return invoke


@pytest.fixture
def empty(app: Flask, tmp_path: Path, worker: str) -> Iterator[str]:
    """The address of an empty database of the same kind."""
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/elsewhere.sqlite3"
        return
    name = f"elsewhere_{worker}"
    databases.make_postgres_database(name)
    yield databases.postgres_url(name).replace("+psycopg", "")
    databases.drop_postgres_database(name)


def uri(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


def name_of(url: str) -> str:
    return url.rsplit("/", 1)[1]


@pytest.mark.security(86)
def test_everything_comes_back(
    run: Run, app: Flask, cast: Cast, empty: str, tmp_path: Path
) -> None:
    with app.app_context():
        idea = factories.make_idea(cast, text="Doorbell cards")
        factories.token_for(cast.manager)
        mail.enqueue(key="k", to="a@example.org", subject="s", body="b")
        db.session.commit()
    file = tmp_path / "one.backup"
    made = run("backup", file)
    assert made.exit_code == 0, made.output
    assert "rows and audit log are the same" in made.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"Doorbell" not in file.read_bytes()

    done = run("restore", file, "--into", empty)
    assert done.exit_code == 0, done.output
    with app.app_context(), another_database(uri(empty)):
        assert audit.find_faults() == []
        found = db.session.execute(text("SELECT title FROM ideas WHERE id = :i"), {"i": idea})
        assert found.scalar_one() == "Doorbell cards"
        # Nobody is signed in any more, no link opens anything, no mail leaves twice.
        assert not db.session.execute(
            select(AuthSession).where(AuthSession.ended_at.is_(None))
        ).all()
        assert not db.session.execute(
            select(OneTimeLink).where(
                OneTimeLink.revoked_at.is_(None), OneTimeLink.used_at.is_(None)
            )
        ).all()
        assert mail.waiting() == 0
        # It goes on counting, and searching, where it stopped.
        another = factories.make_idea(cast, text="Lanyards by the door")
        db.session.commit()
        assert another > idea
        last = db.session.execute(
            text("SELECT action FROM audit_entries WHERE organisation_id = 0 ORDER BY id DESC")
        ).scalars()
        assert "backup_restored" in last.all()
