"""The chart to draw: which points make the baseline, its frozen centre and limits, the marks.

The product reads every chart by one rule set: the NHS four rules where there are limits, Anhøj's
two on a run chart. Baseline and points since the change are judged as two stretches, so that no
run reaches across the change; qicharts2 pools them after a freeze, which is why this is not
``control_chart``.

Decided here, and different from the reference packages:

* Missing and excluded points are stepped over by runs and trends, not broken by them; a moving
  range still never bridges a gap.
* No limits below 12 baseline points (dots and median only), and none where the baseline does
  not vary (screened spread of 0, or a share of 0 or 1 throughout): zero-width limits would
  mark every later point.
* A chart that needs denominators becomes an XmR chart where some point has none.
* A new middle line parts a measure into phases, each a chart of its own; while a test is judged
  a later line never reaches what it is judged by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from improve.measures.spc.anhoej import FEWEST_USEFUL, Runs, runs
from improve.measures.spc.arithmetic import CannotChart, side_of
from improve.measures.spc.limits import CHARTS, Lines, centre_of, lines_of
from improve.measures.spc.making_data_count import xmr_lines
from improve.measures.spc.marking import marks_of
from improve.measures.spc.plotted import RATIO_CHARTS, Plotted, PlottedRows
from improve.measures.spc.series import (
    AnalysedPoint,
    ChartAnalysis,
    Observed,
    Part,
    Phase,
    rule_set_for,
)
from improve.measures.spc.stretches import (
    MOST_BEFORE,
    Window,
    baseline_cut_on,
    cuts_of,
    parts_of_phase,
)
from improve.measures.spc.subgroups import Subgroup

__all__ = [
    "FEWEST_BEFORE",
    "FEWEST_FOR_LIMITS",
    "MOST_BEFORE",
    "SAME_VALUES_NOTE",
    "Window",
    "analyse_series",
    "baseline_subgroups",
]

FEWEST_BEFORE = 8
"""Fewer baseline points than this are no baseline."""

FEWEST_FOR_LIMITS = 12
"""Limits are drawn from this many baseline points on."""

NO_NEIGHBOURS_NOTE = "No limits: no two points stand next to each other."
SAME_VALUES_NOTE = "No limits: these points hardly differ, so there is nothing to draw them from."
BY_NEIGHBOURS = frozenset({"i", "pp", "up", "t"})
"""Charts whose limits come from how far neighbours differ."""
ONE_EACH_NOTE = "No limits: an x-bar chart needs two or more values for each point."


def analyse_series(
    observations: Sequence[Observed] | PlottedRows,
    *,
    chart: str,
    starts_on: date | None = None,
    first_judged_on: date | None = None,
    ends_on: date | None = None,
    baseline_from: date | None = None,
    baseline_to: date | None = None,
    new_lines_on: Sequence[date] = (),
    unit: str = "",
    multiply: float | None = None,
    is_screened: bool = True,
) -> ChartAnalysis:
    """Analyse a measure's series for drawing and judging.

    ``chart`` is one of ``limits.CHARTS`` but ``mr`` (see ``companion.moving_ranges``).
    ``starts_on`` is the day the test being judged began; points from that day (to ``ends_on`` if
    given) are *after*. The baseline is the last 24 usable points before the idea's first judged
    cycle (``first_judged_on``, by default ``starts_on``); ``baseline_from`` / ``baseline_to``,
    set by a person, replace that choice: with ``baseline_from`` all points from that day count.
    Without ``starts_on`` the baseline is the whole series (or the chosen dates) and later points
    are measured against it.

    ``new_lines_on`` are the first days of new phases; each begins at the first point from that
    day on. Without a test every phase is analysed by itself, each point has the lines of its
    phase, and the answer's own centre and limits are the newest phase's. With a test a line
    before the first judged day cuts the baseline, unless a person chose one; lines from that day
    on change nothing that the verdict rests on and stand in ``phases`` only.

    ``multiply`` turns ratios into what people read: 100 by default for the unit ``%``, else 1; a
    rate per 1,000 has 1000. ``is_screened`` leaves far-out moving ranges out of the spread (XmR,
    t, p′, u′). Rows that were plotted already, to choose the chart, bring their own factor.

    The centre is the mean on an XmR or c chart, sum over sum on p and u charts, the median on a
    run or g chart: the line that is drawn is the line that is judged by. With a test and fewer
    than 8 points before it there is no centre.

    Refuses with CannotChart an unknown chart, a numerator over a denominator of 0, and a share
    above 1. A t chart with a time of 0 is drawn as a run chart, and the note says so.
    """
    if chart not in CHARTS or chart == "mr":
        raise CannotChart(f"There is no “{chart}” chart here.")
    window = Window(
        starts_on, first_judged_on, ends_on, baseline_from, baseline_to, tuple(new_lines_on)
    )
    if isinstance(observations, PlottedRows):
        rows = observations
    else:
        rows = PlottedRows(
            observations, multiply if multiply is not None else 100.0 if unit == "%" else 1.0
        )
    series = rows.on(chart)
    cuts = cuts_of(series.points, window)
    drawing = _Drawing(chart, is_screened)
    if window.is_test:
        parts = rows.parts(series, window)
        read = drawing.read(series, parts, is_test=True)
        points = read.points
        later = [at for at in cuts if series.points[at].x >= window.judged_from]
        phases = [
            drawing.read(part, [Part.BASELINE] * len(part.points), where=_SINCE_LINE)
            for part in _between(series, later)
        ]
    elif not cuts:
        parts = rows.parts(series, window)
        read = drawing.read(series, parts)
        points = read.points
        phases = []
    else:
        phases = [
            drawing.read(
                part,
                parts_of_phase(part.points, part.usable, window),
                where=_SINCE_LINE,
            )
            for part in _between(series, [0, *cuts])
        ]
        read = phases[-1]
        earlier = [replace(p, part=Part.EARLIER) for phase in phases[:-1] for p in phase.points]
        points = [*earlier, *read.points]
    return ChartAnalysis(
        chart=read.chart,
        asked_chart=chart,
        rule_set=rule_set_for(read.chart),
        points=tuple(points),
        unit=unit,
        multiply=rows.factor,
        centre=read.centre,
        centre_word=read.centre_word,
        centre_after=read.centre_after,
        has_limits=read.has_limits,
        limits_note=read.note,
        has_runs_signal=read.has_runs_signal,
        starts_on=starts_on,
        phases=tuple(
            phase.as_phase(is_newest=number == len(phases))
            for number, phase in enumerate(phases, start=1)
        ),
        ends_on=ends_on,
        line_cuts_baseline_on=baseline_cut_on(series.points, series.usable, window),
        decimals=series.decimals,
    )


_SINCE_LINE = " since the new middle line"


def baseline_subgroups(
    observations: Sequence[Observed] | PlottedRows, *, chart: str, window: Window
) -> list[Subgroup]:
    """The baseline's plotted points that count, as ``analyse_series`` would take them.

    Ratios are shares, not percentages. For choosing a chart before drawing one.
    """
    rows = observations
    if not isinstance(rows, PlottedRows):
        rows = PlottedRows(rows, 1.0)
    series = rows.on(chart)
    parts = rows.parts(series, window)
    return [
        p
        for p, is_in, part in zip(series.points, series.usable, parts, strict=True)
        if is_in and part is Part.BASELINE
    ]


def _between(series: Plotted, cuts: Sequence[int]) -> list[Plotted]:
    """The points from each cut to the next, the last to the end."""
    return [series.cut(start, stop) for start, stop in pairwise([*cuts, len(series.points)])]


@dataclass(frozen=True, slots=True)
class _Read:
    """One stretch drawn by its own baseline; lines and values in units people read."""

    chart: str
    points: list[AnalysedPoint]
    centre: float | None
    centre_word: str
    centre_after: float | None
    has_limits: bool
    note: str
    has_runs_signal: bool

    def as_phase(self, *, is_newest: bool) -> Phase:
        return Phase(
            starts_on=self.points[0].x,
            ends_on=None if is_newest else self.points[-1].x,
            centre=self.centre,
            centre_word=self.centre_word,
            n_points=sum(point.is_usable for point in self.points),
            lower=tuple([point.lower for point in self.points]),
            upper=tuple([point.upper for point in self.points]),
            x=tuple([point.x for point in self.points]),
            chart=self.chart,
            limits_note=self.note,
        )


@dataclass(frozen=True, slots=True)
class _Drawing:
    """How the stretches of one series are drawn."""

    asked: str
    is_screened: bool

    def read(
        self,
        series: Plotted,
        parts: Sequence[Part],
        *,
        is_test: bool = False,
        where: str = "",
    ) -> _Read:
        """Draw ``series`` by its baseline, which ``parts`` names."""
        points, usable = series.points, series.usable
        excluded, sizes = series.is_excluded, series.sizes
        drawn = "i" if self.asked in RATIO_CHARTS and not series.is_ratio else self.asked
        note = ""
        n_base = sum(
            part is Part.BASELINE and is_in for part, is_in in zip(parts, usable, strict=True)
        )
        if drawn != "run" and n_base < FEWEST_FOR_LIMITS:
            drawn = "run"
            where = " before the change" if is_test else where
            note = f"Limits appear at 12 points{where}; there are {n_base}."
        in_base = [
            part is Part.BASELINE and not left
            for part, left in zip(parts, series.is_excluded, strict=True)
        ]
        try:
            lines = self._lines(drawn, points, in_base)
        except CannotChart as refusal:
            drawn, note = "run", str(refusal)
            lines = self._lines(drawn, points, in_base)
        if is_test and n_base < FEWEST_BEFORE:
            lines = _without_limits(len(points), None)
        has_limits = any(side_of(up, low) for up, low in zip(lines.upper, lines.lower, strict=True))
        if not has_limits:
            lines = _without_limits(len(points), lines.centre)
            if drawn != "run":
                note = _no_limits_note(
                    drawn, [p for p, is_in in zip(points, in_base, strict=True) if is_in]
                )
        marks = marks_of(points, usable, parts, lines, drawn, is_test=is_test)
        base_runs = _runs(points, usable, parts, lines.centre)
        scaled = lines.times(series.scale)
        lower, upper, scale = scaled.lower, scaled.upper, series.scale
        return _Read(
            chart=drawn,
            points=[
                AnalysedPoint(
                    x=p.x,
                    value=None if p.value is None else p.value * scale,
                    denominator=p.denominator,
                    centre=scaled.centre,
                    lower=lower[i],
                    upper=upper[i],
                    signals=marks[i],
                    side=side_of(p.value, lines.centre),
                    is_excluded=excluded[i],
                    part=parts[i],
                    size=sizes[i],
                )
                for i, p in enumerate(points)
            ],
            centre=scaled.centre,
            centre_word="median" if drawn in {"run", "g"} else "mean",
            centre_after=_centre_after(drawn, series, parts),
            has_limits=has_limits,
            note=note,
            has_runs_signal=base_runs.n_useful >= FEWEST_USEFUL and base_runs.is_signal,
        )

    def _lines(self, chart: str, points: Sequence[Subgroup], in_base: Sequence[bool]) -> Lines:
        if chart != "i":
            return lines_of(chart, points, in_base, is_screened=self.is_screened)
        base = [p.value for p, is_in in zip(points, in_base, strict=True) if is_in]
        xmr = xmr_lines(base, is_screened=self.is_screened)
        n = len(points)
        return Lines(
            xmr.mean, [xmr.lower] * n, [xmr.upper] * n, [xmr.near_lower] * n, [xmr.near_upper] * n
        )


def _no_limits_note(chart: str, base: Sequence[Subgroup]) -> str:
    """Why a chart with enough baseline points has no limits."""
    if chart == "xbar" and max((p.size for p in base), default=0) < 2:
        return ONE_EACH_NOTE
    values = [p.value for p in base]
    if chart in BY_NEIGHBOURS and all(None in pair for pair in pairwise(values)):
        return NO_NEIGHBOURS_NOTE
    return SAME_VALUES_NOTE


def _without_limits(n: int, centre: float | None) -> Lines:
    none: list[float | None] = [None] * n
    return Lines(centre, none, none, none, none)


def _centre_after(chart: str, series: Plotted, parts: Sequence[Part]) -> float | None:
    after = [
        p
        for p, is_in, part in zip(series.points, series.usable, parts, strict=True)
        if is_in and part is Part.AFTER
    ]
    centre = centre_of(chart, after)
    return None if centre is None else centre * series.scale


def _runs(
    points: Sequence[Subgroup],
    usable: Sequence[bool],
    parts: Sequence[Part],
    centre: float | None,
) -> Runs:
    return runs(
        side_of(p.value, centre)
        for p, is_in, part in zip(points, usable, parts, strict=True)
        if is_in and part is Part.BASELINE
    )
