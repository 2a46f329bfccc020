"""An XmR chart as NHSRplotthedots 0.2.2 computes it, with variation and assurance icons.

NHS England *Making Data Count*. Mean of the values, limits at 2.66 mean moving ranges, four
rules (see ``rules``), the variation icon of the last point and the assurance icon against a
target. The package screens moving ranges by default (``is_screened``); the NHS Excel tool does
not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from improve.measures.spc.arithmetic import CannotChart, mean, outside, side_of
from improve.measures.spc.constants import NEAR_SIGMAS, SIGMAS, XMR_FACTOR
from improve.measures.spc.limits import mean_moving_range
from improve.measures.spc.rules import shift_marks, trend_marks, two_in_three_marks

DIRECTIONS = {"increase": 1, "decrease": -1, "neutral": 0}
FEWEST_FIXED = 12
SHORT_GROUP = 13
"""A group of fewer is flagged; the package's words say 12, its sums 13."""

SHORT_GROUP_WARNING = (
    "Some groups have 'n < 12' observations. These have trial limits, which will be revised with "
    "each additional observation until 'n = fix_after_n_points' has been reached."
)

COMMON = "common_cause"
IMPROVEMENT = "special_cause_improvement"
CONCERN = "special_cause_concern"
NEUTRAL_HIGH = "special_cause_neutral_high"
NEUTRAL_LOW = "special_cause_neutral_low"


@dataclass(frozen=True, slots=True)
class XmrPoint:
    """One point; ``special_cause`` names the first rule that applies, in the package's words."""

    x: Any
    value: float | None
    mean: float | None
    lower: float | None
    upper: float | None
    side: int | None
    is_outside: bool | None
    is_near_limit: bool | None
    special_cause: str
    point_type: str
    group: int
    is_short_group: bool

    @property
    def is_special(self) -> bool:
        """Whether any rule applies."""
        return self.point_type != COMMON


@dataclass(frozen=True, slots=True)
class XmrGroup:
    """One stretch between rebases, counted."""

    number: int
    n_points: int
    mean: float | None
    lower: float | None
    upper: float | None
    n_common: int
    n_improvement: int
    n_concern: int
    n_neutral_high: int
    n_neutral_low: int
    is_short: bool


@dataclass(frozen=True, slots=True)
class XmrChart:
    """The chart: ``variation`` and ``assurance`` with their icons are those of the last point."""

    points: tuple[XmrPoint, ...]
    groups: tuple[XmrGroup, ...]
    variation: str
    variation_icon: str
    assurance: str | None
    assurance_icon: str | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class XmrLines:
    """Mean, limits and near lines of one group; limits None where nothing moves."""

    mean: float | None
    lower: float | None
    upper: float | None
    near_lower: float | None
    near_upper: float | None


def xmr_lines(values: Sequence[float | None], *, is_screened: bool = True) -> XmrLines:
    """Lines of an XmR chart from its baseline: mean, and 2.66 mean moving ranges either side.

    The near lines stand at two thirds of that. Screening bears on the spread only; the mean
    keeps every value.
    """
    centre = mean(value for value in values if value is not None)
    average = mean_moving_range(values, is_screened=is_screened)
    if centre is None or average is None:
        return XmrLines(centre, None, None, None, None)
    far = XMR_FACTOR * average
    near = far * NEAR_SIGMAS / SIGMAS
    return XmrLines(centre, centre - far, centre + far, centre - near, centre + near)


def analyse(
    x: Sequence[Any],
    y: Sequence[float | None],
    *,
    direction: str = "neutral",
    target: float | None = None,
    fix_after_n_points: int | None = None,
    rebase: Collection[Any] = (),
    is_screened: bool = True,
    are_outside_points_counted: bool = False,
) -> XmrChart:
    """Analyse dated values as the package does.

    ``direction`` is increase, decrease or neutral: the side on which change is improvement.
    ``fix_after_n_points`` computes each group's lines from its first points. ``rebase`` names
    the first date of each new group; a date not in the data starts none.
    ``are_outside_points_counted`` takes the newer NHS reading of two in three. Refuses with
    CannotChart an unknown direction, two values for one date, no value at all, and fixing after
    fewer than 12 points.
    """
    if direction not in DIRECTIONS:
        raise CannotChart(f"“{direction}” is not increase, decrease or neutral")
    if fix_after_n_points is not None and fix_after_n_points < FEWEST_FIXED:
        raise CannotChart("Limits need at least 12 points.")
    if len(set(x)) != len(x):
        raise CannotChart("There are two values for one date.")
    if all(value is None for value in y):
        raise CannotChart("There are no values.")
    rows = sorted(zip(x, y, strict=True), key=lambda row: row[0])
    stretches: list[tuple[int, list[tuple[Any, float | None]]]] = [(0, [])]
    for when, value in rows:
        if when in rebase:
            stretches.append((stretches[-1][0] + 1, []))
        stretches[-1][1].append((when, value))
    points: list[XmrPoint] = []
    groups: list[XmrGroup] = []
    for number, stretch in stretches:
        if not stretch:
            continue
        fixed = [value for _, value in stretch[:fix_after_n_points]]
        lines = xmr_lines(fixed, is_screened=is_screened)
        drawn = _points(stretch, lines, number, DIRECTIONS[direction], are_outside_points_counted)
        points += drawn
        groups.append(_group(drawn, lines, number))
    last = points[-1]
    assurance = _assurance(last, target, DIRECTIONS[direction])
    return XmrChart(
        points=tuple(points),
        groups=tuple(groups),
        variation=last.point_type,
        variation_icon=_variation_icon(last),
        assurance=assurance,
        assurance_icon=ASSURANCE_ICONS.get(assurance) if assurance else None,
        warnings=(SHORT_GROUP_WARNING,) if any(group.is_short for group in groups) else (),
    )


