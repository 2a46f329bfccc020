"""Migrations make exactly the tables that the models describe, on both engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, inspect

from improve.app import create_app
from improve.ideas import service as ideas
from improve.migrations import FOLDER, configuration, upgrade_database
from improve.shared.db import Base, db
from tests.factories import make_cast, make_idea


def test_models_equal_migrations(context: Flask) -> None:
    with db.engine.connect() as connection:
        compared = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": _is_of_a_model}
        )
        assert compare_metadata(compared, Base.metadata) == []


def _is_of_a_model(name: str | None, kind: str, _parents: Any) -> bool:
    # Tables of search have no models: tests/shared/test_search_tables.py looks for them.
    return not (kind == "table" and (name or "").startswith("search_"))


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(FOLDER)).get_heads()) == 1


def test_migrations_import_no_models() -> None:
    for path in (FOLDER / "versions").glob("[0-9]*.py"):
        assert "models" not in path.read_text()


def test_relationships_point_downward_and_load_nothing_by_surprise() -> None:
    for mapper in Base.registry.mappers:
        for relation in mapper.relationships:
            assert relation.lazy == "raise_on_sql", relation
            assert relation.backref is None, relation


@pytest.mark.security(15)
def test_every_check_of_the_models_stands_in_the_database(context: Flask) -> None:
    # Alembic does not compare checks, and SQLite forgets them when a table is made anew.
    inspector = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        wanted = {
            str(c.name) for c in table.constraints if isinstance(c, CheckConstraint) and c.name
        }
        standing = {c["name"] for c in inspector.get_check_constraints(table.name)}
        assert wanted == standing, table.name


def test_numbers_survive_the_step_to_more_kinds_of_measures(
    tmp_path: Path,
) -> None:
    app = create_app(
        {
            "TESTING": True,
            "SECRET_KEY": "k" * 40,
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/old.sqlite3",
        }
    )
    upgrade_database(app, "0003")
    with app.app_context(), db.engine.begin() as connection:
        for statement in _OLD_ROWS:
            connection.exec_driver_sql(statement)
    upgrade_database(app)
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT observations.numerator, observations.denominator, excluded_reason, per, recorded"
            " FROM observations JOIN measures ON measures.id = measure_id"
        ).all()
        assert [tuple(row) for row in rows] == [(48.0, 52.0, "", 1.0, "proportion")]


def test_the_step_to_huddles_goes_back_and_forth_with_rows(app: Flask) -> None:
    with app.app_context():
        cast = make_cast()
        idea_id = make_idea(cast)
        ideas.pin(cast.actor("colleague"), idea_id=idea_id)
        ideas.say_thanks(
            cast.actor("colleague"),
            to_id=cast.practitioner,
            words="Thank you for the photo.",
            idea_id=idea_id,
            form_token="t",
        )
        db.session.commit()
        before = _kept()
        command.downgrade(configuration(), "0006")
        try:
            assert _kept() == {**before, "notices": before["notices"] - 1, "idea_edits": 1}
        finally:
            command.upgrade(configuration(), "head")
        assert _checks_of("teams") == {"ck_teams_wip_above_zero", "ck_teams_huddle_above_zero"}


def test_who_heard_of_an_idea_before_followers_follows_it(app: Flask) -> None:
    with app.app_context():
        cast = make_cast()
        idea_id = make_idea(cast)
        words = "I did this for a year."
        ideas.comment(cast.actor("colleague"), idea_id=idea_id, words=words, form_token="t")
        ideas.stop_following(cast.actor("colleague"), idea_id=idea_id)
        db.session.commit()
        command.downgrade(configuration(), "0007")
        command.upgrade(configuration(), "head")
        with db.engine.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT person_id, is_following, why FROM idea_followers ORDER BY why"
            ).all()
            to_mail = "SELECT count(*) FROM notices WHERE mailed_at IS NULL"
            assert connection.exec_driver_sql(to_mail).scalar_one() == 0
        assert [(row[0], bool(row[1]), row[2]) for row in rows] == [
            (cast.practitioner, True, "author"),
            (cast.colleague, True, "commented"),
        ]


def _kept() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
            for table in ("teams", "ideas", "notices", "idea_edits")
        }


def _checks_of(table: str) -> set[str | None]:
    return {check["name"] for check in inspect(db.engine).get_check_constraints(table)}


_OLD_ROWS = (
    "INSERT INTO organisations (id, name, slug, created_at) VALUES (1, 'Merrow', 'merrow', '2026-01-01 00:00:00')",
    (
        "INSERT INTO people (id, organisation_id, name, email, job_title, is_active, rights_version,"
        " theme, version, created_at)"
        " VALUES (1, 1, 'A B', 'a@b.example', '', 1, 1, 'device', 1, '2026-01-01 00:00:00')"
    ),
    (
        "INSERT INTO measures (id, organisation_id, name, kind, recorded, unit, better_when, frequency,"
        " top_name, bottom_name, numerator, denominator, left_out, source, licence, caution, chart,"
        " created_at, version) VALUES (1, 1, 'Visits', 'process', 'proportion', '%', 'higher', 'week',"
        " '', '', 'x', 'y', '', '', '', '', 'p', '2026-01-01 00:00:00', 1)"
    ),
    (
        "INSERT INTO observations (measure_id, period_start, numerator, denominator, note,"
        " entered_by_id, entered_at) VALUES (1, '2026-01-05', 48, 52, '', 1, '2026-01-06 00:00:00')"
    ),
)
