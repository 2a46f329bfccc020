"""Measures with all that stands on them: tests, numbers, lines people drew, this week's taps.

The measures and their tests are one statement; all the rest, of all of them, is another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy import Date as DateType
from sqlalchemy import Float as FloatType

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.measures.huddle_views import HuddleTally
from improve.measures.lines import BaselineView, DrawnLines, MiddleLineView
from improve.measures.models import (
    Baseline,
    Measure,
    MiddleLine,
    Observation,
    Tally,
    TallyTap,
    TestWindow,
)
from improve.measures.queries.measures import all_measures_query
from improve.measures.tally_counts import TallyCounts, week_of
from improve.measures.trials import Series
from improve.measures.views import MeasureView, ObservationView, WindowView
from improve.shared import clock
from improve.shared.db import JSON_TYPE, UTCDateTime, db


@dataclass(slots=True)
class Standing:
    """A measure with all that stands on it; ``entered`` is when each of its numbers came."""

    measure: MeasureView
    windows: list[WindowView] = field(default_factory=list)
    points: list[ObservationView] = field(default_factory=list)
    entered: list[datetime] = field(default_factory=list)
    baselines: list[BaselineView] = field(default_factory=list)
    lines: list[MiddleLineView] = field(default_factory=list)
    tallies: dict[int, HuddleTally] = field(default_factory=dict)

    @property
    def drawn(self) -> DrawnLines:
        """The lines that people drew on it."""
        return DrawnLines(tuple(self.baselines), tuple(self.lines))

    @property
    def series(self) -> Series:
        """All that it is read from."""
        return Series(self.measure, tuple(self.points), tuple(self.windows), self.drawn)


def is_tapped() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a tally that people tap today."""
    return (
        Tally.closed_at.is_(None),
        or_(Tally.ends_on.is_(None), Tally.ends_on >= clock.today()),
    )


def standing_of(
    actor: Actor,
    which: ColumnElement[bool],
    *,
    since: datetime | None = None,
    today: date | None = None,
) -> dict[int, Standing]:
    """Return measures of the organisation by id with all that stands on them: two statements.

    Taps are those of the week of ``today``; one whose point came since ``since`` says so.
    """
    found: dict[int, Standing] = {}
    windows = select(*_WINDOW_COLUMNS).subquery("windows")
    rows = db.session.execute(
        all_measures_query()
        .add_columns(*windows.c)
        .outerjoin(windows, windows.c.window_measure_id == Measure.id)
        .where(Measure.organisation_id == actor.organisation_id, which)
        .order_by(Measure.id, windows.c.starts_on, windows.c.window_id)
    )
    width = len(_WINDOW_COLUMNS)
    for row in rows:
        view = MeasureView(*row[:-width])
        one = found.setdefault(view.id, Standing(view))
        if row[-width] is not None:
            one.windows.append(_window(view, row[-width:]))
    if found:
        _fill(actor, found, since, week_of(today or clock.today()))
    return found


_WINDOW_COLUMNS: Final = (
    TestWindow.id.label("window_id"),
    TestWindow.measure_id.label("window_measure_id"),
    TestWindow.idea_id,
    TestWindow.cycle_number,
    TestWindow.place,
    TestWindow.label,
    TestWindow.starts_on,
    TestWindow.ends_on,
    TestWindow.is_judged,
    TestWindow.is_current,
    TestWindow.verdict_code,
    TestWindow.verdict_facts,
    TestWindow.decided_on,
)


def _window(view: MeasureView, row: Sequence[Any]) -> WindowView:
    (window_id, _, idea_id, cycle_number, place, label, starts_on, ends_on, *rest) = row
    is_judged, is_current, verdict_code, verdict_facts, decided_on = rest
    return WindowView(
        id=window_id,
        idea_id=idea_id,
        cycle_number=cycle_number,
        measure_id=view.id,
        measure_name=view.name,
        better_when=view.better_when,
        place=place,
        label=label,
        starts_on=starts_on,
        ends_on=ends_on,
        is_judged=is_judged,
        is_current=is_current,
        verdict_code=verdict_code,
        verdict_facts=verdict_facts or {},
        decided_on=decided_on,
    )


#: The columns of everything that stands on a measure, and what stands in those it has not.
_COLUMNS: Final[dict[str, Any]] = {
    "id": Integer(),
    "measure_id": Integer(),
    "day": DateType(),
    "until": DateType(),
    "value": FloatType(),
    "numerator": FloatType(),
    "denominator": FloatType(),
    "raw_values": JSON_TYPE,
    "words": Text(),
    "reason": Text(),
    "at": UTCDateTime(),
    "idea_id": Integer(),
    "answer": Integer(),
    "taps": Integer(),
}
_POINT, _BASELINE, _LINE, _TAPS = "1 point", "2 baseline", "3 line", "4 taps"