ASSURANCE_ICONS = {
    "consistent_pass": "pass.svg",
    "consistent_fail": "fail.svg",
    "inconsistent": "inconsistent.svg",
}


def _points(
    stretch: list[tuple[Any, float | None]],
    lines: XmrLines,
    number: int,
    direction: int,
    are_outside_points_counted: bool,
) -> list[XmrPoint]:
    values = [value for _, value in stretch]
    has_limits = lines.lower is not None
    sides = [side_of(value, lines.mean) for value in values]
    is_outside = [
        None if value is None or not has_limits else outside(value, lines.lower, lines.upper) != 0
        for value in values
    ]
    is_near = [
        None if out is None else not out and outside(value, lines.near_lower, lines.near_upper) != 0
        for value, out in zip(values, is_outside, strict=True)
    ]
    counted = is_near
    if are_outside_points_counted:
        counted = [near or out for near, out in zip(is_near, is_outside, strict=True)]
    trends = trend_marks(values)
    pairs = two_in_three_marks(sides, counted)
    shifts = shift_marks(sides)
    points: list[XmrPoint] = []
    for i, (when, value) in enumerate(stretch):
        cause, height = "Common Cause", 0
        if is_outside[i]:
            height = 1 if sides[i] > 0 else -1
            cause = "Above UCL" if height > 0 else "Below LCL"
        elif trends[i]:
            height = trends[i]
            cause = f"7 Point Trend ({'In' if height > 0 else 'De'}creasing)"
        elif pairs[i]:
            height = pairs[i]
            cause = f"2 in 3 {'Above' if height > 0 else 'Below'} CL"
        elif shifts[i]:
            height = shifts[i]
            cause = f"7 Points {'Above' if height > 0 else 'Below'} CL"
        points.append(
            XmrPoint(
                x=when,
                value=value,
                mean=lines.mean,
                lower=lines.lower,
                upper=lines.upper,
                side=None if value is None else sides[i],
                is_outside=is_outside[i],
                is_near_limit=is_near[i],
                special_cause=cause,
                point_type=_point_type(height, direction),
                group=number,
                is_short_group=len(stretch) < SHORT_GROUP,
            )
        )
    return points


def _point_type(height: int, direction: int) -> str:
    if not height:
        return COMMON
    if not direction:
        return NEUTRAL_HIGH if height > 0 else NEUTRAL_LOW
    return IMPROVEMENT if height * direction > 0 else CONCERN


def _group(points: list[XmrPoint], lines: XmrLines, number: int) -> XmrGroup:
    found = Counter(point.point_type for point in points)
    return XmrGroup(
        number=number,
        n_points=len(points),
        mean=lines.mean,
        lower=lines.lower,
        upper=lines.upper,
        n_common=found[COMMON],
        n_improvement=found[IMPROVEMENT],
        n_concern=found[CONCERN],
        n_neutral_high=found[NEUTRAL_HIGH],
        n_neutral_low=found[NEUTRAL_LOW],
        is_short=len(points) < SHORT_GROUP,
    )


def _variation_icon(last: XmrPoint) -> str:
    if not last.is_special:
        return "common_cause.svg"
    is_high = any(word in last.special_cause for word in ("Above", "Increasing"))
    kind = last.point_type.removeprefix("special_cause_").removesuffix("_high").removesuffix("_low")
    return f"{kind}_{'high' if is_high else 'low'}.svg"


def _assurance(last: XmrPoint, target: float | None, direction: int) -> str | None:
    """Whether the process, left alone, will keep passing the target, failing it, or neither."""
    if target is None or not direction:
        return None
    beyond = outside(target, last.lower, last.upper)
    if not beyond:
        return "inconsistent"
    return "consistent_fail" if beyond == direction else "consistent_pass"
