"""Which chart suits a measure: decided by what is recorded, never by which chart signals.

The bounds are judgements, not published cuts: they are stated here and on “How we decide”.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from improve.measures.spc.analysis import (
    FEWEST_FOR_LIMITS,
    Window,
    analyse_series,
    baseline_subgroups,
)
from improve.measures.spc.arithmetic import CannotChart, mean
from improve.measures.spc.constants import D2_OF_TWO
from improve.measures.spc.limits import laney_sigma_z, mean_moving_range, ratio_centre
from improve.measures.spc.plotted import PlottedRows
from improve.measures.spc.series import CHART_NAMES, Observed
from improve.measures.spc.subgroups import Subgroup

MeasureType = Literal[
    "percent",  # yes or no out of n each period
    "count",  # a count with the same opportunity each period
    "rate",  # a count with changing opportunity
    "number",  # one measurement each period
    "times",  # several raw times each period, shown as their median
    "days_between",  # days between rare events
    "cases_between",  # cases between rare events
]

OVERDISPERSED = 1.3
"""Times the spread that chance alone would give."""

LARGE_DENOMINATOR = 1000
"""Mean denominator of a share above which chance alone is no longer what moves it."""

FEWEST_EXPECTED = 5
"""Expected yeses, and noes, below which a p chart's limits mislead."""

RARE_COUNT = 1.5
"""Mean count below which days between events say more."""


@dataclass(frozen=True, slots=True)
class ChartChoice:
    """A chart's code and, in plain words, why it."""

    chart: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChartAlternative:
    """A chart that fits what is recorded, and in a plain sentence what it shows.

    ``is_usual`` on the one that is chosen where nobody chooses. Where these points can't be put
    on it ``is_possible`` is false and ``reason`` says why.
    """

    chart: str
    name: str
    reason: str
    is_usual: bool = False
    is_possible: bool = True


def choose_chart(
    measure_type: MeasureType,
    observations: Sequence[Observed] | PlottedRows,
    *,
    window: Window | None = None,
) -> ChartChoice:
    """The chart for a measure, from its type and its baseline.

    ``window`` gives the dates of a test; without it the whole series is the baseline. A run
    chart below 12 points: the first show is always the run chart. Refuses an unknown type, and
    data that can't be charted, with CannotChart.
    """
    if measure_type == "times":
        return ChartChoice("run", "Times are skewed, so a run chart of their median.")
    if measure_type not in _USUAL:
        raise CannotChart(f"“{measure_type}” is not a type of measure.")
    usual = _USUAL[measure_type]
    base = baseline_subgroups(observations, chart=usual, window=window or Window())
    if len(base) < FEWEST_FOR_LIMITS:
        return ChartChoice("run", "A run chart until there are 12 points.")
    if measure_type == "percent":
        return _for_percent(base)
    if measure_type == "rate":
        return _for_rate(base)
    if measure_type == "count":
        return _for_count(base)
    if measure_type == "days_between" and any(not p.value for p in base):
        return ChartChoice("g", "Two events fell on one day, which a t chart can’t hold.")
    return ChartChoice(usual, _REASONS[usual])


def chart_alternatives(
    measure_type: MeasureType,
    observations: Sequence[Observed],
    window: Window | None = None,
) -> tuple[ChartAlternative, ...]:
    """The usual chart first, then every other that fits what is recorded.

    ``window`` is as in :func:`choose_chart`, whose refusals stand. Which of them would signal is
    never looked at.
    """
    usual = choose_chart(measure_type, observations, window=window)
    answer = [ChartAlternative(usual.chart, CHART_NAMES[usual.chart], usual.reason, is_usual=True)]
    for chart in FITTING[measure_type]:
        if chart == usual.chart:
            continue
        hindrance = _hindrance(chart, observations, window or Window())
        answer.append(
            ChartAlternative(
                chart,
                CHART_NAMES[chart],
                hindrance or _shows(chart, measure_type),
                is_possible=not hindrance,
            )
        )
    return tuple(answer)


