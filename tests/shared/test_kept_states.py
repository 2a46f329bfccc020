"""No test sees what another left: proven for the machinery that all tests stand on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from improve.shared.db import Base, db
from tests.factories import Cast, make_cast, make_idea, make_organisation
from tests.states import Standing

Lay = Callable[[str, Callable[[], Any]], Any]


def everything(app: Flask) -> dict[str, list[Any]]:
    """Return every row of every table, and on PostgreSQL the next numbers."""
    with app.app_context():
        with db.engine.connect() as connection:
            there = set(inspect(connection).get_table_names()) - {"alembic_version"}
            # SQLite's index of words cannot be read row by row; the tables it keeps its rows in can.
            names = sorted(name for name in there if f"{name}_config" not in there)
            found: dict[str, list[Any]] = {
                name: sorted(map(str, connection.execute(text(f'SELECT * FROM "{name}"')).all()))
                for name in names
            }
            if db.engine.dialect.name == "postgresql":
                numbers = "SELECT sequencename, last_value FROM pg_sequences ORDER BY sequencename"
                found["numbers"] = list(map(str, connection.execute(text(numbers)).all()))
        db.engine.dispose()
    return found


def rows(app: Flask) -> int:
    """Return how many rows there are in all."""
    return sum(len(found) for name, found in everything(app).items() if name != "numbers")


def test_a_test_begins_with_what_migrations_leave(app: Flask) -> None:
    found = everything(app)
    theirs = [t for t in Base.metadata.tables.values() if "organisation_id" in t.columns]
    assert len(theirs) > 10
    # The chain of the log of acts begins with a head that is nobody's.
    assert not [t.name for t in theirs if found[t.name] and t.name != "audit_heads"]
    assert not found["organisations"]


@pytest.mark.parametrize("count", [1, 300], ids=["few", "many"])
def test_nothing_is_left_of_a_test(app: Flask, count: int) -> None:
    standing: Standing = app.extensions["standing"]
    fresh = everything(app)
    with app.app_context():
        cast = make_cast()
        for _ in range(count):
            make_organisation()
        db.session.commit()
    assert rows(app) > count
    standing.empty()
    assert everything(app) == fresh
    with app.app_context():
        assert make_cast() == cast, "numbers begin again at 1"
        db.session.rollback()


def test_what_is_put_back_is_what_was_made(app: Flask, lay: Lay) -> None:
    standing: Standing = app.extensions["standing"]
    calls: list[int] = []

    def make() -> Cast:
        calls.append(1)
        made = make_cast()
        make_idea(made)
        return made

    cast = lay("made here", make)
    first = everything(app)
    with app.app_context():
        make_idea(cast)
        db.session.execute(text("UPDATE people SET name = 'Somebody Else'"))
        db.session.commit()
    assert everything(app) != first
    standing.empty()
    assert lay("made here", make) == cast
    assert everything(app) == first
    assert len(calls) == 1, "the second time it was put back"
    with app.app_context():
        after = make_idea(cast)
        db.session.commit()
    standing.empty()
    standing._make(make)
    with app.app_context():
        assert make_idea(cast) == after, "the next numbers are those of the making"
        db.session.rollback()


def test_what_is_emptied_at_first_need_is_empty(app: Flask, lay: Lay) -> None:
    standing: Standing = app.extensions["standing"]
    fresh = everything(app)
    cast = lay("cast", make_cast)
    laid = everything(app)
    assert laid != fresh
    standing.empty(is_laid_next=True)
    assert everything(app) == fresh, "whoever looks finds nothing"
    lay("cast", make_cast)
    with app.app_context():
        make_idea(cast)
        db.session.commit()
    standing.empty(is_laid_next=True)
    assert lay("cast", make_cast) == cast
    assert everything(app) == laid, "what is laid stands alone"
    standing.empty(is_laid_next=True)
    lay("not made before", make_organisation)
    assert rows(app) < sum(map(len, laid.values())), "what is made stands alone"


def test_one_state_stands_on_another(app: Flask, cast: Cast, lay: Lay) -> None:
    standing: Standing = app.extensions["standing"]
    idea = lay("an idea", lambda: make_idea(cast))
    first = everything(app)
    standing.empty()
    lay("an idea", make_organisation)
    assert rows(app) < sum(map(len, first.values())), "on nothing, it is another state"
    standing.empty()
    again = lay("cast", make_cast)
    assert again == cast
    assert lay("an idea", lambda: make_idea(cast)) == idea
    assert everything(app) == first


def test_what_a_test_wrote_before_stays(app: Flask, lay: Lay) -> None:
    with app.app_context():
        mine = make_organisation("Written before")
        db.session.commit()
    lay("beside it", make_organisation)
    with app.app_context():
        names = db.session.execute(text("SELECT id, name FROM organisations ORDER BY id")).all()
        db.session.rollback()
    assert (mine, "Written before") in [tuple(row) for row in names]
    assert len(names) == 2


def test_what_a_test_is_in_the_middle_of_stays(app: Flask, lay: Lay) -> None:
    """While a connection is out, nothing is pulled away from under it."""
    lay("beside a reader", make_organisation)
    app.extensions["standing"].empty()
    with app.app_context():
        out = db.engine.raw_connection()
        cursor = out.cursor()
        lay("beside a reader", make_organisation)
        cursor.execute("SELECT count(*) FROM organisations")
        assert cursor.fetchone() == (1,)
        cursor.close()
        out.close()


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_a_test_may_cut_everybody_off(app: Flask, cast: Cast) -> None:
    """The next test begins all the same."""
    standing: Standing = app.extensions["standing"]
    with app.app_context():
        with db.engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        db.engine.dispose()
    standing.empty()
    with app.app_context():
        assert make_cast() == cast
        db.session.rollback()
