"""Series that “How we decide” shows its rules on: drawn and judged like any other. Pure.

Fixed numbers, so that the page never changes by itself and a test can hold words to pictures. The
rules stand on official statistics where they could be found there; what a test of change looks
like is shown on invented numbers, and the page says which are which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from improve.measures.chart import ChartViews, TestSpan, draw_views
from improve.measures.official_figures import (
    DURHAM_2016,
    DURHAM_2018,
    ENGLAND_2019,
    HAMPSHIRE_2018,
    KENT_2017,
    LANCASHIRE_2016,
    STOCKPORT_2022,
    OfficialSeries,
)
from improve.measures.reading import Reading, read
from improve.measures.spc.analysis import analyse_series
from improve.measures.spc.anhoej import runs
from improve.measures.spc.series import ChartAnalysis, Observed, Signal
from improve.measures.spc.special import special_lines
from improve.measures.spc.words import VerdictWords
from improve.measures.views import MeasureView, ObservationView, WindowView

INVENTED = "Invented numbers."
_FIRST = date(2026, 1, 5)
_BEFORE = (82, 78, 84, 80, 76, 83, 79, 85, 81, 77, 82, 80, 84, 78, 81, 79)


@dataclass(frozen=True, slots=True)
class Example:
    """One verdict: what happened, the chart and the words on it."""

    title: str
    reading: Reading
    views: ChartViews

    @property
    def code(self) -> str:
        """The verdict's code."""
        return self.reading.verdict.code if self.reading.verdict else ""


@dataclass(frozen=True, slots=True)
class RuleExample:
    """One rule, or one thing that a chart can show, on one chart.

    ``rule`` says it in general, ``finding`` what it found here, ``points`` each point that fired
    it, ``data`` whose numbers they are. ``signal`` is the rule that must fire, None where none
    does.
    """

    key: str
    title: str
    rule: str
    finding: str
    points: tuple[str, ...]
    data: str
    analysis: ChartAnalysis
    views: ChartViews
    signal: Signal | None = None
    words: VerdictWords | None = None


@dataclass(frozen=True, slots=True)
class Examples:
    """All examples of the page, each group in the order in which it is shown."""

    verdicts: tuple[Example, ...]
    limits: tuple[RuleExample, ...]
    run_charts: tuple[RuleExample, ...]
    lines: tuple[RuleExample, ...]


# --- one rule, on official statistics


def _limits() -> tuple[RuleExample, ...]:
    return (
        _on_official(
            "outside",
            "A point outside the limits",
            "One point above the upper or below the lower limit.",
            DURHAM_2016,
            Signal.OUTSIDE_LIMITS,
        ),
        _on_official(
            "two-in-three",
            "Two of three near a limit",
            "Of three points in a row, all on one side of the middle, two or more lie in the "
            "outer third between middle and limit. A point outside the limit is not one of them.",
            LANCASHIRE_2016,
            Signal.TWO_IN_THREE,
        ),
        _on_official(
            "shift",
            "7 in a row on one side",
            "7 or more points in a row above the middle, or below it. A point right on the middle "
            "ends the row.",
            DURHAM_2018,
            Signal.SHIFT,
        ),
        _on_official(
            "trend",
            "7 in a row rising or falling",
            "7 or more points in a row, each higher than the one before, or each lower.",
            STOCKPORT_2022,
            Signal.TREND,
        ),
    )


def _run_charts() -> tuple[RuleExample, ...]:
    crossings = _on_official(
        "crossings",
        "Too few crossings of the middle",
        "The line crosses the middle fewer times than in 95 of 100 steady charts. It is said of "
        "the whole chart, so no point is marked.",
        HAMPSHIRE_2018,
        Signal.RUNS,
        chart="run",
    )
    judged = runs(point.side for point in crossings.analysis.points)
    finding = (
        f"It crosses the middle ({crossings.analysis.in_words(crossings.analysis.centre)}) "
        f"{judged.n_crossings} times; with {judged.n_useful} points at least "
        f"{judged.n_crossings_min} are to be expected."
    )
    return (
        _on_official(
            "long-run",
            "A run that is too long",
            "More points in a row on one side of the middle than chance would bring: over 7 with "
            "12 to 22 points, over 8 with 23 to 45. A point right on the middle is passed over.",
            KENT_2017,
            Signal.SHIFT,
            chart="run",
        ),
        replace(
            crossings,
            finding=finding,
            views=_drawn(crossings.analysis, crossings.title, finding, period="month"),
        ),
    )


