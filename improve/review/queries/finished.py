"""Reads of “All finished work”: what leaders read of it, what spread, and what stands beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, cast, literal, null, select, union_all

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.huddles.queries import flow as huddle_flow
from improve.ideas import queries as ideas
from improve.ideas.listing import FinishedFilter, FinishedPage, PeriodCounts
from improve.ideas.queries.finished import KeptBy, finished_page
from improve.ideas.queries.period import period_columns, period_counts
from improve.library.queries.spread import spread_select
from improve.review.flow_counts import FEWEST_PEOPLE
from improve.review.models import CycleRead, SavedReview
from improve.shared import clock
from improve.shared.db import UTCDateTime, db
from improve.shared.errors import NotFound

CycleKey = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ReadView:
    """That a leader read a finished cycle, and what they wrote to its people, “” for nothing."""

    id: int
    idea_id: int
    cycle_number: int
    person_id: int
    by: str
    words: str
    read_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class BesideRows:
    """What stands beside listed cycles: who read them, by idea and number; where ideas spread."""

    reads: dict[CycleKey, tuple[ReadView, ...]]
    places: dict[int, int]


@dataclass(frozen=True, slots=True)
class SavedLine:
    """A saved review as the list shows it. ``query`` is that of its address."""

    id: int
    name: str
    query: str


def finished_work(
    actor: Actor, chosen: FinishedFilter, *, page: int = 1, only_unread: bool = False
) -> tuple[FinishedPage, PeriodCounts]:
    """Return a page of decided cycles, and the counts of the same days and teams.

    Two statements. ``only_unread``: those that the actor has not ticked as read.
    """
    also = period_columns(
        actor,
        team_id=chosen.team_id,
        service_id=chosen.service_id,
        first=chosen.decided_from,
        last=chosen.decided_to,
        fewest=FEWEST_PEOPLE,
        also=huddle_flow.drivers(actor),
    )
    kept_by = unread_by(actor) if only_unread else None
    found = finished_page(actor, chosen, page=page, kept_by=kept_by, also=also)
    return found, period_counts(found.also, fewest=FEWEST_PEOPLE)


def unread_by(actor: Actor) -> KeptBy:
    """Return the condition that the actor has not ticked a cycle as read."""

    def kept(idea_id: Any, number: Any) -> ColumnElement[bool]:
        return ~(
            select(CycleRead.id)
            .where(
                CycleRead.idea_id == idea_id,
                CycleRead.cycle_number == number,
                CycleRead.person_id == actor.person_id,
            )
            .exists()
        )

    return kept


def beside_rows(actor: Actor, idea_ids: Iterable[int]) -> BesideRows:
    """Return who read the cycles of these ideas, and in how many places each was taken up.

    One statement, none for no ideas.
    """
    wanted = sorted(set(idea_ids))
    if not wanted:
        return BesideRows({}, {})
    by, places = person_names().alias("by"), spread_select(actor, wanted)
    reads = (
        select(
            CycleRead.id.label("read_id"),
            CycleRead.idea_id,
            CycleRead.cycle_number,
            CycleRead.person_id,
            by.c.name,
            CycleRead.words,
            CycleRead.read_at.label("read_at"),
            CycleRead.version,
        )
        .join(by, by.c.id == CycleRead.person_id)
        .where(CycleRead.organisation_id == actor.organisation_id, CycleRead.idea_id.in_(wanted))
    )
    spread = select(
        literal(0),
        places.c[0],
        literal(0),
        cast(null(), Integer),
        cast(null(), Text),
        cast(literal(""), Text),
        cast(null(), UTCDateTime),
        cast(places.c[1], Integer),
    )
    found: dict[CycleKey, list[ReadView]] = {}
    counts: dict[int, int] = {}
    for row in db.session.execute(union_all(reads, spread).order_by("read_at", "read_id")):
        if row.read_id:
            read = ReadView(*row)
            found.setdefault((read.idea_id, read.cycle_number), []).append(read)
        else:
            counts[row.idea_id] = row.version
    return BesideRows({key: tuple(some) for key, some in found.items()}, counts)


def reads_of_cycle(actor: Actor, idea_id: int, number: int) -> tuple[ReadView, ...]:
    """Return who ticked one cycle as read, the first first."""
    return beside_rows(actor, [idea_id]).reads.get((idea_id, number), ())


def read_for_change(actor: Actor, idea_id: int, number: int) -> CycleRead | None:
    """Return the actor's own tick of a cycle, its row locked; None before there is one."""
    found: CycleRead | None = db.session.execute(
        select(CycleRead)
        .where(
            CycleRead.organisation_id == actor.organisation_id,
            CycleRead.idea_id == idea_id,
            CycleRead.cycle_number == number,
            CycleRead.person_id == actor.person_id,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    return found


def readers(actor: Actor, keys: Collection[CycleKey]) -> dict[CycleKey, str]:
    """Return the first names of who read each of these cycles, for a file: one statement."""
    by = person_names().alias("by")
    rows = db.session.execute(
        select(CycleRead.idea_id, CycleRead.cycle_number, by.c.name)
        .join(by, by.c.id == CycleRead.person_id)
        .where(CycleRead.organisation_id == actor.organisation_id)
        .order_by(CycleRead.read_at, CycleRead.id)
    )
    found: dict[CycleKey, list[str]] = {}
    for idea_id, number, name in rows:
        if (idea_id, number) in keys:
            found.setdefault((idea_id, number), []).append(name.split(" ", 1)[0])
    return {key: ", ".join(names) for key, names in found.items()}


def in_study_now(actor: Actor, chosen: FinishedFilter) -> int:
    """Return how many ideas stand in Study now, where the filter looks."""
    return ideas.in_study(actor, team_id=chosen.team_id, service_id=chosen.service_id)


def saved_reviews(actor: Actor) -> list[SavedLine]:
    """Return the actor's own saved reviews, A to Z."""
    rows = db.session.execute(
        select(SavedReview.id, SavedReview.name, SavedReview.query)
        .where(
            SavedReview.organisation_id == actor.organisation_id,
            SavedReview.person_id == actor.person_id,
        )
        .order_by(SavedReview.name, SavedReview.id)
    )
    found = [SavedLine(*row) for row in rows]
    return sorted(found, key=lambda line: (line.name.casefold(), line.id))


def saved_for_change(actor: Actor, saved_id: int) -> SavedReview:
    """Return one's own saved review. Raises ``NotFound``."""
    found: SavedReview | None = db.session.execute(
        select(SavedReview).where(
            SavedReview.id == saved_id,
            SavedReview.organisation_id == actor.organisation_id,
            SavedReview.person_id == actor.person_id,
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def period_begins(chosen: FinishedFilter) -> tuple[datetime | None, datetime | None]:
    """Return the moments that the filter's days begin and end at, the second not part of them."""
    first = clock.at_local(chosen.decided_from, 0) if chosen.decided_from else None
    last = None
    if chosen.decided_to:
        last = clock.at_local(chosen.decided_to + timedelta(days=1), 0)
    return first, last
