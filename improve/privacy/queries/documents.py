"""What the documents of a council are filled with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select

from improve.accounts.actor import Actor
from improve.privacy.keeping import kinds_with_times
from improve.privacy.kept_kinds import Kind
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.keeping_times import CHANGEABLE, months_of
from improve.shared.whole_tables import all_tables

#: Erasures on a page.
PAGE_SIZE = 50
_USUAL_DAYS = 90


@dataclass(frozen=True, slots=True)
class Council:
    """A council: its facts, and how long it keeps what (months by class, days of the sealed)."""

    id: int
    name: str
    slug: str
    facts: Mapping[str, str]
    months: Mapping[str, int]
    voice_days: int
    report_days: int

    @property
    def kinds_with_times(self) -> list[tuple[Kind, str]]:
        """Each kind of record with how long the council keeps it."""
        return kinds_with_times(
            months=self.months, voice_days=self.voice_days, report_days=self.report_days
        )


@dataclass(frozen=True, slots=True)
class ErasedRow:
    """One erasure, as the list shows it. ``by``: who did it; “” by itself."""

    key: str
    kind: str
    object_id: str
    erased_on: date
    by: str


def council(slug: str) -> Council:
    """Return a council as everybody may know it. Raises ``NotFound``."""
    table = all_tables()["organisations"]
    return _one(and_(table.c.slug == slug, table.c.example_of_id.is_(None)))


def own_council(actor: Actor) -> Council:
    """Return the actor's council."""
    return _one(all_tables()["organisations"].c.id == actor.organisation_id)


def councils() -> list[tuple[str, str]]:
    """Return name and short name of every council here, A to Z."""
    table = all_tables()["organisations"]
    rows = db.session.execute(
        select(table.c.name, table.c.slug)
        .where(table.c.example_of_id.is_(None))
        .order_by(table.c.name, table.c.id)
    )
    return [(row.name, row.slug) for row in rows]


def erasures(actor: Actor, page: int = 1) -> tuple[list[ErasedRow], int]:
    """Return a page of what was erased in the actor's council, newest first, and how many."""
    table, people = all_tables()["erasures"], all_tables()["people"]
    rows = db.session.execute(
        select(
            table.c.key,
            table.c.kind,
            table.c.object_id,
            table.c.erased_on,
            people.c.name.label("by"),
            func.count().over().label("in_all"),
        )
        .outerjoin(people, people.c.id == table.c.erased_by_id)
        .where(table.c.organisation_id == actor.organisation_id)
        .order_by(table.c.erased_on.desc(), table.c.key)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    found = [ErasedRow(r.key, r.kind, r.object_id, r.erased_on, r.by or "") for r in rows]
    return found, rows[0].in_all if rows else 0


def _one(wanted: Any) -> Council:
    table = all_tables()["organisations"]
    # How long sealed words are kept stands in the set-up of each form.
    days = [
        select(all_tables()[name].c.keep_days)
        .where(all_tables()[name].c.organisation_id == table.c.id)
        .scalar_subquery()
        .label(name)
        for name in ("voice_setups", "incident_setups")
    ]
    columns = (table.c.id, table.c.name, table.c.slug, table.c.document_facts, table.c.retention)
    row = db.session.execute(select(*columns, *days).where(wanted)).one_or_none()
    if row is None:
        raise NotFound
    return Council(
        id=row.id,
        name=row.name,
        slug=row.slug,
        facts=row.document_facts or {},
        months={code: months_of(row.retention or {}, code) for code in CHANGEABLE},
        voice_days=row.voice_setups or _USUAL_DAYS,
        report_days=row.incident_setups or _USUAL_DAYS,
    )
