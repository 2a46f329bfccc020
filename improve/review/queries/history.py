"""Reads for the review: the history that measures of the system itself are counted from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import WorkingCalendar
from improve.accounts.queries import staff
from improve.huddles.queries import flow as huddle_flow
from improve.ideas.queries import flow, taking_part
from improve.ideas.queries.flow_months import kept_months
from improve.review.counting import (
    MONTHS_SHOWN,
    QUARTERS_SHOWN,
    months_before,
    quarter_of,
    quarters_before,
)
from improve.review.flow_counts import FEWEST_PEOPLE, RECENT_DAYS
from improve.review.history import History
from improve.shared import clock

#: An idea is known to be tried, or not, only after ninety days: so many more months are read.
_MORE_MONTHS = 4


def history(
    actor: Actor,
    *,
    needs: Collection[str],
    team_id: int | None = None,
    service_id: int | None = None,
    calendar: WorkingCalendar | None = None,
) -> History:
    """Return what happened in a team or a service, else in the whole organisation.

    One statement for each need, replies and what was logged by one, and one more for who is there.
    Of the whole council, one more for the months that are summed up.

    ``needs`` are fields of :class:`History`; the others stay empty. ``calendar`` is the team's;
    without one only the council's closing days are left out.
    """
    today = clock.today()
    since = _midnight(months_before(today, MONTHS_SHOWN + _MORE_MONTHS)[0])
    quarters = (*quarters_before(today, QUARTERS_SHOWN), quarter_of(today))
    found: dict[str, Any] = {"quarters": quarters}
    whose: dict[str, Any] = {"team_id": team_id}
    if team_id is None and service_id is not None:
        whose = {"service_id": service_id}
    if whose == {"team_id": None}:
        found |= _of_council(actor, needs, since)
    else:
        found |= _of_ideas(actor, needs, since=since, **whose)
    for name, rows in _OF_HUDDLES.items():
        if name in needs:
            found[name] = tuple(rows(actor, since=since, **whose))
    if "parts" in needs:
        few = 0
        if "service_id" in whose:
            people, few = staff.staff_of_service(actor, whose["service_id"], fewest=FEWEST_PEOPLE)
        else:
            people = staff.active_staff(actor, team_id)
        asked: dict[str, Any] = {
            "spans": [_midnight(first) for first in quarters],
            "recent": _midnight(today - timedelta(days=RECENT_DAYS)),
            "person_ids": [p.person_id for p in people] if any(whose.values()) else None,
        }
        found["few_apart"] = few
        found["staff"] = tuple((p.person_id, clock.local(p.since).toordinal()) for p in people)
        found["parts"] = tuple(taking_part.parts(actor, **asked, also=[huddle_flow.drivers(actor)]))
    return History(
        today=today,
        is_team=team_id is not None,
        is_service="service_id" in whose,
        calendar=calendar or WorkingCalendar(closing_days=actor.closing_days),
        **found,
    )


#: Which rows of huddles stand for which field of history.
_OF_HUDDLES: Mapping[str, Callable[..., Sequence[Any]]] = {
    "huddles": huddle_flow.held,
    "actions": huddle_flow.promised,
}


def _of_ideas(actor: Actor, needs: Collection[str], **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "logged" in needs:
        found |= flow.arrivals(actor, **asked)._asdict()
    elif "replies" in needs:
        found["replies"] = flow.replies(actor, **asked)
    if "decisions" in needs:
        found["decisions"] = tuple(flow.decisions(actor, **asked))
    if "stays" in needs:
        found["stays"] = tuple(flow.stays(actor, **asked))
    return found


def _of_council(actor: Actor, needs: Collection[str], since: datetime) -> dict[str, Any]:
    """Months that are summed up, and beside them what is open or was finished since.

    To read them is a statement more: for one chart of what is counted quickly it is not worth it.
    """
    if "stays" not in needs and len(_SUMMED.intersection(needs)) < _WORTH_IT:
        return _of_ideas(actor, needs, since=since)
    kept = kept_months(actor, since=since)
    found = _of_ideas(actor, needs, since=since, among=kept.besides)
    both = {name: rows + found.get(name, ()) for name, rows in kept.sums._asdict().items()}
    return {name: rows for name, rows in both.items() if name in needs or "stays" in needs}


#: What is summed up for each month of a council.
_SUMMED = frozenset({"replies", "logged", "decisions", "stays"})
_WORTH_IT = 2


def _midnight(day: date) -> datetime:
    return clock.at_local(day, 0)