def _on_official(
    key: str, title: str, rule: str, series: OfficialSeries, signal: Signal, *, chart: str = "i"
) -> RuleExample:
    analysis = analyse_series(series.observed(), chart=chart)
    points = _points(analysis, "month")
    return RuleExample(
        key=key,
        title=title,
        rule=rule,
        finding=points[0] if points else "",
        points=points,
        data=series.named,
        analysis=analysis,
        views=_drawn(analysis, title, points[0] if points else rule, period="month"),
        signal=signal,
    )


def _points(analysis: ChartAnalysis, period: str) -> tuple[str, ...]:
    found = special_lines(analysis, "neutral", period="month" if period == "month" else "week")
    return tuple(point.words for point in found)


def _drawn(
    analysis: ChartAnalysis,
    title: str,
    finding: str,
    *,
    period: str,
    better: str = "neutral",
    tone: str = "changed",
    windows: Sequence[TestSpan] = (),
) -> ChartViews:
    return draw_views(
        analysis,
        "idea",
        title=title,
        finding=finding,
        tone=tone,
        better=better,
        period=period,
        windows=windows,
    )


# --- lines: what people may do to a chart, and when limits are not sure


def _lines() -> tuple[RuleExample, ...]:
    return (_new_line(), _left_out(), _trial(), _unstable())


def _new_line() -> RuleExample:
    after = (86, 84, 88, 85, 87, 89, 86, 88, 90, 85, 89, 87, 91, 88)
    days = [_FIRST + timedelta(weeks=n) for n in range(len(_BEFORE) + len(after))]
    rows = [Observed(d, float(v)) for d, v in zip(days, (*_BEFORE, *after), strict=True)]
    drawn_on = days[len(_BEFORE)]
    analysis = analyse_series(rows, chart="i", unit="%", new_lines_on=[drawn_on])
    title = "A new middle line"
    before, since = (analysis.in_words(phase.centre) for phase in analysis.phases)
    finding = (
        f"The middle was {before} and is {since} since. Each stretch is read by itself, and the "
        "old line stays where it was."
    )
    return RuleExample(
        key="new-line",
        title=title,
        rule=(
            "A person draws it, with a reason and a name, when a better level has lasted and the "
            "four questions above are answered. The software never does."
        ),
        finding=finding,
        points=_points(analysis, "week"),
        data=INVENTED,
        analysis=analysis,
        views=_drawn(analysis, title, finding, period="week", better="up", tone="nochange"),
    )


def _left_out() -> RuleExample:
    day = date(2020, 4, 1)
    analysis = analyse_series(ENGLAND_2019.observed(without=day), chart="i")
    with_all = analyse_series(ENGLAND_2019.observed(), chart="i")
    title = "A point left out"
    finding = (
        "April 2020 is left out: the first full month in which schools were closed. The middle is "
        f"{analysis.in_words(analysis.centre)} without it and "
        f"{with_all.in_words(with_all.centre)} with it."
    )
    return RuleExample(
        key="left-out",
        title=title,
        rule=(
            "A person leaves it out, with a reason that everybody reads. It no longer counts for "
            "middle, limits and runs. It is still drawn, crossed out, and still compared with the "
            "limits."
        ),
        finding=finding,
        points=(),
        data=ENGLAND_2019.named,
        analysis=analysis,
        views=_drawn(analysis, title, finding, period="month"),
    )


