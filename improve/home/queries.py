"""What waits for a person, of every kind, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, union_all

from improve.accounts.actor import Actor
from improve.huddles.queries.actions import action_rows
from improve.ideas.queries.to_do import reply_rows, study_rows
from improve.library.queries.sustain import sustain_rows
from improve.library.queries.to_write import learning_rows
from improve.measures.queries.tallies import tally_rows
from improve.shared.db import db
from improve.shared.to_do import ToDoKind
from improve.voices.queries.to_do import voices_rows


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing that waits: ``words`` say what, ``about`` of which idea or team."""

    kind: ToDoKind
    subject_id: int
    words: str
    about: str
    on: date | None
    at: datetime | None
    version: int | None


def to_do(actor: Actor) -> dict[ToDoKind, list[ToDo]]:
    """Return what waits for the actor by kind, each kind in the order that its capability gives."""
    return _read(
        [
            action_rows(actor),
            study_rows(actor),
            tally_rows(actor),
            reply_rows(actor),
            sustain_rows(actor),
            learning_rows(actor),
            voices_rows(actor),
        ]
    )


def dates(actor: Actor) -> list[ToDo]:
    """Return what has a day: actions and tests to look at, the first first."""
    found = _read([action_rows(actor), study_rows(actor)])
    return sorted(
        (one for rows in found.values() for one in rows),
        key=lambda one: (one.on or date.max, one.kind, one.subject_id),
    )


def _read(offers: Sequence[Any | None]) -> dict[ToDoKind, list[ToDo]]:
    # Each kind has its own order and limit: inside, as SQLite takes neither in a part of a union.
    parts = [
        select(rows.subquery(f"part_{n}")) for n, rows in enumerate(offers) if rows is not None
    ]
    found: dict[ToDoKind, list[ToDo]] = {kind: [] for kind in ToDoKind}
    for row in db.session.execute(union_all(*parts)):
        kind = ToDoKind(row.kind)
        found[kind].append(
            ToDo(kind, row.subject_id, row.words, row.about or "", row.on_day, row.at, row.version)
        )
    for rows in found.values():
        rows.sort(key=_place)
    return found


def _place(one: ToDo) -> tuple[date, float, int]:
    """Where it stands among its kind, as a union promises no order: by day, then by age."""
    is_newest_first = one.kind is ToDoKind.TALLY
    return (
        one.on or date.min,
        one.at.timestamp() if one.at else 0.0,
        -one.subject_id if is_newest_first else one.subject_id,
    )