def _hindrance(chart: str, observations: Sequence[Observed], window: Window) -> str:
    """Why these points can't be put on this chart, or nothing."""
    try:
        found = analyse_series(
            observations,
            chart=chart,
            starts_on=window.starts_on,
            first_judged_on=window.first_judged_on,
            ends_on=window.ends_on,
            baseline_from=window.baseline_from,
            baseline_to=window.baseline_to,
            new_lines_on=window.new_lines_on,
        )
    except CannotChart as refusal:
        return str(refusal)
    if found.chart == chart:
        return found.limits_note
    if found.chart == "i":
        return "Some points have no numerator and denominator."
    return found.limits_note


FITTING: dict[MeasureType, tuple[str, ...]] = {
    "percent": ("p", "pp", "i", "run"),
    "count": ("c", "i", "run"),
    "rate": ("u", "up", "i", "run"),
    "number": ("i", "run"),
    "times": ("run", "i", "xbar"),
    "days_between": ("t", "g", "i", "run"),
    "cases_between": ("g", "i", "run"),
}
"""The charts that fit each type of measure, the usual one first."""


def _shows(chart: str, measure_type: MeasureType) -> str:
    if measure_type == "times" and chart in _SHOWS_OF_TIMES:
        return _SHOWS_OF_TIMES[chart]
    return _SHOWS[chart]


_SHOWS = {
    "run": "The points around their median, read by runs. No limits, so it suits any numbers.",
    "i": "The points as they are, with limits from how far neighbours differ.",
    "p": "A share with limits for chance alone: wider where fewer are counted.",
    "pp": "A share with limits for what it usually varies by, where that is more than chance.",
    "u": "A rate with limits for chance alone: wider where there were fewer chances.",
    "up": "A rate with limits for what it usually varies by, where that is more than chance.",
    "c": "A count with limits for chance alone.",
    "g": "Limits made for long and uneven stretches between rare events.",
    "t": "Limits made for the time between rare events. Longer times stand higher.",
    "xbar": "The mean of each period, with limits from the spread within periods.",
}
_SHOWS_OF_TIMES = {
    "run": "The median of each period, read by runs. One very long time does not move it.",
    "i": "The mean of each period, with limits. One very long time moves it.",
    "xbar": "The mean of each period, with limits from the spread within periods. For times that "
    "are about as often short as long.",
}

_USUAL: dict[str, str] = {
    "percent": "p",
    "count": "c",
    "rate": "u",
    "number": "i",
    "days_between": "t",
    "cases_between": "g",
}
_REASONS = {
    "i": "One measurement each period.",
    "p": "A share of those counted each period.",
    "u": "A count over a changing number of chances.",
    "c": "A count with the same chance each period.",
    "t": "Time between rare events.",
    "g": "Cases between rare events.",
}


def _for_percent(base: Sequence[Subgroup]) -> ChartChoice:
    centre = ratio_centre(base)
    sizes = [p.denominator for p in base if p.denominator is not None]
    if centre is None or len(sizes) < len(base):
        return ChartChoice("i", "A percentage with no numbers behind it.")
    thin = sum(min(n * centre, n * (1 - centre)) < FEWEST_EXPECTED for n in sizes)
    if 2 * thin > len(sizes):
        return ChartChoice("run", "The numbers behind most points are too small for limits.")
    if (mean(sizes) or 0) > LARGE_DENOMINATOR:
        return ChartChoice("pp", "Large numbers vary by more than chance.")
    if (laney_sigma_z(base, centre, is_share=True) or 0) > OVERDISPERSED:
        return ChartChoice("pp", "It varies by more than chance between periods.")
    return ChartChoice("p", _REASONS["p"])


def _for_rate(base: Sequence[Subgroup]) -> ChartChoice:
    centre = ratio_centre(base)
    if centre is None or any(p.denominator is None for p in base):
        return ChartChoice("i", "A rate with no numbers behind it.")
    if (laney_sigma_z(base, centre, is_share=False) or 0) > OVERDISPERSED:
        return ChartChoice("up", "It varies by more than chance between periods.")
    return ChartChoice("u", _REASONS["u"])


def _for_count(base: Sequence[Subgroup]) -> ChartChoice:
    values = [p.value for p in base if p.value is not None]
    centre = mean(values) or 0.0
    if centre < RARE_COUNT:
        return ChartChoice("run", "So few that days between them would say more.")
    spread = (mean_moving_range(values) or 0.0) / D2_OF_TWO
    if spread > OVERDISPERSED * sqrt(centre):
        return ChartChoice("i", "It varies by more than chance between periods.")
    return ChartChoice("c", _REASONS["c"])