def _trial() -> RuleExample:
    example = _example("Trial limits", (79, 83, 80, 77, 84, 81, 78, 82), before=_BEFORE[:12])
    return _of_verdict(
        "trial",
        example,
        "Limits appear at 12 points. Until there are 20 before the change they are trial limits: "
        "each new point can move them, and the verdict says so.",
        _doubt(example, "Trial limits"),
    )


def _unstable() -> RuleExample:
    before = (70, 72, 71, 69, 73, 70, 76, 79, 78, 80, 82, 81, 83, 80, 84, 82)
    example = _example("Already changing before", (84, 86, 83, 85, 87, 84, 86, 85), before=before)
    return _of_verdict(
        "unstable",
        example,
        "If the points before the change show a pattern by themselves, nobody can say what was "
        "usual. The chart is shown, and there is no verdict on the change.",
        "",
    )


def _of_verdict(key: str, example: Example, rule: str, also: str) -> RuleExample:
    reading = example.reading
    return RuleExample(
        key=key,
        title=example.title,
        rule=rule,
        finding=also,
        points=(),
        data=INVENTED,
        analysis=reading.analysis,
        views=reading.views("idea"),
        words=reading.words,
    )


def _doubt(example: Example, begins: str) -> str:
    verdict = example.reading.verdict
    lines = verdict.doubt if verdict else ()
    return next((line for line in lines if line.startswith(begins)), "")


# --- verdicts, on invented numbers


def _verdicts() -> tuple[Example, ...]:
    return (
        _example("A change that held", (86, 84, 88, 85, 87, 89, 86, 88, 90)),
        _example("The usual ups and downs", (79, 83, 80, 77, 84, 81, 78, 82, 80)),
        _example("Better, then back", (86, 84, 88, 85, 87, 84, 86, 79, 81, 78)),
        _example("Worse", (76, 75, 77, 74, 78, 76, 73, 75, 77)),
        _example("Better, then worse", (86, 84, 88, 85, 87, 84, 86, 76, 75, 77, 74, 78, 76, 73)),
        _example("One unusual week", (79, 83, 80, 62, 84, 81, 78, 82, 80)),
        _example("Too early", (84, 86, 83, 85)),
        _example("Too little before", (84, 86, 83, 85, 87, 84, 88), before=_BEFORE[:5]),
        _example("No side is better", (86, 84, 88, 85, 87, 89, 86, 88, 90), better="neither"),
    )


def _example(
    title: str,
    after: tuple[int, ...],
    before: tuple[int, ...] = _BEFORE,
    *,
    better: str = "higher",
) -> Example:
    measure = replace(_VISITS, better_when=better)
    numbers = [
        ObservationView(0, _FIRST + timedelta(weeks=i), float(value), None, None)
        for i, value in enumerate((*before, *after))
    ]
    window = WindowView(
        id=0,
        idea_id=0,
        cycle_number=1,
        measure_id=0,
        measure_name=title,
        better_when=better,
        place="main",
        label="Since the change",
        starts_on=_FIRST + timedelta(weeks=len(before)),
        ends_on=None,
        is_judged=True,
        is_current=True,
        verdict_code=None,
    )
    reading = read(measure, numbers, [window])
    return Example(title, reading, reading.views("grid"))


_VISITS = MeasureView(
    id=0,
    organisation_id=0,
    team_id=None,
    name="Visits on time",
    kind="process",
    recorded="value",
    unit="%",
    better_when="higher",
    frequency="week",
    top_name="",
    bottom_name="",
    numerator="",
    denominator="",
    left_out="",
    source="",
    licence="",
    caution="",
    chart=None,
    partner_id=None,
    owner_id=None,
    lookback_days=None,
    version=1,
    closed_on=None,
)


@lru_cache(maxsize=1)
def examples() -> Examples:
    """All examples, analysed and drawn once a process: the numbers never change.

    What is kept is frozen, so that any number of threads may read it; two that ask at the very
    first moment both compute it, and get the same.
    """
    return Examples(_verdicts(), _limits(), _run_charts(), _lines())
