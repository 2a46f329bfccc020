"""A backup: one file that others cannot read, from which everything comes back, or nothing."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, select, text

from improve.accounts.models import AuthSession, OneTimeLink
from improve.commands import backing_up, copying_postgres, restoring
from improve.commands.another_database import another_database
from improve.mail import service as mail
from improve.migrations import configuration
from improve.shared import audit, database_facts, metrics_port
from improve.shared.db import db
from tests import conftest, databases, factories
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
    assert "rows and log of acts are the same" in made.output
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


@pytest.fixture
def erased(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that names what was erased, and is in no backup."""
    path = tmp_path / "erased.jsonl"
    monkeypatch.setitem(app.config, "ERASED_FILE", str(path))
    return path


@pytest.mark.security(85)
def test_a_spoilt_list_of_what_was_erased_stops_no_restore(
    run: Run, app: Flask, cast: Cast, empty: str, erased: Path
) -> None:
    """One byte that is no letter, marks that are none, numbers that no row has, a line cut short."""
    file = erased.with_name("three.backup")
    assert run("backup", file, "--no-verify").exit_code == 0

    def line(key: str, **told: object) -> bytes:
        entry = {"key": key, "organisation_id": cast.organisation, "kind": "person"}
        entry |= {"object_id": "1", "erased_on": "2026-01-01", "facts": {}}
        return json.dumps(entry | told).encode()

    lines = [
        b'{"key": "\xff\xfe"}',
        line("marks", kind="words", object_id="idea:1", facts={"marks": [5]}),
        line("digits", object_id="9" * 30),
        line("letters", object_id="\u0663"),
        line("council", organisation_id=10**30),
        b"[" * 100_000,
        line("nul", object_id="a\0b"),
        line("sound", object_id="999999"),
        b'{"key": "cut',
    ]
    erased.write_bytes(b"\n".join(lines))
    done = run("restore", file, "--into", empty)
    assert done.exit_code == 0, done.output
    assert "Lines of ERASED_FILE that cannot be read: 5." in done.output
    with app.app_context(), another_database(uri(empty)):
        noted = db.session.execute(text("SELECT key FROM erasures")).scalars().all()
        assert {"digits", "letters", "sound"} <= {*noted}


@pytest.fixture
def backed_up(run: Run, app: Flask, cast: Cast, tmp_path: Path) -> Path:
    """A backup, after which somebody wrote something more."""
    file = tmp_path / "two.backup"
    with app.app_context():
        factories.make_idea(cast, text="Before the backup")
        db.session.commit()
    assert run("backup", file, "--no-verify").exit_code == 0
    with app.app_context():
        factories.make_idea(cast, text="After the backup")
        db.session.commit()
    return file


def titles(app: Flask) -> list[str]:
    with app.app_context():
        found = db.session.execute(text("SELECT title FROM ideas ORDER BY id")).scalars().all()
        db.session.rollback()
        db.engine.dispose()
        return [str(one) for one in found]


BOTH = ["Before the backup", "After the backup"]


@pytest.fixture
def own(app: Flask) -> Iterator[str]:
    """The name of the database, to which nobody but the application is connected."""
    databases.close_connections()
    with app.app_context():
        db.engine.dispose()
    yield name_of(app.config["SQLALCHEMY_DATABASE_URI"])
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_it_replaces_only_what_is_named(run: Run, app: Flask, own: str, backed_up: Path) -> None:
    for words in ((), ("--replace", "something_else")):
        refused = run("restore", backed_up, *words)
        assert refused.exit_code == 2
        assert f"the database is not empty. To give up what stands there, add --replace {own}" in (
            refused.output
        )
    assert titles(app) == BOTH
    databases.close_connections()
    done = run("restore", backed_up, "--replace", own)
    assert done.exit_code == 0, done.output
    assert titles(app) == BOTH[:1]
    # And once more: what is left of the first time stands in nobody's way.
    assert run("restore", backed_up, "--replace", own).exit_code == 0
    assert titles(app) == BOTH[:1]


