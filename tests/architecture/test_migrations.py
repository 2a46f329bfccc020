"""Migrations make exactly the tables that the models describe, on both engines."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from improve.migrations import FOLDER
from improve.shared.db import Base, db


def test_models_equal_migrations(context: Flask) -> None:
    with db.engine.connect() as connection:
        compared = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(compared, Base.metadata) == []


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
