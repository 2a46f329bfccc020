"""Patterns of reports, read from what two reviewers settled, and counted by ``patterns``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select

from improve.accounts.actor import Actor
from improve.incidents.days_between import Between, Came, charts_of
from improve.incidents.models import Incident, IncidentLearning, IncidentMonth
from improve.incidents.patterns import (
    LOTS_SHOWN,
    Lot,
    Settled,
    Standing,
    lots_of,
    next_month,
    to_test_next,
)
from improve.shared import clock
from improve.shared.db import db
from improve.shared.suppression import Count, Hidden

#: Months of reports received that the page shows.
MONTHS_SHOWN: Final = 24


@dataclass(frozen=True, slots=True)
class Patterns:
    """What may be counted out of reports. ``lots`` and ``received``: the newest first."""

    lots: tuple[Lot, ...]
    charts: tuple[Between, ...]
    received: tuple[tuple[date, Count], ...]
    #: Pairs of conditions worth a small test, in the order of the form.
    next_tests: tuple[Standing, ...]

    @property
    def newest(self) -> Lot | None:
        """The lot that is read first."""
        return self.lots[0] if self.lots else None


def patterns(actor: Actor) -> Patterns:
    """Return the patterns of the actor's council. Two statements.

    All that was ever settled is read, since a lot begins where the one before it ended.
    """
    rows = db.session.execute(
        select(
            IncidentLearning.week,
            IncidentLearning.settled_week,
            IncidentLearning.kind,
            IncidentLearning.factors,
        )
        .where(IncidentLearning.organisation_id == actor.organisation_id)
        .order_by(IncidentLearning.settled_week, IncidentLearning.key)
    ).all()
    today = clock.today()
    settled = [Settled(row.settled_week, row.kind, frozenset(row.factors)) for row in rows]
    lots = tuple(reversed(lots_of(settled, today)))[:LOTS_SHOWN]
    charts = charts_of([Came(row.week, row.settled_week, row.kind) for row in rows], today)
    return Patterns(lots, charts, received(actor), to_test_next(lots, settled))


def received(actor: Actor) -> tuple[tuple[date, Count], ...]:
    """Return about how many reports came in each month that was written, the newest first.

    Rounded down to fives, see ``IncidentMonth``. No total stands with them: what is hidden could be
    worked out from it.
    """
    rows = db.session.execute(
        select(IncidentMonth.month, IncidentMonth.received)
        .where(IncidentMonth.organisation_id == actor.organisation_id)
        .order_by(IncidentMonth.month.desc())
        .limit(MONTHS_SHOWN)
    )
    return tuple((month, Hidden.FEWER if n is None else n) for month, n in rows)


def first_weeks() -> list[tuple[int, date, date | None]]:
    """Return (council, week of its first report, last month written or None), by council."""
    written = (
        select(IncidentMonth.organisation_id, func.max(IncidentMonth.month).label("month"))
        .group_by(IncidentMonth.organisation_id)
        .subquery()
    )
    query = (
        select(Incident.organisation_id, func.min(Incident.week), func.min(written.c.month))
        .outerjoin(written, written.c.organisation_id == Incident.organisation_id)
        .group_by(Incident.organisation_id)
        .order_by(Incident.organisation_id)
    )
    return [tuple(row) for row in db.session.execute(query)]


def came_in(organisation_id: int, month: date) -> int:
    """Return how many reports came in the weeks that begin in a month."""
    found = select(func.count(Incident.key)).where(
        Incident.organisation_id == organisation_id,
        Incident.week >= month,
        Incident.week <= next_month(month) - timedelta(days=1),
    )
    return db.session.scalar(found) or 0