def _columns(what: str, **columns: Any) -> Any:
    return select(
        literal(what).label("what"),
        *(
            (columns[name] if name in columns else cast(null(), kind)).label(name)
            for name, kind in _COLUMNS.items()
        ),
    )


def _fill(actor: Actor, found: dict[int, Standing], since: datetime | None, week: date) -> None:
    """Read the numbers, lines and taps of measures that were looked up already."""
    ids = sorted(found)
    taps = (
        select(TallyTap.tally_id, TallyTap.answer, func.count().label("taps"))
        .where(TallyTap.week_on == week, TallyTap.is_undone.is_(False))
        .group_by(TallyTap.tally_id, TallyTap.answer)
        .subquery("taps_of_week")
    )
    everything = union_all(
        _columns(
            _POINT,
            id=Observation.id,
            measure_id=Observation.measure_id,
            day=Observation.period_start,
            value=Observation.value,
            numerator=Observation.numerator,
            denominator=Observation.denominator,
            raw_values=Observation.raw_values,
            words=Observation.note,
            reason=Observation.excluded_reason,
            at=Observation.entered_at,
        ).where(Observation.measure_id.in_(ids)),
        _columns(
            _BASELINE,
            id=Baseline.id,
            measure_id=Baseline.measure_id,
            day=Baseline.starts_on,
            until=Baseline.ends_on,
            reason=Baseline.reason,
            at=Baseline.set_at,
            idea_id=Baseline.idea_id,
        ).where(Baseline.measure_id.in_(ids), Baseline.removed_at.is_(None)),
        _columns(
            _LINE,
            id=MiddleLine.id,
            measure_id=MiddleLine.measure_id,
            day=MiddleLine.starts_on,
            reason=MiddleLine.reason,
            at=MiddleLine.drawn_at,
        ).where(MiddleLine.measure_id.in_(ids), MiddleLine.removed_at.is_(None)),
        _columns(
            _TAPS,
            id=Tally.id,
            measure_id=Tally.measure_id,
            day=Tally.starts_on,
            words=Tally.question,
            reason=Tally.answers,
            idea_id=Tally.idea_id,
            answer=taps.c.answer,
            taps=taps.c.taps,
        )
        .outerjoin(taps, taps.c.tally_id == Tally.id)
        .where(Tally.measure_id.in_(ids), *is_tapped()),
    ).subquery("everything")
    rows = db.session.execute(
        select(everything).order_by(
            everything.c.what, everything.c.measure_id, everything.c.day, everything.c.id
        )
    )
    counted: dict[int, dict[int, int]] = defaultdict(dict)
    for row in rows:
        one = found[row.measure_id]
        if row.what == _POINT:
            one.points.append(_point(row))
            one.entered.append(row.at)
        elif row.what == _BASELINE:
            one.baselines.append(
                BaselineView(
                    row.id, row.measure_id, row.idea_id, row.day, row.until, row.reason, "", row.at
                )
            )
        elif row.what == _LINE:
            one.lines.append(
                MiddleLineView(row.id, row.measure_id, row.day, row.reason, "", row.at)
            )
        else:
            if row.taps:
                counted[row.id][row.answer] = row.taps
            one.tallies[row.id] = HuddleTally(
                id=row.id,
                measure_id=row.measure_id,
                idea_id=row.idea_id,
                question=row.words,
                counts=TallyCounts(row.reason, counted[row.id]),
                measure_name=one.measure.name,
            )
    for one in found.values():
        for tally in one.tallies.values():
            one.tallies[tally.id] = _as_it_stands(actor, one, tally, since, week)


def _point(row: Any) -> ObservationView:
    return ObservationView(
        row.measure_id,
        row.day,
        row.value,
        row.numerator,
        row.denominator,
        row.words or "",
        row.id,
        row.raw_values,
        row.reason or "",
    )


def _as_it_stands(
    actor: Actor, one: Standing, tally: HuddleTally, since: datetime | None, week: date
) -> HuddleTally:
    """Say whether this week's taps are on the chart, and came there since the huddle began."""
    at = next((n for n, point in enumerate(one.points) if point.period_start == week), None)
    is_on_chart = False
    if at is not None:
        point = one.points[at]
        reads = (point.numerator, point.denominator) if point.denominator else (point.value, None)
        is_on_chart = reads == (float(tally.counts.top), tally.counts.bottom)
    came = at is not None and since is not None and one.entered[at] >= since
    is_open = one.measure.closed_on is None and not tally.counts.is_gap
    team_id = one.measure.team_id
    return replace(
        tally,
        is_on_chart=is_on_chart,
        has_come=is_on_chart and came,
        may_settle=is_open
        and not is_on_chart
        and team_id is not None
        and may(actor, Permission.DEFINE_MEASURE, team_id=team_id),
    )
