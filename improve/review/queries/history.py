"""Reads for the review: the history that measures of the system itself are counted from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from improve.accounts.actor import Actor
from improve.accounts.queries import staff
from improve.accounts.working_calendar import WorkingCalendar
from improve.huddles.queries import flow as huddle_flow
from improve.ideas.queries import flow
from improve.review.counting import (
    MONTHS_SHOWN,
    QUARTERS_SHOWN,
    months_before,
    quarter_of,
    quarters_before,
)
from improve.review.flow_counts import RECENT_DAYS
from improve.review.history import History
from improve.shared import clock

#: An idea is known to be tried, or not, only after ninety days: so many more months are read.
_MORE_MONTHS = 4


def history(
    actor: Actor,
    *,
    needs: Collection[str],
    team_id: int | None = None,
    calendar: WorkingCalendar | None = None,
) -> History:
    """Return what happened in a team, else in the whole organisation: one statement per need.

    ``needs`` are fields of :class:`History`; the others stay empty. ``calendar`` is the team's;
    without one only the council's closing days are left out.
    """
    today = clock.today()
    since = _midnight(months_before(today, MONTHS_SHOWN + _MORE_MONTHS)[0])
    quarters = (*quarters_before(today, QUARTERS_SHOWN), quarter_of(today))
    found: dict[str, Any] = {"quarters": quarters}
    for name, rows in _ROWS.items():
        if name in needs:
            found[name] = tuple(rows(actor, since=since, team_id=team_id))
    if "parts" in needs:
        people = staff.active_staff(actor, team_id)
        asked: dict[str, Any] = {
            "spans": [_midnight(first) for first in quarters],
            "recent": _midnight(today - timedelta(days=RECENT_DAYS)),
            "person_ids": [p.person_id for p in people] if team_id is not None else None,
        }
        found["staff"] = tuple((p.person_id, clock.local(p.since).toordinal()) for p in people)
        found["parts"] = tuple(
            flow.parts(actor, **asked, also=[huddle_flow.drivers(actor, **asked)])
        )
    return History(
        today=today,
        is_team=team_id is not None,
        calendar=calendar or WorkingCalendar(closing_days=actor.closing_days),
        **found,
    )


#: Which rows stand for which field of history.
_ROWS: Mapping[str, Callable[..., Sequence[Any]]] = {
    "replies": flow.replies,
    "logged": flow.logged,
    "decisions": flow.decisions,
    "stays": flow.stays,
    "huddles": huddle_flow.held,
    "actions": huddle_flow.promised,
}


def _midnight(day: date) -> datetime:
    return clock.at_local(day, 0)
