"""Fixtures: the application on both engines, a cast of people, and somebody to visit pages."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from flask import Flask, has_request_context, request
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from improve.app import create_app
from improve.migrations import upgrade_database
from improve.shared import clock
from improve.shared.db import db
from improve.shared.rate_limits import limiter
from tests import databases
from tests.factories import Cast, make_cast
from tests.network import only_this_machine
from tests.pages import Visitor
from tests.statements import Watch, watched
from tests.states import PostgresKeeper, SQLiteKeeper, Standing

#: A Tuesday morning, in the term, with no bank holiday near.
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

#: Commits that happened while a page was only being read.
_commits_on_get: list[str] = []
#: What alone may write then, each in a transaction of its own. decisions/017 says why.
WRITE_WHILE_READING = {
    ("improve.accounts.service.sign_in", "touch_session"),
    ("improve.shared.audit", "note_refusal"),
    ("improve.incidents.service.draft", "leave"),
    ("improve.voices.service.draft", "leave"),
}


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder that this run's workers share."""
    if databases.RUN_FOLDER not in os.environ and not hasattr(config, "workerinput"):
        os.environ[databases.RUN_FOLDER] = databases.make_run_folder("improve-tests-")
        config.stash[_OWNS_FOLDER] = True
    if config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput"):
        gc.enable()  # who hands the tests out gathers none


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the database server and remove the folder."""
    if config.stash.get(_OWNS_FOLDER, False):
        databases.stop_postgres()
        shutil.rmtree(os.environ.pop(databases.RUN_FOLDER), ignore_errors=True)


_OWNS_FOLDER = pytest.StashKey[bool]()

# What is loaded and gathered before the first test stays: nothing of it is looked for to throw away.
gc.disable()


#: Where tests take long, longest first: begun last, one of them would keep a single worker busy at
#: the end.
LONG = (
    "tests/browser/",
    "tests/reliability/",
    "tests/incidents/test_attack.py",
    "tests/demo/",
    "tests/architecture/",
)


def _turn(item: pytest.Item) -> int:
    return next((n for n, folder in enumerate(LONG) if item.nodeid.startswith(folder)), len(LONG))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database, so that the rest can be run alone; put long tests first."""
    for item in items:
        if "app" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)
    items.sort(key=_turn)
    # What is loaded by now stays for the whole run: the collector need not walk it each time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def test_settings(uri: str) -> dict[str, Any]:
    """Return the settings that tests run with: cheap hashes, no limits, one known host."""
    return {
        "TESTING": True,
        "ENV_NAME": "development",
        "IS_SECURE": False,
        "SECRET_KEY": "only for tests, and long enough to pass",
        "SQLALCHEMY_DATABASE_URI": uri,
        "RATELIMIT_ENABLED": False,
        "TRUSTED_HOSTS": ["localhost", "127.0.0.1"],
        "BASE_URL": "http://localhost",
        "MAIL_URL": "",
        "ARGON2": {"time_cost": 1, "memory_cost": 64, "parallelism": 1},
    }


test_settings.__test__ = False  # type: ignore[attr-defined]


def sqlite_template() -> Path:
    """Return a migrated SQLite file, made once a run."""
    path = databases.run_folder() / "template.sqlite3"
    with databases.locked("sqlite-template"):
        if not path.exists():
            making = path.with_suffix(".making")
            app = create_app(test_settings(f"sqlite:///{making}"))
            with app.app_context():
                upgrade_database(app)
                with db.engine.connect() as connection:
                    connection.exec_driver_sql("COMMIT")
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                    connection.exec_driver_sql("BEGIN")
                db.engine.dispose()
            making.rename(path)
    return path


def migrated_file(folder: Path) -> Path:
    """Return a SQLite file in ``folder`` with all tables: a copy, since to make them takes long."""
    return Path(shutil.copy(sqlite_template(), folder / "migrated.sqlite3"))


def postgres_template() -> str:
    """Return the name of a migrated PostgreSQL database, made once a run."""
    name = "improve_template"
    with databases.locked("postgres-template"):
        done = databases.run_folder() / "postgres-template-made"
        if not done.exists():
            databases.make_postgres_database(name)
            app = create_app(test_settings(databases.postgres_url(name)))
            with app.app_context():
                upgrade_database(app)
                db.engine.dispose()
            done.touch()
    return name


def make_app(uri: str, **more: Any) -> Flask:
    """Return an application as tests run it; what templates compile to is kept for all workers."""
    app = create_app({**test_settings(uri), **more})
    folder = databases.run_folder() / "templates"
    folder.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    return app


