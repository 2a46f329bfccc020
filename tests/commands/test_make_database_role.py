"""A database user for the site: does all that pages need, and never changes the log of acts."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from improve.accounts.service import note_erasure
from improve.app import create_app
from improve.commands.database_role import faults_of_role
from improve.ideas.kinds import Stage
from improve.migrations import upgrade_database
from improve.privacy.service import clearing
from improve.shared import audit, database_facts
from improve.shared.db import db
from tests import conftest, databases, factories
from tests.pages import Visitor


@pytest.fixture(scope="module")
def site(worker: str) -> Iterator[tuple[Flask, Flask]]:
    """A database with its owner's application, and that of the user made for the site."""
    name, role = f"roles_{worker}", f"improve_site_{worker}"
    databases.make_postgres_database(name, template=conftest.postgres_template())
    owner = conftest.make_app(databases.postgres_url(name))
    done = owner.test_cli_runner().invoke(args=["database-role", role, "--apply"])
    assert done.exit_code == 0, done.output
    url = databases.postgres_url(name).replace("improve@", f"{role}@")
    theirs = create_app(conftest.test_settings(url))
    yield owner, theirs
    for app in (owner, theirs):
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    databases.drop_postgres_database(name)
    databases.drop_postgres_role(role)


@pytest.mark.security(76)
def test_the_site_works_as_a_user_who_cannot_change_the_log(site: tuple[Flask, Flask]) -> None:
    _, app = site
    with app.app_context():
        cast = factories.make_cast()
        factories.idea_in(cast, Stage.DO)
        factories.make_measure(cast)
        db.session.commit()
    assert Visitor(app, cast.manager).get("/me").status == 200
    with app.app_context():
        found = app.test_cli_runner().invoke(args=["nightly"])
        assert (found.exit_code, "Not written anew" in found.output) == (0, False), found.output
        assert audit.find_faults() == []
        db.session.rollback()
        for statement in (
            "UPDATE audit_entries SET action = 'x'",
            "DELETE FROM audit_entries",
            "TRUNCATE audit_entries",
            "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
            "DROP TABLE ideas",
            "CREATE TABLE mine (id int)",
        ):
            with pytest.raises(ProgrammingError, match=r"(permission denied|must be owner)"):
                db.session.execute(text(statement))
            db.session.rollback()
        with db.engine.connect() as connection:
            assert faults_of_role(connection) == []


def test_what_it_may_not_do_is_said(site: tuple[Flask, Flask]) -> None:
    owner, app = site
    with owner.app_context(), db.engine.begin() as connection:
        assert any("may do everything" in one.words for one in faults_of_role(connection))
        connection.exec_driver_sql("REVOKE INSERT ON ideas FROM PUBLIC, " + site_role(app))
    with app.app_context(), db.engine.connect() as connection:
        words = [one.words for one in faults_of_role(connection)]
        assert words == ["The database user may not do what the site needs: ideas (INSERT)"]


def site_role(app: Flask) -> str:
    return str(app.config["SQLALCHEMY_DATABASE_URI"]).split("//")[1].split("@")[0]


@pytest.fixture
def plain(worker: str) -> Iterator[tuple[Flask, str]]:
    """The application of an owner who may do nothing but own the tables, and a name for the site."""
    name, owner, role = f"plain_{worker}", f"plain_owner_{worker}", f"plain_site_{worker}"
    databases.make_postgres_database(name, template="template1")
    as_administrator(
        name, f"CREATE ROLE {owner} LOGIN", f'ALTER DATABASE "{name}" OWNER TO {owner}'
    )
    url = databases.postgres_url(name).replace("improve@", f"{owner}@")
    app = create_app(conftest.test_settings(url))
    upgrade_database(app)
    yield app, role
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    databases.drop_postgres_database(name)
    databases.drop_postgres_role(role)
    databases.drop_postgres_role(owner)


