"""Months whose finished ideas are summed up, and those that are not yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from improve.accounts.actor import Actor
from improve.ideas.flow_months import (
    COUNTED_BY,
    FlowSums,
    from_kept,
    month_after,
    months_left_out,
    sums_of,
)
from improve.ideas.models import FlowMonth, Idea
from improve.ideas.queries import flow
from improve.shared import clock
from improve.shared.db import db

#: Before any idea: what is summed up is all of it, and whoever reads leaves out what is too old.
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Kept(NamedTuple):
    """What is summed up of a council, and the condition on the ideas that are not."""

    sums: FlowSums
    besides: tuple[ColumnElement[bool], ...]


def kept_months(actor: Actor, *, since: datetime) -> Kept:
    """Return what is summed up of the actor's council since then: one statement.

    Exact at any time: a month whose ideas changed is not among them until it is summed up anew.
    """
    since_on = clock.local(since).toordinal()
    rows = db.session.execute(
        select(FlowMonth.month, case((FlowMonth.newest_on >= since_on, FlowMonth.sums)))
        .where(
            FlowMonth.organisation_id == actor.organisation_id,
            FlowMonth.counted_by == counted_by(),
        )
        .order_by(FlowMonth.month)
    ).all()
    sums = from_kept((kept for _, kept in rows if kept is not None), since_on=since_on)
    return Kept(sums, _not_in([month for month, _ in rows]))


def counted_by() -> str:
    """Return by what months are counted now: the way, and the clocks that tell days apart."""
    return f"{COUNTED_BY} {clock.local(clock.now()).tzinfo}"[:80]


def months_of(organisation_id: int, *, until: str) -> list[str]:
    """Return the months before ``until`` in which ideas of a council were finished, in order."""
    ours = Idea.organisation_id == organisation_id
    first, last = db.session.execute(
        select(func.min(Idea.finished_at), func.max(Idea.finished_at)).where(ours)
    ).one()
    months, month = [], month_name(first) if first else until
    while month < min(until, month_after(month_name(last)) if last else until):
        months.append(month)
        month = month_after(month)
    return months


def counted_of(organisation_id: int) -> dict[str, str]:
    """Return by what each month of a council was counted that is summed up."""
    rows = db.session.execute(
        select(FlowMonth.month, FlowMonth.counted_by)
        .where(FlowMonth.organisation_id == organisation_id)
        .order_by(FlowMonth.month)
    )
    return {row.month: row.counted_by for row in rows}


def kept_sums(organisation_id: int, month: str) -> list[Any]:
    """Return what is kept of a month that is summed up, as JSON has it."""
    found: list[Any] = db.session.execute(
        select(FlowMonth.sums).where(
            FlowMonth.organisation_id == organisation_id, FlowMonth.month == month
        )
    ).scalar_one()
    return found


def count_month(organisation_id: int, month: str) -> FlowSums:
    """Return the sums of a council's ideas that were finished in a month, from all their moves."""
    actor = Actor(0, organisation_id, name="", job_title="", places=(), rights_version=0)
    among = (Idea.finished_at >= _begins(month), Idea.finished_at < _begins(month_after(month)))
    arrivals = flow.arrivals(actor, since=_EVER, among=among)
    return sums_of(
        replies=arrivals.replies,
        logged=arrivals.logged,
        decisions=flow.decisions(actor, since=_EVER, among=among),
        stays=flow.stays(actor, since=_EVER, among=among),
    )


def month_name(moment: datetime) -> str:
    """Return the month of a moment in UTC, such as “2026-09”."""
    return moment.astimezone(UTC).strftime("%Y-%m")


def _begins(month: str) -> datetime:
    return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=UTC)


def _not_in(months: Iterable[str]) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that an idea was finished in none of these months; none of them: ()."""
    stretches = months_left_out(months)
    if stretches == [("", "")]:
        return ()
    ways: list[ColumnElement[bool]] = [Idea.finished_at.is_(None)]
    for begins, until in stretches:
        within = [Idea.finished_at >= _begins(begins)] if begins else []
        within += [Idea.finished_at < _begins(until)] if until else []
        ways.append(and_(*within))
    return (or_(*ways),)
