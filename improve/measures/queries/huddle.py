"""Numbers as a huddle looks at them: what is new, this week's taps, one chart.

Each reads its measures in two statements (``queries.standing``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import and_, func, or_, select

from improve.accounts.actor import Actor
from improve.measures.huddle_views import (
    HuddleChart,
    HuddleMeasure,
    HuddleTally,
    news_of,
)
from improve.measures.models import Measure, Observation, Tally
from improve.measures.queries.pages import read_beside
from improve.measures.queries.standing import Standing, is_tapped, standing_of
from improve.measures.reading import newest_judged, read
from improve.shared import clock

#: How many measures with new numbers are looked at for news, the newest first.
MEASURES_MOST: Final = 40
#: What is new in a team's first huddle.
FIRST_LOOK: Final = timedelta(days=7)


def for_huddle(
    actor: Actor, team_id: int, since: datetime | None, *, today: date | None = None
) -> list[HuddleMeasure]:
    """Return what a team's numbers say that is new, then the measures with taps this week.

    Two statements. ``since`` is when the last huddle began, None before the first: then a week
    ago. A measure stands once, news before taps, by name. At most 40 measures are looked at.
    """
    since = since or clock.now() - FIRST_LOOK
    has_tally = select(Tally.measure_id).where(
        Tally.organisation_id == actor.organisation_id, Tally.team_id == team_id, *is_tapped()
    )
    came = (
        select(Observation.measure_id)
        .join(Measure, Measure.id == Observation.measure_id)
        .where(Measure.team_id == team_id, Observation.entered_at >= since)
        .group_by(Observation.measure_id)
        .order_by(func.max(Observation.entered_at).desc(), Observation.measure_id)
        .limit(MEASURES_MOST)
    )
    standing = standing_of(
        actor,
        and_(
            Measure.team_id == team_id,
            Measure.closed_on.is_(None),
            or_(Measure.id.in_(came), Measure.id.in_(has_tally)),
        ),
        today=today,
    )
    found = [made for one in standing.values() if (made := _news(one, since))]
    return sorted(found, key=lambda one: (not one.is_news, one.name, one.measure_id))


def _news(one: Standing, since: datetime) -> HuddleMeasure | None:
    told = news_of(one.series, one.entered, since)
    taps = [t.counts.short_words for t in one.tallies.values() if not t.counts.is_gap]
    if not told and not taps:
        return None
    by = newest_judged(one.windows)
    facts = by.verdict_facts if by else {}
    return HuddleMeasure(
        measure_id=one.measure.id,
        name=one.measure.name,
        note=told or taps[0],
        is_news=bool(told),
        n_after=facts.get("n_after"),
        needed=facts.get("needed_after"),
    )


@dataclass(frozen=True, slots=True)
class HuddleNumbers:
    """What the thing that a huddle looks at has of numbers: its chart and this week's taps."""

    chart: HuddleChart | None = None
    tallies: tuple[HuddleTally, ...] = ()


def huddle_chart(
    actor: Actor,
    measure_id: int | None,
    *,
    since: datetime,
    idea_id: int | None = None,
    beside_id: int | None = None,
) -> HuddleNumbers:
    """Return a measure's chart and taps for a huddle that began at ``since``: two statements.

    Of an idea by its newest judged test, with what is watched beside it; of a measure by itself
    with its partner. A point that came since is fresh. Nothing where there is no such measure.
    """
    if measure_id is None:
        return HuddleNumbers()
    partner = select(Measure.partner_id).where(
        Measure.id == measure_id, Measure.organisation_id == actor.organisation_id
    )
    wanted = Measure.id.in_(partner) if idea_id is None else Measure.id == beside_id
    standing = standing_of(actor, or_(Measure.id == measure_id, wanted), since=since)
    own = standing.pop(measure_id, None)
    if own is None:
        return HuddleNumbers()
    tallies = tuple(own.tallies.values())
    if not any(o.value is not None or o.numerator is not None for o in own.points):
        return HuddleNumbers(None, tallies)
    windows = own.windows
    by = None
    if idea_id is not None:
        mine = [w for w in windows if w.idea_id == idea_id]
        by = newest_judged(mine)
        windows = windows if by else mine
    reading = read(own.measure, own.points, windows, by=by, drawn=own.drawn)
    beside = next(iter(standing.values()), None)
    return HuddleNumbers(
        HuddleChart(
            reading,
            None
            if beside is None or not beside.points
            else read_beside(beside.measure, reading, beside.windows, beside.points, beside.drawn),
            fresh_on=own.points[-1].period_start if own.entered[-1] >= since else None,
            today=clock.today(),
        ),
        tallies,
    )
