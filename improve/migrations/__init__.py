"""The database's shape, step by step. ``upgrade_database`` brings any database up to date."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection

#: The folder of the steps, for tools that read them.
FOLDER = Path(__file__).resolve().parent


def configuration() -> Config:
    """Return Alembic's configuration for this folder."""
    config = Config(str(FOLDER / "alembic.ini"))
    config.set_main_option("script_location", str(FOLDER))
    return config


def upgrade_database(app: Flask, revision: str = "head") -> None:
    """Make or change the tables of ``app``'s database up to ``revision``; again is harmless.

    All steps happen in one transaction: a step that fails leaves the database as it was.
    """
    with app.app_context():
        command.upgrade(configuration(), revision)


def newest_revision() -> str:
    """Return the id of the last step there is."""
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    return head or ""


def present_revision(connection: Connection) -> str:
    """Return the id of the last step that a database has had; “” where it has had none."""
    return MigrationContext.configure(connection).get_current_revision() or ""
