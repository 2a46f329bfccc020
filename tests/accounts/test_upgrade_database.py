"""Bringing a filled database up to date, on both engines."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from improve.app import create_app
from improve.migrations import newest_revision, upgrade_database
from improve.shared.db import db
from tests import databases
from tests.conftest import test_settings

FILL = (
    "INSERT INTO organisations (id, name, slug, created_at) VALUES (1, 'A', 'a', '2026-01-01')",
    "INSERT INTO services (id, organisation_id, name) VALUES (1, 1, 'S')",
    (
        "INSERT INTO teams (id, organisation_id, service_id, name, slug, aim, wip_plan, wip_do, wip_study,"
        " board_version, version, created_at) VALUES (1, 1, 1, 'T', 't', '', 1, 1, 1, 0, 1, '2026-01-01')"
    ),
    (
        "INSERT INTO people (id, organisation_id, name, email, job_title, is_active, rights_version, theme,"
        " version, created_at) VALUES (1, 1, 'P', 'p@a.example', '', true, 1, '', 1, '2026-01-01')"
    ),
    (
        "INSERT INTO memberships (id, organisation_id, person_id, role, team_id, is_home)"
        " VALUES (1, 1, 1, 'manager', 1, true)"
    ),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application whose database has no tables yet."""
    if request.param == "sqlite":
        uri = f"sqlite:///{tmp_path}/fresh.sqlite3"
    else:
        databases.make_postgres_database("improve_fresh")
        uri = databases.postgres_url("improve_fresh")
    app = create_app(test_settings(uri))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("organisations", "services", "teams", "people", "memberships")
        }


def test_no_row_is_lost_on_the_way(empty: Flask) -> None:
    upgrade_database(empty, "0001")
    with empty.app_context():
        with db.engine.begin() as connection:
            for statement in FILL:
                connection.execute(text(statement))
        before = counts()
        upgrade_database(empty)
        assert counts() == before
        with db.engine.connect() as connection:
            there = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        assert there == newest_revision()


def test_foreign_keys_hold_again_afterwards(empty: Flask) -> None:
    upgrade_database(empty)
    upgrade_database(empty)
    with empty.app_context(), pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text(FILL[1]))


def test_a_step_that_fails_leaves_the_database_as_it_was(
    empty: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from improve import migrations

    copy = tmp_path / "steps"
    shutil.copytree(migrations.FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    head = newest_revision()
    (copy / "versions" / "9999_breaks.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9999'\ndown_revision = '{head}'\nbranch_labels = depends_on = None\n"
        "def upgrade():\n"
        "    op.create_table('half', sa.Column('id', sa.Integer, primary_key=True))\n"
        "    with op.batch_alter_table('people') as batch:\n"
        "        batch.alter_column('job_title', type_=sa.String(90))\n"
        "    raise RuntimeError('the step breaks')\n"
    )
    upgrade_database(empty)
    with empty.app_context():
        with db.engine.begin() as connection:
            for statement in FILL:
                connection.execute(text(statement))
        before = counts()
        monkeypatch.setattr(migrations, "FOLDER", copy)
        with pytest.raises(RuntimeError, match="the step breaks"):
            upgrade_database(empty)
        assert counts() == before
        with db.engine.connect() as connection:
            there = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            assert there == head
            assert "half" not in db.inspect(connection).get_table_names()


def test_a_table_that_others_point_to_is_rebuilt_without_losing_them(
    empty: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from improve import migrations

    copy = tmp_path / "steps"
    shutil.copytree(migrations.FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "versions" / "9999_rebuilds.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9999'\ndown_revision = '{newest_revision()}'\n"
        "branch_labels = depends_on = None\n"
        "def upgrade():\n"
        "    with op.batch_alter_table('people') as batch:\n"
        "        batch.add_column(sa.Column('colour', sa.String(5)))\n"
        "        batch.alter_column('job_title', type_=sa.String(90))\n"
    )
    upgrade_database(empty)
    with empty.app_context():
        with db.engine.begin() as connection:
            for statement in FILL:
                connection.execute(text(statement))
        before = counts()
        monkeypatch.setattr(migrations, "FOLDER", copy)
        upgrade_database(empty)
        assert counts() == before
