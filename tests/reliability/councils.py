"""A council in the database of a place, and whether everything in it fits together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import text

from config import read_settings
from improve.accounts.roles import Role
from improve.app import create_app
from improve.migrations import upgrade_database
from improve.shared import audit
from improve.shared.db import db
from tests.factories import Cast, idea_in, make_cast, make_person, token_for
from tests.reliability.places import Place
from tests.reliability.serving import Colleague, Gunicorn

#: Ideas that people sent, not those that were laid in bulk, which have no history.
_SENT = "form_token NOT LIKE 'bench-%'"


@dataclass
class Council:
    """Who is in it: managers of one team, each with an idea in Do."""

    cast: Cast
    managers: list[int]
    ideas: list[int]
    cookies: list[str]

    def colleague(self, number: int, *servers: Gunicorn) -> Colleague:
        """Return one of the managers."""
        return Colleague(self.managers[number], self.cookies[number], list(servers))


def application(place: Place) -> Flask:
    """Return an application on the place, in this process."""
    return create_app(read_settings(place.environ()))


@contextmanager
def working(app: Flask) -> Iterator[None]:
    """Work with the database; whatever was opened is closed at the end."""
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def found_council(place: Place, people: int = 4) -> Council:
    """Make the tables and a council of so many managers, each with an idea of their own."""
    app = application(place)
    upgrade_database(app)
    with working(app):
        cast = make_cast()
        managers = [
            make_person(cast.organisation, role=Role.MANAGER, team_id=cast.team)
            for _ in range(people)
        ]
        ideas = [idea_in(cast, "do") for _ in range(people)]
        db.session.commit()
        cookies = [token_for(person) for person in managers]
        db.session.commit()
    return Council(cast, managers, ideas, cookies)


def rows(sql: str, **values: Any) -> list[Any]:
    """Return the rows of a statement."""
    return list(db.session.execute(text(sql), values).all())


def faults_of(place: Place) -> list[str]:
    """Return in words whatever does not fit together: half moves, broken chains, dead references."""
    app = application(place)
    with working(app):
        found = [*_faults_of_ideas(), *_faults_of_moves()]
        found += [f"audit: {fault.words}" for fault in audit.find_faults()]
        if place.engine == "sqlite":
            found += [f"file: {row[0]}" for row in rows("PRAGMA integrity_check") if row[0] != "ok"]
            found += [f"reference: {row[0]}" for row in rows("PRAGMA foreign_key_check")]
        db.session.rollback()
    return found


def _faults_of_ideas() -> list[str]:
    """Each idea is logged once, in its history and in the log of acts."""
    logged = Counter(row[0] for row in rows("SELECT idea_id FROM idea_edits WHERE kind = 'logged'"))
    kept = Counter(
        int(row[0])
        for row in rows("SELECT object_id FROM audit_entries WHERE action = 'idea_logged'")
    )
    ideas = Counter(row[0] for row in rows(f"SELECT id FROM ideas WHERE {_SENT}"))
    found = []
    if logged != ideas:
        found.append(f"{len((logged - ideas) + (ideas - logged))} ideas and first lines differ")
    if kept != ideas:
        found.append(f"{len((kept - ideas) + (ideas - kept))} ideas and audit entries differ")
    return found


def _faults_of_moves() -> list[str]:
    """Each move is whole: card, history, dates of the cycle, audit entry."""
    moves = rows("SELECT idea_id, to_stage, version FROM stage_moves ORDER BY id")
    last = {row[0]: (row[1], row[2]) for row in moves}
    found = []
    ideas = rows(f"SELECT id, stage, version, due_to_study_on FROM ideas WHERE {_SENT}")
    for idea_id, stage, version, due in ideas:
        to_stage, then = last.get(idea_id, ("suggested", 0))
        if stage != to_stage or version < then:
            found.append(f"idea {idea_id} is in {stage}, its last move went to {to_stage}")
        if (due is not None) != (stage == "do"):
            found.append(f"idea {idea_id} is in {stage} with due date {due}")
    made = Counter(row[0] for row in moves)
    kept = Counter(
        int(row[0])
        for row in rows("SELECT object_id FROM audit_entries WHERE action = 'idea_moved'")
    )
    if made != kept:
        found.append(f"{made.total()} moves, {kept.total()} audit entries of moves")
    return found