def as_administrator(database: str, *statements: str) -> None:
    url = databases.postgres_url(database).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_an_administrator_carries_out_what_the_owner_printed(plain: tuple[Flask, str]) -> None:
    app, role = plain
    printed = app.test_cli_runner().invoke(args=["database-role", role])
    assert printed.output.startswith("\\set ON_ERROR_STOP on\nBEGIN;\n"), printed.output
    statements = printed.output.split("\n", 1)[1].split("--")[0]
    as_administrator(str(app.config["SQLALCHEMY_DATABASE_URI"]).rsplit("/", 1)[1], statements)
    # The owner reads every table still, for backups, and does it again without help.
    with app.app_context(), db.engine.connect() as connection:
        assert database_facts.row_counts(connection)
    again = app.test_cli_runner().invoke(args=["database-role", role, "--apply"])
    assert again.exit_code == 0, again.output
    theirs = str(app.config["SQLALCHEMY_DATABASE_URI"]).replace(f"{owner_of(app)}@", f"{role}@")
    other = create_app(conftest.test_settings(theirs))
    refused = other.test_cli_runner().invoke(args=["database-role", "another_one"])
    with other.app_context():
        db.engine.dispose()
    assert (refused.exit_code, f"Run it as {owner_of(app)}" in refused.output) == (2, True)


def owner_of(app: Flask) -> str:
    return site_role(app)


def test_what_is_advised_without_the_right_to_make_users_helps(plain: tuple[Flask, str]) -> None:
    app, role = plain
    refused = app.test_cli_runner().invoke(args=["database-role", role, "--apply"])
    assert refused.exit_code == 2
    assert "InsufficientPrivilege, permission denied to create role" in refused.output
    advice = refused.output.split("run this again: ", 1)[1]
    as_administrator(str(app.config["SQLALCHEMY_DATABASE_URI"]).rsplit("/", 1)[1], advice)
    again = app.test_cli_runner().invoke(args=["database-role", role, "--apply"])
    assert again.exit_code == 0, again.output


def test_a_name_that_will_not_do_is_refused(site: tuple[Flask, Flask]) -> None:
    owner, _ = site
    for name in ("Improve", "x; DROP TABLE ideas", "improve"):
        refused = owner.test_cli_runner().invoke(args=["database-role", name])
        assert refused.exit_code == 2
        assert len(refused.output.splitlines()) == 1


@pytest.mark.security(76)
def test_one_who_may_do_everything_is_not_the_sites(site: tuple[Flask, Flask], worker: str) -> None:
    owner, _ = site
    name = f"everything_{worker}"
    with owner.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {name} SUPERUSER")
    try:
        for words in ((name,), (name, "--apply")):
            refused = owner.test_cli_runner().invoke(args=["database-role", *words])
            said = f"{name} is there already, and may do everything. Name another."
            assert (refused.exit_code, said in refused.output) == (2, True), refused.output
    finally:
        databases.drop_postgres_role(name)


def test_what_is_printed_can_be_run_again(site: tuple[Flask, Flask]) -> None:
    owner, app = site
    printed = owner.test_cli_runner().invoke(args=["database-role", site_role(app)]).output
    assert "GRANT SELECT, INSERT ON public.audit_entries" in printed
    with owner.app_context(), db.engine.begin() as connection:
        statements = printed.split("BEGIN;\n", 1)[1].split("COMMIT;")[0].splitlines()
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_sqlite_has_no_such_users(limited: Flask) -> None:
    refused = limited.test_cli_runner().invoke(args=["database-role", "improve_site"])
    assert refused.exit_code == 2
    assert "SQLite has no database users" in refused.output


def test_what_was_erased_makes_the_site_own_no_further_table(
    plain: tuple[Flask, str],
) -> None:
    app, role = plain
    before = app.test_cli_runner().invoke(args=["database-role", role]).output
    with app.app_context():
        cast = factories.make_cast()
        note_erasure(cast.actor("administrator"), kind="person", object_id=cast.coach, facts={})
        db.session.commit()
        assert "people" in clearing.tables_that_forgot()
        db.session.rollback()
    assert app.test_cli_runner().invoke(args=["database-role", role]).output == before