@pytest.fixture(autouse=True, scope="session")
def no_calls_out() -> Iterator[None]:
    """Let nothing reach another machine, whatever a test makes the application do."""
    with only_this_machine():
        yield


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """Name of this worker."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(scope="session")
def sqlite_standing(worker: str) -> Iterator[Standing]:
    """The application on a SQLite file of this worker."""
    path, template = databases.run_folder() / f"{worker}.sqlite3", sqlite_template()
    shutil.copy(template, path)
    app = make_app(f"sqlite:///{path}")
    yield Standing(app, SQLiteKeeper(path, template))
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def postgres_standing(worker: str) -> Iterator[Standing]:
    """The application on a PostgreSQL database of this worker."""
    template, name = postgres_template(), f"improve_{worker}"
    databases.make_postgres_database(name, template=template)
    app = make_app(databases.postgres_url(name))
    yield Standing(app, PostgresKeeper(name, databases.keep_postgres_rows(name)))
    databases.close_connections()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application with an empty database, once on each engine."""
    name = "sqlite_standing" if request.param == "sqlite" else "postgres_standing"
    standing: Standing = request.getfixturevalue(name)
    standing.empty(is_laid_next="cast" in request.fixturenames)
    standing.app.extensions["standing"] = standing
    # One limiter for the process: an application that a test made meanwhile may have turned it on.
    limiter.enabled = bool(standing.app.config["RATELIMIT_ENABLED"])
    yield standing.app
    with standing.app.app_context():
        db.session.remove()


@pytest.fixture
def lay(app: Flask) -> Callable[[str, Callable[[], Any]], Any]:
    """``lay("name", make)``: what ``make()`` commits and returns, made once and then put back.

    ``make`` runs in an application context, on whatever stands in the database.
    """
    standing: Standing = app.extensions["standing"]

    def laid(name: str, make: Callable[[], Any]) -> Any:
        # What is kept bears the time it was made at.
        return standing.lay(f"{name}@{clock.now().isoformat()}", make)

    return laid


@pytest.fixture(scope="session")
def limited_standing(worker: str) -> Iterator[Standing]:
    """An application that counts tries, on a SQLite file of this worker."""
    path, template = databases.run_folder() / f"{worker}-limited.sqlite3", sqlite_template()
    shutil.copy(template, path)
    app = make_app(f"sqlite:///{path}", RATELIMIT_ENABLED=True)
    yield Standing(app, SQLiteKeeper(path, template))
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def limited(limited_standing: Standing) -> Iterator[Flask]:
    """An application that counts tries, as a real one does, with an empty database."""
    app = limited_standing.app
    limited_standing.empty()
    settings = dict(app.config)
    # One limiter for the process: an application made meanwhile may have turned it off.
    limiter.enabled = True
    limiter.reset()
    yield app
    limiter.reset()
    limiter.enabled = False
    app.config.clear()
    app.config.update(settings)
    with app.app_context():
        db.session.remove()


@pytest.fixture
def with_mail(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site that sends mail."""
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://mail.example")


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application with its context pushed, for tests that call services."""
    with app.app_context():
        yield app
        db.session.rollback()


@pytest.fixture(autouse=True)
def still_clock(request: pytest.FixtureRequest) -> Iterator[datetime | None]:
    """Let the clock stand on a Tuesday morning, unless the test drives a real browser."""
    if request.node.get_closest_marker("browser"):
        yield None
        return
    with clock.moved(NOW):
        yield NOW


@pytest.fixture
def cast(lay: Callable[[str, Callable[[], Cast]], Cast]) -> Cast:
    """Two councils with one person in every role."""
    return lay("cast", make_cast)


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """Somebody who visits pages: ``visit(person_id)`` signed in, ``visit()`` as nobody."""

    def make(person_id: int | None = None) -> Visitor:
        return Visitor(app, person_id)

    return make


@event.listens_for(Session, "before_commit")
def _note_commits_on_get(_session: Session) -> None:
    if has_request_context() and request.method in {"GET", "HEAD"}:
        _commits_on_get.append(request.path)


@event.listens_for(Engine, "commit")
def _note_commits_apart_on_get(_connection: Connection) -> None:
    if not (has_request_context() and request.method in {"GET", "HEAD"}):
        return
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if (frame.f_globals.get("__name__"), frame.f_code.co_name) in WRITE_WHILE_READING:
            return
        frame = frame.f_back
    _commits_on_get.append(request.path)


@pytest.fixture(autouse=True)
def no_commit_on_get() -> Iterator[None]:
    """Fail a test in which reading a page wrote something."""
    _commits_on_get.clear()
    yield
    assert not _commits_on_get, f"these GET requests committed: {_commits_on_get}"


@pytest.fixture
def statements() -> Watch:
    """``with statements() as seen``: the SQL statements that ran inside."""
    return watched
