"""The texts of the form as a council says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import func, select

from improve.accounts.queries import person_names
from improve.incidents.models import IncidentWording
from improve.incidents.wording import TEXTS, Words
from improve.shared.db import db


@dataclass(frozen=True, slots=True)
class WordingView:
    """A version of a text, and who wrote it. Empty ``words``: the house's own were put back."""

    version: int
    words: str
    by_name: str
    at: datetime


def words_for(organisation_id: int) -> Words:
    """Return every text of the form, a council's own before the house's. One statement."""
    own = {name: row.words for name, row in newest(organisation_id).items() if row.words}
    return Words(MappingProxyType({**TEXTS, **own}))


def newest(organisation_id: int) -> Mapping[str, WordingView]:
    """Return the newest version of each text that a council ever changed, by name. One statement.

    Empty ``words``: the house's own stand again.
    """
    people = person_names()
    rank = func.row_number().over(
        partition_by=IncidentWording.name, order_by=IncidentWording.version.desc()
    )
    ranked = (
        select(IncidentWording.id, rank.label("place"))
        .where(IncidentWording.organisation_id == organisation_id)
        .subquery("by_version")
    )
    rows = db.session.execute(
        select(IncidentWording, people.c.name)
        .outerjoin(people, people.c.id == IncidentWording.changed_by_id)
        .join(ranked, ranked.c.id == IncidentWording.id)
        .where(IncidentWording.organisation_id == organisation_id, ranked.c.place == 1)
        .order_by(IncidentWording.name, IncidentWording.id)
    )
    return {
        row.name: WordingView(row.version, row.words, by_name or "", row.changed_at)
        for row, by_name in rows
        if row.name in TEXTS
    }


def versions_of(organisation_id: int, name: str) -> list[WordingView]:
    """Return all versions of a text, newest first. One statement."""
    people = person_names()
    rows = db.session.execute(
        select(IncidentWording, people.c.name)
        .outerjoin(people, people.c.id == IncidentWording.changed_by_id)
        .where(IncidentWording.organisation_id == organisation_id, IncidentWording.name == name)
        .order_by(IncidentWording.version.desc(), IncidentWording.id.desc())
    )
    return [
        WordingView(row.version, row.words, by_name or "", row.changed_at) for row, by_name in rows
    ]
