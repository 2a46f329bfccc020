"""The moving range chart that goes under an XmR chart: how far each point is from the last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from improve.measures.spc.arithmetic import mean, side_of
from improve.measures.spc.constants import D4_OF_TWO
from improve.measures.spc.series import (
    AnalysedPoint,
    ChartAnalysis,
    Part,
    Phase,
    Signal,
    rule_set_for,
)

Range = tuple[float, bool]  # the distance, and whether both its ends are baseline


def moving_ranges(analysis: ChartAnalysis) -> ChartAnalysis:
    """The moving ranges of a chart's points, stretch for stretch as on the chart above.

    The centre is their mean over the baseline, the upper limit 3.267 times that (never
    screened), the lower 0; limits only where the chart above has them. The first point has no
    range, nor has the first of a phase, one without a value or one after a gap; an excluded
    point is stepped over. A range beyond the limit is marked; runs of ranges mean nothing, since
    neighbours share a point.
    """
    is_phased = analysis.starts_on is None and bool(analysis.phases)
    begins = {phase.x[0] for phase in analysis.phases} if is_phased else set()
    ranges = _ranges(analysis, begins)
    points: list[AnalysedPoint] = []
    phases: list[Phase] = []
    spans = _spans(analysis, begins)
    for number, span in enumerate(spans, start=1):
        drawn, centre = _drawn(span, ranges)
        points += drawn
        if is_phased:
            phases.append(_phase(drawn, centre, is_newest=number == len(spans)))
    centre = points[-1].centre if points else None
    after = [p.value for p in points if p.part is Part.AFTER and p.value is not None]
    return replace(
        analysis,
        chart="mr",
        asked_chart="mr",
        rule_set=rule_set_for("mr"),
        points=tuple(points),
        centre=centre,
        centre_word="mean",
        centre_after=mean(after),
        has_limits=any(p.upper is not None for p in points),
        has_runs_signal=False,
        phases=tuple(phases),
    )


def _ranges(analysis: ChartAnalysis, begins: set[date]) -> dict[date, Range]:
    """The range that ends at each date that has one."""
    found: dict[date, Range] = {}
    before: AnalysedPoint | None = None
    for point in analysis.points:
        if point.x in begins or (point.value is None and not point.is_excluded):
            before = None
        if not point.is_usable or point.value is None:
            continue
        if before is not None and before.value is not None:
            is_base = before.part is point.part
            found[point.x] = (abs(point.value - before.value), is_base)
        before = point
    return found


def _spans(analysis: ChartAnalysis, begins: set[date]) -> list[list[AnalysedPoint]]:
    spans: list[list[AnalysedPoint]] = []
    for point in analysis.points:
        if not spans or point.x in begins:
            spans.append([])
        spans[-1].append(point)
    return spans


def _drawn(
    span: list[AnalysedPoint], ranges: dict[date, Range]
) -> tuple[list[AnalysedPoint], float | None]:
    has_baseline = any(p.part is Part.BASELINE for p in span)
    centre = mean(
        ranges[p.x][0]
        for p in span
        if p.x in ranges and ranges[p.x][1] and (p.part is Part.BASELINE or not has_baseline)
    )
    has_limits = bool(centre) and any(p.upper is not None for p in span)
    upper = D4_OF_TWO * centre if centre and has_limits else None
    drawn = []
    for p in span:
        value = ranges[p.x][0] if p.x in ranges else None
        is_out = side_of(value, upper) > 0
        drawn.append(
            replace(
                p,
                value=value,
                denominator=None,
                centre=centre,
                lower=0.0 if has_limits else None,
                upper=upper,
                signals=(Signal.OUTSIDE_LIMITS,) if is_out else (),
                side=side_of(value, centre),
                size=None,
            )
        )
    return drawn, centre


def _phase(drawn: list[AnalysedPoint], centre: float | None, *, is_newest: bool) -> Phase:
    return Phase(
        starts_on=drawn[0].x,
        ends_on=None if is_newest else drawn[-1].x,
        centre=centre,
        centre_word="mean",
        n_points=sum(p.value is not None for p in drawn),
        lower=tuple([p.lower for p in drawn]),
        upper=tuple([p.upper for p in drawn]),
        x=tuple([p.x for p in drawn]),
        chart="mr",
    )