@pytest.mark.security(86)
def test_what_cannot_be_finished_changes_nothing(
    run: Run, app: Flask, own: str, backed_up: Path, empty: str
) -> None:
    def fails(*_: object) -> int:
        raise OSError(28, "No space left on device")

    # The last thing that is done; and, where nothing was before, something in the middle.
    for name, words in (
        ("write_anew", ("--replace", own)),
        ("erase_again", ("--into", empty)),
    ):
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(restoring, name, fails)
            databases.close_connections()
            refused = run("restore", backed_up, *words)
        said = "Error: Nothing was changed: No space left on device.\n"
        assert (refused.exit_code, refused.output) == (2, said)
        assert titles(app) == BOTH
    # Nor is anything of it left where nothing was.
    assert run("restore", backed_up, "--into", empty).exit_code == 0


@pytest.mark.security(82)
def test_the_log_holds_against_the_file_elsewhere_after_a_restore(
    run: Run, app: Flask, own: str, backed_up: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came after the backup is no fault once it was brought back; what stood there stays."""
    heads = backed_up.with_name("heads.jsonl")
    monkeypatch.setitem(app.config, "AUDIT_HEAD_FILE", str(heads))
    with app.app_context():
        audit.record(None, "came_after", "installation", None, organisation_id=99)
        audit.record(None, "came_after", "installation", None)
        db.session.commit()
    assert run("verify-audit").exit_code == 0
    before = heads.read_text()
    databases.close_connections()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    done = run("restore", backed_up, "--replace", own)
    assert done.exit_code == 0, done.output
    assert heads.read_text().startswith(before)
    noted = [json.loads(line) for line in heads.read_text().removeprefix(before).splitlines()]
    assert all(one["restored_from"] for one in noted)
    assert {"organisation_id": 99, "entries": 0}.items() <= noted[-1].items()
    for _ in "12":
        found = run("verify-audit")
        assert found.exit_code == 0, found.output
    # What somebody takes out of the restored log is seen as before.
    last = json.loads(heads.read_text().splitlines()[-1])
    longer = last | {"organisation_id": 0, "entries": 1_000, "hash": "x"}
    heads.write_text(heads.read_text() + json.dumps(longer) + "\n")
    assert run("verify-audit").exit_code == 1


def test_a_trial_elsewhere_leaves_the_file_of_heads_alone(
    run: Run, app: Flask, backed_up: Path, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = backed_up.with_name("heads.jsonl")
    monkeypatch.setitem(app.config, "AUDIT_HEAD_FILE", str(heads))
    done = run("restore", backed_up, "--into", empty)
    assert (done.exit_code, "AUDIT_HEAD_FILE was not written" in done.output) == (0, True)
    assert not heads.exists()


@pytest.mark.security(85)
@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_a_restore_that_was_cut_off_lets_nobody_in(
    run: Run, app: Flask, own: str, backed_up: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def goes_out(*_: object) -> None:
        raise OSError("the machine goes off")

    with monkeypatch.context() as cut_off:
        cut_off.setattr(restoring, "_settle", goes_out)
        cut_off.setattr(copying_postgres, "put_back", lambda _schema: None)
        databases.close_connections()
        assert run("restore", backed_up, "--replace", own).exit_code == 2
    again = run("restore", backed_up, "--replace", own)
    assert "and then restore again with --replace" in again.output
    # Nor is it fit for use when what stood before is given up.
    for given_up in ("", "DROP SCHEMA improve_before_restore CASCADE"):
        here = app.config["SQLALCHEMY_DATABASE_URI"]
        with app.app_context(), another_database(here), db.engine.begin() as connection:
            connection.execute(text(given_up or "SELECT 1"))
        with app.app_context():
            db.engine.dispose()
        visitor = app.test_client()
        visitor.set_cookie("improve", f"s.{'A' * 43}")
        page = visitor.get("/")
        assert (page.status_code, "cannot reach our records" in page.text) == (503, True)
        said = b"A restore was cut off, and what it laid down is not fit for use.\n"
        assert metrics_port.answer(app, "/readyz") == (503, "text/plain", said)
        for words in (("nightly",), ("deliver-mail",), ("backup", backed_up.parent)):
            refused = run(*words)
            assert (refused.exit_code, said.decode().strip() in refused.output) == (1, True), words
        looked = run("doctor")
        assert "A restore was cut off, and what it laid down is not fit for use" in looked.output
        with app.app_context():
            db.engine.dispose()
    done = run("restore", backed_up, "--replace", own)
    assert done.exit_code == 0, done.output
    assert titles(app) == BOTH[:1]
    assert app.test_client().get("/sign-in").status_code == 200
    assert metrics_port.not_ready(app) == ""


def test_rows_that_differ_are_refused_whatever_the_log_says(
    run: Run, app: Flask, own: str, backed_up: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        restoring,
        "difference_from",
        lambda _: backing_up.Difference("the log of acts has 3 rows, not 4", "it ends elsewhere"),
    )
    databases.close_connections()
    refused = run("restore", backed_up, "--replace", own)
    assert (refused.exit_code, "has 3 rows, not 4" in refused.output) == (2, True)
    assert titles(app) == BOTH


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_what_is_somebody_elses_is_neither_dropped_nor_put_aside(
    run: Run, app: Flask, own: str, backed_up: Path, empty: str
) -> None:
    databases.close_connections()
    with app.app_context(), another_database(uri(empty)), db.engine.begin() as connection:
        connection.execute(text("CREATE VIEW theirs AS SELECT 1 AS one"))
    refused = run("restore", backed_up, "--into", empty)
    assert (refused.exit_code, "that is not Improve’s: theirs" in refused.output) == (2, True)


def test_a_spoilt_file_or_another_key_changes_nothing(
    run: Run, app: Flask, own: str, backed_up: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = backed_up.read_bytes()
    for spoilt, said in (
        (whole[:-1], "not as it was written"),
        (whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:], "not as it was written"),
        (b"hello", "no backup of Improve"),
    ):
        backed_up.write_bytes(spoilt)
        refused = run("restore", backed_up, "--replace", own)
        assert (refused.exit_code, said in refused.output) == (2, True), refused.output
        assert len(refused.output.splitlines()) == 1
    backed_up.write_bytes(whole)
    monkeypatch.setitem(app.config, "BACKUP_KEY", KEY[::-1])
    refused = run("restore", backed_up, "--replace", own)
    assert (refused.exit_code, "it needs the BACKUP_KEY that is named" in refused.output) == (
        2,
        True,
    )
    monkeypatch.setitem(app.config, "BACKUP_KEY", "")
    for named in ("backup", "restore"):
        refused = run(named, backed_up)
        assert (refused.exit_code, "BACKUP_KEY is not set" in refused.output) == (2, True)
    assert titles(app) == BOTH


def test_a_database_in_use_is_not_replaced(run: Run, app: Flask, own: str, backed_up: Path) -> None:
    databases.close_connections()
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with engine.connect() as somebody:
        somebody.execute(text("SELECT count(*) FROM ideas"))
        refused = run("restore", backed_up, "--replace", own)
    engine.dispose()
    assert (refused.exit_code, "somebody uses the database" in refused.output) == (2, True)
    assert titles(app) == BOTH


def test_a_backup_of_another_version_or_engine(
    run: Run, backed_up: Path, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = "postgresql://improve@127.0.0.1:1/x"
    if empty.startswith("postgresql"):
        elsewhere = f"sqlite:///{tmp_path}/x.sqlite3"
    refused = run("restore", backed_up, "--into", elsewhere)
    assert (refused.exit_code, "the backup is of" in refused.output) == (2, True)
    real = restoring.read_facts
    newer = lambda file, key: {**real(file, key), "revision": "9999"}  # noqa: E731
    monkeypatch.setattr(restoring, "read_facts", newer)
    refused = run("restore", backed_up, "--into", empty)
    assert (refused.exit_code, "Update the program first" in refused.output) == (2, True)


def test_an_older_backup_is_brought_up_to_date(
    run: Run, app: Flask, empty: str, tmp_path: Path, worker: str
) -> None:
    file, name = tmp_path / "old.backup", f"old_{worker}"
    if empty.startswith("sqlite"):
        old = f"sqlite:///{tmp_path}/old.sqlite3"
        shutil.copy(conftest.sqlite_template(), tmp_path / "old.sqlite3")
    else:
        databases.make_postgres_database(name, template=conftest.postgres_template())
        old = databases.postgres_url(name)
    with app.app_context(), another_database(old):
        command.downgrade(configuration(), "-1")
        made = "INSERT INTO organisations (name, slug, created_at)"
        made += " VALUES ('Larchdale', 'larchdale', '2026-01-01 00:00:00')"
        with db.engine.begin() as connection:
            connection.execute(text(made))
            revision = database_facts.revision_of(connection)
        with file.open("w+b") as out:
            backing_up.copy(out, KEY)
    if not empty.startswith("sqlite"):
        databases.drop_postgres_database(name)
    done = run("restore", file, "--into", empty)
    assert done.exit_code == 0, done.output
    assert f"Brought up to date: {revision} to" in done.output


@pytest.mark.security(75)
def test_an_address_to_restore_into_that_will_not_do(
    run: Run, app: Flask, backed_up: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "IS_SECURE", True)
    nowhere = backed_up.with_name("nowhere")
    for url, said in (
        ("mysql://improve@127.0.0.1/x", "--into does not begin with sqlite:/// or postgresql://."),
        ("postgresql://improve@db.example/x", "--into reaches PostgreSQL over the network without"),
        (f"sqlite:///{nowhere}/x.sqlite3", "Nothing was changed: "),
    ):
        refused = run("restore", backed_up, "--into", url)
        assert (refused.exit_code, said in refused.output) == (2, True), refused.output
    assert not nowhere.exists()
    assert titles(app) == BOTH


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_one_whose_rows_point_to_nothing_proves_not_whole_and_is_not_restored(
    run: Run, app: Flask, own: str, backed_up: Path, empty: str
) -> None:
    database = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(database)) as unchecked, unchecked:
        unchecked.execute("UPDATE ideas SET team_id = 987654")
    said = "SQLite says “a row of ideas points to nothing”"
    file = backed_up.with_name("broken.backup")
    made = run("backup", file)
    assert (made.exit_code, f"It did not prove whole: {said}" in made.output) == (1, True)
    refused = run("restore", f"{file}.unverified", "--into", empty)
    assert (refused.exit_code, f"Nothing was changed: {said} of the backup" in refused.output) == (
        2,
        True,
    )
    assert not Path(empty.removeprefix("sqlite:///")).exists()


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_a_user_who_works_in_another_schema_is_told(
    run: Run, app: Flask, own: str, backed_up: Path, empty: str
) -> None:
    with app.app_context(), another_database(uri(empty)), db.engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA other"))
        connection.execute(text(f'ALTER DATABASE "{name_of(empty)}" SET search_path = other'))
    refused = run("restore", backed_up, "--into", empty)
    said = "of the schema public, the database user of this database works in other"
    assert (refused.exit_code, said in refused.output) == (2, True), refused.output


@pytest.mark.security(82)
def test_keys_that_are_not_those_of_then_are_named(
    run: Run, app: Flask, backed_up: Path, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "SECRET_KEY", "another" * 6)
    monkeypatch.setitem(app.config, "AUDIT_KEY", b"another")
    monkeypatch.setitem(app.config, "SEALING_KEYS", ("another" * 6,))
    done = run("restore", backed_up, "--into", empty)
    assert done.exit_code == 1, "restored, but nobody can say that the log of acts holds"
    for said in (
        "SECRET_KEY is another than when the backup was made: the log of acts cannot be checked",
        "SEALING_KEY is another than when the backup was made: what is sealed",
        "The log of acts does not hold: ",
    ):
        assert said in done.output
