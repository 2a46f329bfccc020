"""Centre line and limits of every kind of chart, from the points of a baseline.

One function per kind. Each takes all plotted points and which of them make the baseline, and
answers lines for all points, so that a frozen baseline carries through. Limits stand three
standard deviations from the centre; the *near* lines two. Values are shares, not percentages:
``multiply`` comes after.

Formulas as in qicharts2 0.8.1, after Montgomery (i, mr, p, u, c, x-bar), Laney 2002 (p′, u′),
Benneyan 2001 (g) and Nelson 1994 (t).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from improve.measures.spc.arithmetic import CannotChart, mean, median, moving_ranges
from improve.measures.spc.constants import (
    D2_OF_TWO,
    D4_OF_TWO,
    NEAR_SIGMAS,
    SIGMAS,
    T_POWER,
    a3,
)
from improve.measures.spc.subgroups import Subgroup

Limit = float | None


@dataclass(frozen=True, slots=True)
class Lines:
    """The centre, and per point the limits (3 sigma) and near lines (2 sigma)."""

    centre: float | None
    lower: list[Limit]
    upper: list[Limit]
    near_lower: list[Limit]
    near_upper: list[Limit]

    def times(self, factor: float) -> Lines:
        """All lines in the units people read."""
        if factor == 1:
            return self
        return Lines(
            None if self.centre is None else self.centre * factor,
            *(
                [None if value is None else value * factor for value in line]
                for line in (self.lower, self.upper, self.near_lower, self.near_upper)
            ),
        )


def lines_of(
    chart: str,
    points: Sequence[Subgroup],
    baseline: Sequence[bool],
    *,
    is_screened: bool = True,
) -> Lines:
    """Centre and limits of ``chart`` for every point, from those where ``baseline`` is true.

    ``mr`` expects the moving ranges as values. ``is_screened`` leaves out moving ranges far
    beyond the rest (see :func:`mean_moving_range`); it bears on i, t, p′ and u′ only. Refuses
    with CannotChart a t chart of values not above 0, and KeyError for an unknown chart.
    """
    base = [p for p, is_in in zip(points, baseline, strict=True) if is_in]
    return _LINES[chart](points, base, is_screened)


def mean_moving_range(values: Sequence[float | None], *, is_screened: bool = True) -> float | None:
    """Mean distance between neighbours, or None where none is left.

    Screening (Nelson 1982) drops, once, every range of at least 3.267 times the mean and
    averages the rest. A series that never moves is left with none.
    """
    ranges = [value for value in moving_ranges(values) if value is not None]
    average = mean(ranges)
    if average is None or not is_screened:
        return average
    return mean(value for value in ranges if value < D4_OF_TWO * average)


def laney_sigma_z(points: Sequence[Subgroup], centre: float | None, *, is_share: bool,
                  is_screened: bool = True) -> float | None:  # fmt: skip
    """How much more (above 1) or less the points vary than chance alone would have it.

    Mean moving range of z_i = (ratio_i - centre) / sd_i, over 1.128 (Laney 2002). None where
    nothing varies. ``is_share`` takes binomial sd (p), else Poisson (u). Not floored at 1.
    """
    if centre is None:
        return None
    z: list[float | None] = []
    for point in points:
        sd = _ratio_sd(point, centre, is_share=is_share)
        z.append((point.value - centre) / sd if point.value is not None and sd else None)
    average = mean_moving_range(z, is_screened=is_screened)
    return None if average is None else average / D2_OF_TWO


def ratio_centre(base: Sequence[Subgroup]) -> float | None:
    """Sum of numerators over sum of denominators, or None without any denominator."""
    known = [p for p in base if p.numerator is not None and p.denominator is not None]
    whole = fsum(p.denominator or 0.0 for p in known)
    return fsum(p.numerator or 0.0 for p in known) / whole if whole else None


def _values(base: Sequence[Subgroup]) -> list[float]:
    return [p.value for p in base if p.value is not None]


def _spread(
    centre: float | None,
    deviations: Sequence[float | None],
    *,
    floor: float | None = None,
    ceiling: float | None = None,
) -> Lines:
    """Lines at 3 and 2 standard deviations, per point, cut off at floor and ceiling."""

    def line(sigmas: float) -> list[Limit]:
        answer: list[Limit] = []
        for sd in deviations:
            if centre is None or sd is None:
                answer.append(None)
                continue
            value = centre + sigmas * sd
            if floor is not None and value < floor:
                value = floor
            if ceiling is not None and value > ceiling:
                value = ceiling
            answer.append(value)
        return answer

    return Lines(centre, line(-SIGMAS), line(SIGMAS), line(-NEAR_SIGMAS), line(NEAR_SIGMAS))


def _run(points: Sequence[Subgroup], base: Sequence[Subgroup], _is_screened: bool) -> Lines:
    return _spread(median(_values(base)), [None] * len(points))


def _individuals(points: Sequence[Subgroup], base: Sequence[Subgroup], is_screened: bool) -> Lines:
    values = [p.value for p in base]
    average = mean_moving_range(values, is_screened=is_screened)
    sd = None if average is None else average / D2_OF_TWO
    return _spread(mean(_values(base)), [sd] * len(points))


def _moving_range(
    points: Sequence[Subgroup], base: Sequence[Subgroup], _is_screened: bool
) -> Lines:
    centre = mean(_values(base))
    if centre is None:
        return _spread(None, [None] * len(points))
    upper = D4_OF_TWO * centre
    near = upper * NEAR_SIGMAS / SIGMAS  # two thirds of the way from 0, as in the reference
    n = len(points)
    return Lines(centre, [0.0] * n, [upper] * n, [0.0] * n, [near] * n)


def _ratio_sd(point: Subgroup, centre: float, *, is_share: bool) -> float | None:
    if not point.denominator:
        return None
    variance = centre * (1 - centre) if is_share else centre
    return sqrt(max(0.0, variance) / point.denominator)


def _ratio_lines(*, is_share: bool, is_laney: bool) -> Callable[..., Lines]:
    def lines(points: Sequence[Subgroup], base: Sequence[Subgroup], is_screened: bool) -> Lines:
        centre = ratio_centre(base)
        if centre is None:
            return _spread(None, [None] * len(points))
        deviations = [_ratio_sd(p, centre, is_share=is_share) for p in points]
        if is_laney:
            z = laney_sigma_z(base, centre, is_share=is_share, is_screened=is_screened)
            deviations = [None if sd is None or z is None else sd * z for sd in deviations]
        return _spread(centre, deviations, floor=0.0, ceiling=1.0 if is_share else None)

    return lines


def _count(points: Sequence[Subgroup], base: Sequence[Subgroup], _is_screened: bool) -> Lines:
    centre = mean(_values(base))
    sd = None if centre is None else sqrt(max(0.0, centre))
    return _spread(centre, [sd] * len(points), floor=0.0)


def _cases_between(
    points: Sequence[Subgroup], base: Sequence[Subgroup], _is_screened: bool
) -> Lines:
    """Limits stand around the mean, the line drawn and the runs use the median."""
    average = mean(_values(base))
    sd = None if average is None else sqrt(max(0.0, average * (average + 1)))
    around_mean = _spread(average, [sd] * len(points), floor=0.0)
    return Lines(
        median(_values(base)),
        around_mean.lower,
        around_mean.upper,
        around_mean.near_lower,
        around_mean.near_upper,
    )


def _time_between(points: Sequence[Subgroup], base: Sequence[Subgroup], is_screened: bool) -> Lines:
    """An i chart of y ** (1 / 3.6), its lines raised back; a limit below 0 becomes 0."""
    if any(p.value is not None and p.value <= 0 for p in points):
        raise CannotChart("A time between events must be more than 0. Record the time of day.")
    bent = [Subgroup(p.x, None if p.value is None else p.value ** (1 / T_POWER)) for p in base]
    lines = _individuals([bent[0]] if bent else [], bent, is_screened)
    n = len(points)

    def back(line: list[Limit], *, floor: float | None = None) -> list[Limit]:
        value = line[0] if line else None
        if value is None:
            return [None] * n
        return [floor if value < 0 else value**T_POWER] * n

    return Lines(
        None if lines.centre is None else lines.centre**T_POWER,
        back(lines.lower, floor=0.0),
        back(lines.upper),
        back(lines.near_lower),  # below 0 it stays missing, as in the reference
        back(lines.near_upper),
    )


def _subgroup_means(
    points: Sequence[Subgroup], base: Sequence[Subgroup], _is_screened: bool
) -> Lines:
    """Grand mean and A3(k) s: s the mean deviation for equal sizes, else the pooled one."""
    known = [p for p in base if p.value is not None]
    weight = sum(p.size for p in known)
    centre = fsum(p.size * (p.value or 0.0) for p in known) / weight if weight else None
    spread = [p for p in known if p.deviation is not None]
    if not spread:
        return _spread(centre, [None] * len(points))
    if len({p.size for p in known}) == 1:
        s = mean(p.deviation for p in spread if p.deviation is not None)
    else:
        squares = fsum((p.size - 1) * (p.deviation or 0.0) ** 2 for p in spread)
        s = sqrt(squares / sum(p.size - 1 for p in spread))
    deviations = [None if s is None or p.size < 2 else a3(p.size) * s / SIGMAS for p in points]
    return _spread(centre, deviations)


_LINES: dict[str, Callable[[Sequence[Subgroup], Sequence[Subgroup], bool], Lines]] = {
    "run": _run,
    "i": _individuals,
    "mr": _moving_range,
    "p": _ratio_lines(is_share=True, is_laney=False),
    "pp": _ratio_lines(is_share=True, is_laney=True),
    "u": _ratio_lines(is_share=False, is_laney=False),
    "up": _ratio_lines(is_share=False, is_laney=True),
    "c": _count,
    "g": _cases_between,
    "t": _time_between,
    "xbar": _subgroup_means,
}

CHARTS = tuple(_LINES)
_CENTRED_AS = {"pp": "p", "up": "u"}
"""Charts whose middle line is that of a simpler one: only their limits differ."""


def centre_of(chart: str, points: Sequence[Subgroup]) -> float | None:
    """The middle line that these points alone would have on ``chart``; no limits are computed."""
    return _LINES[_CENTRED_AS.get(chart, chart)]([], points, False).centre
