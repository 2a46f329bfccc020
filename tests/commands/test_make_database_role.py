"""A database user for the site: does all that pages need, and never changes the log of acts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from improve.app import create_app
from improve.commands.database_role import faults_of_role
from improve.ideas.kinds import Stage
from improve.shared import audit
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


def test_a_name_that_will_not_do_is_refused(site: tuple[Flask, Flask]) -> None:
    owner, _ = site
    for name in ("Improve", "x; DROP TABLE ideas", "improve"):
        refused = owner.test_cli_runner().invoke(args=["database-role", name])
        assert refused.exit_code == 2
        assert len(refused.output.splitlines()) == 1


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
