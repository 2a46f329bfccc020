"""Tallies of a team, and what was tapped week by week. Who tapped is kept nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Subquery, bindparam, func, or_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import team_names
from improve.accounts.roles import Permission, may
from improve.measures.models import Measure, Tally, TallyTap, TallyWeek
from improve.measures.queries.measures import measure
from improve.measures.queries.numbers import observations_at
from improve.measures.tally_counts import TallyCounts, week_of
from improve.measures.views import MeasureChoice, MeasureView, ObservationView
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.to_do import ToDoKind, to_do_rows

#: Weeks that the page of a tally looks back on.
WEEKS_SHOWN = 12
TALLIES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class TallyView:
    """A question that is tapped, its team and the measure that its weeks become points of."""

    id: int
    organisation_id: int
    team_id: int
    team_slug: str
    team_name: str
    measure_id: int
    measure_name: str
    idea_id: int | None
    question: str
    answers: str
    starts_on: date
    ends_on: date | None
    created_by_id: int
    closed_at: datetime | None
    version: int

    @property
    def is_open(self) -> bool:
        """Whether it is tapped now."""
        return self.closed_on is None

    @property
    def closed_on(self) -> date | None:
        """The day after which nothing is tapped any more, or None."""
        if self.closed_at is not None:
            return clock.local(self.closed_at).date()
        return self.ends_on if self.ends_on and self.ends_on < clock.today() else None


def _tallies() -> Any:
    teams = team_names()
    return (
        select(
            Tally.id,
            Tally.organisation_id,
            Tally.team_id,
            teams.c.slug,
            teams.c.name,
            Tally.measure_id,
            Measure.name,
            Tally.idea_id,
            Tally.question,
            Tally.answers,
            Tally.starts_on,
            Tally.ends_on,
            Tally.created_by_id,
            Tally.closed_at,
            Tally.version,
        )
        .join(teams, teams.c.id == Tally.team_id)
        .join(Measure, Measure.id == Tally.measure_id)
    )


def tally(actor: Actor, tally_id: int) -> TallyView:
    """Return a tally of the actor's organisation. Raises ``NotFound``."""
    row = db.session.execute(
        _tallies().where(Tally.organisation_id == actor.organisation_id, Tally.id == tally_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return TallyView(*row)


def tallies_of_team(actor: Actor, team_id: int) -> list[TallyView]:
    """Return a team's tallies, open ones first, then the newest."""
    rows = db.session.execute(
        _tallies()
        .where(Tally.organisation_id == actor.organisation_id, Tally.team_id == team_id)
        .order_by(Tally.closed_at.is_not(None), Tally.id.desc())
        .limit(TALLIES_SHOWN)
    )
    return sorted((TallyView(*row) for row in rows), key=lambda t: not t.is_open)


def tallies_to_tap(actor: Actor) -> list[TallyView]:
    """Return what is tapped now in the teams where the actor enters numbers, newest first."""
    teams = [i for i in actor.team_ids if may(actor, Permission.ENTER_DATA, team_id=i)]
    if not teams:
        return []
    today = clock.today()
    rows = db.session.execute(
        _tallies()
        .where(
            Tally.organisation_id == actor.organisation_id,
            Tally.team_id.in_(sorted(teams)),
            Tally.closed_at.is_(None),
            Tally.starts_on <= today,
            or_(Tally.ends_on.is_(None), Tally.ends_on >= today),
        )
        .order_by(Tally.id.desc())
        .limit(TALLIES_SHOWN)
    )
    return [TallyView(*row) for row in rows]


def tally_rows(actor: Actor) -> Any | None:
    """Return what ``tallies_to_tap`` lists as rows of what waits for somebody; None if none may."""
    teams = [i for i in actor.team_ids if may(actor, Permission.ENTER_DATA, team_id=i)]
    if not teams:
        return None
    today, team = clock.today(), team_names()
    return (
        to_do_rows(ToDoKind.TALLY, subject_id=Tally.id, words=Tally.question, about=team.c.name)
        .join(team, team.c.id == Tally.team_id)
        .where(
            Tally.organisation_id == actor.organisation_id,
            Tally.team_id.in_(sorted(teams)),
            Tally.closed_at.is_(None),
            Tally.starts_on <= today,
            or_(Tally.ends_on.is_(None), Tally.ends_on >= today),
        )
        .order_by(Tally.id.desc())
        .limit(TALLIES_SHOWN)
    )


def open_tally_rows() -> Subquery:
    """Return what is tapped now and this week's taps as a plain selectable for the idea's page.

    A row for each tally and answer (both numbers None before the first tap): tally_id, idea_id,
    organisation_id, team_id, question, answers, created_by_id, created_at, answer, taps. The
    caller's own filter of idea and organisation must stand on it, and the statement is run with
    ``open_tally_days()`` besides what it is told.
    """
    taps = (
        select(TallyTap.tally_id, TallyTap.answer, func.count().label("taps"))
        .where(TallyTap.week_on == bindparam("this_week"), TallyTap.is_undone.is_(False))
        .group_by(TallyTap.tally_id, TallyTap.answer)
        .subquery()
    )
    return (
        select(
            Tally.id.label("tally_id"),
            Tally.idea_id,
            Tally.organisation_id,
            Tally.team_id,
            Tally.question,
            Tally.answers,
            Tally.created_by_id,
            Tally.created_at,
            taps.c.answer,
            taps.c.taps,
        )
        .outerjoin(taps, taps.c.tally_id == Tally.id)
        .where(
            Tally.closed_at.is_(None),
            or_(Tally.ends_on.is_(None), Tally.ends_on >= bindparam("today")),
        )
        .subquery("open_tally_rows")
    )


def open_tally_days() -> dict[str, date]:
    """Return the days that a statement with ``open_tally_rows`` in it is told when it runs."""
    return {"today": clock.today(), "this_week": week_of(clock.today())}


def counts_of_weeks(
    actor: Actor, tallies: Sequence[TallyView], weeks: Iterable[date]
) -> dict[tuple[int, date], TallyCounts]:
    """Return what was tapped, by tally and week (its Monday); weeks without a tap are left out."""
    own = {t.id: t for t in tallies if t.organisation_id == actor.organisation_id}
    return _counts({i: t.answers for i, t in own.items()}, TallyTap.week_on.in_(sorted(set(weeks))))


def latest_weeks(actor: Actor, view: TallyView) -> list[tuple[date, TallyCounts]]:
    """Return the newest weeks with taps and what they came to, newest first."""
    newest = (
        select(TallyTap.week_on)
        .join(Tally, Tally.id == TallyTap.tally_id)
        .where(Tally.organisation_id == actor.organisation_id, TallyTap.tally_id == view.id)
        .distinct()
        .order_by(TallyTap.week_on.desc())
        .limit(WEEKS_SHOWN)
    )
    weeks = list(db.session.execute(newest).scalars())
    found = counts_of_weeks(actor, [view], weeks)
    none = TallyCounts(view.answers)
    return [(week, found.get((view.id, week), none)) for week in weeks]


def _counts(answers: dict[int, str], condition: Any) -> dict[tuple[int, date], TallyCounts]:
    rows = db.session.execute(
        select(TallyTap.tally_id, TallyTap.week_on, TallyTap.answer, func.count())
        .where(TallyTap.tally_id.in_(sorted(answers)), TallyTap.is_undone.is_(False), condition)
        .group_by(TallyTap.tally_id, TallyTap.week_on, TallyTap.answer)
        .order_by(TallyTap.tally_id, TallyTap.week_on, TallyTap.answer)
    )
    found: dict[tuple[int, date], dict[int, int]] = defaultdict(dict)
    for tally_id, week_on, answer, count in rows:
        found[tally_id, week_on][answer] = count
    return {key: TallyCounts(answers[key[0]], counts) for key, counts in found.items()}


@dataclass(frozen=True, slots=True)
class TapView:
    """One tap as whoever made it may still take it back."""

    key: str
    week_on: date
    answer: int
    is_undone: bool


def tap(actor: Actor, tally_id: int, key: str) -> TapView | None:
    """Return the tap with this key, if the tally has it."""
    row = db.session.execute(
        select(TallyTap.id, TallyTap.week_on, TallyTap.answer, TallyTap.is_undone)
        .join(Tally, Tally.id == TallyTap.tally_id)
        .where(
            Tally.organisation_id == actor.organisation_id,
            TallyTap.tally_id == tally_id,
            TallyTap.id == key,
        )
    ).one_or_none()
    return TapView(*row) if row else None


def tally_measures(actor: Actor, team_id: int) -> list[MeasureChoice]:
    """Return the team's own open weekly shares and counts: what taps can become points of."""
    rows = db.session.execute(
        select(Measure.id, Measure.name)
        .where(
            Measure.organisation_id == actor.organisation_id,
            Measure.team_id == team_id,
            Measure.closed_on.is_(None),
            Measure.frequency == "week",
            Measure.recorded.in_(("proportion", "count")),
        )
        .order_by(Measure.name, Measure.id)
    )
    return [MeasureChoice(*row) for row in rows]


def settled_weeks(actor: Actor, tally_id: int) -> dict[date, tuple[float, float | None]]:
    """Return what the taps were when each week became a point: (top line, bottom line)."""
    rows = db.session.execute(
        select(TallyWeek.week_on, TallyWeek.numerator, TallyWeek.denominator)
        .join(Tally, Tally.id == TallyWeek.tally_id)
        .where(Tally.organisation_id == actor.organisation_id, TallyWeek.tally_id == tally_id)
        .order_by(TallyWeek.week_on)
    )
    return {week: (top, bottom) for week, top, bottom in rows}


def all_tapped_weeks(weeks: Sequence[date]) -> list[tuple[TallyView, date]]:
    """Return every tally with each of these weeks that it was tapped in. For the nightly run."""
    tapped = (
        select(TallyTap.tally_id, TallyTap.week_on)
        .where(TallyTap.week_on.in_(weeks))
        .distinct()
        .subquery()
    )
    rows = db.session.execute(
        _tallies()
        .add_columns(tapped.c.week_on)
        .join(tapped, tapped.c.tally_id == Tally.id)
        .order_by(tapped.c.week_on, Tally.id)
    )
    return [(TallyView(*row[:-1]), row[-1]) for row in rows]


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One week of a tally: its taps, and the point that stands for it on the chart."""

    week_on: date
    counts: TallyCounts
    point: ObservationView | None
    settled: tuple[float, float | None] | None

    @property
    def is_as_counted(self) -> bool:
        """Whether the chart says what the taps say."""
        return self.point is not None and _reads(self.point) == (
            float(self.counts.top),
            self.counts.bottom,
        )

    @property
    def is_changed_by_hand(self) -> bool:
        """Whether a person changed the point since the taps made it, or took it out."""
        now = None if self.point is None else _reads(self.point)
        return now != self.settled and not self.is_as_counted


def _reads(point: ObservationView) -> tuple[float | None, float | None]:
    return (point.numerator, point.denominator) if point.denominator else (point.value, None)


@dataclass(frozen=True, slots=True)
class TallyPage:
    """A tally, this week of it, and the weeks before, newest first."""

    tally: TallyView
    measure: MeasureView
    now: WeekRow
    before: tuple[WeekRow, ...]

    @property
    def mark(self) -> str:
        """A short text that changes when what the page shows does."""
        shown = [self.now.week_on.isoformat(), self.now.counts.mark, str(self.tally.version)]
        return "~".join([*shown, "point" if self.now.is_as_counted else ""])


def tally_page(actor: Actor, tally_id: int) -> TallyPage:
    """Return a tally with this week's taps and the weeks before. Raises ``NotFound``."""
    view = tally(actor, tally_id)
    this_week = week_of(clock.today())
    weeks = dict(latest_weeks(actor, view))
    weeks.setdefault(this_week, TallyCounts(view.answers))
    points = observations_at(actor, view.measure_id, list(weeks))
    settled = settled_weeks(actor, tally_id)
    rows = [
        WeekRow(week, counts, points.get(week), settled.get(week))
        for week, counts in sorted(weeks.items(), reverse=True)
    ]
    return TallyPage(
        view,
        measure(actor, view.measure_id),
        next(row for row in rows if row.week_on == this_week),
        tuple(row for row in rows if row.week_on < this_week),
    )
