"""A file's analysis in words, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby

from improve.measures.command_analysis import (
    FileAnalysis,
    column_name,
    plain_spaces,
    shown_value,
)
from improve.measures.spc.series import (
    CHART_NAMES,
    AnalysedPoint,
    ChartAnalysis,
    Part,
    Phase,
    Signal,
)
from improve.measures.table_import import period_words

_WIDTH = 88
_MOST_REFUSED_SHOWN = 20
_MOST_POINTS_SHOWN = 8


def as_text(analysis: FileAnalysis) -> str:
    """The answer in words, for a terminal: verdict first, then what it rests on."""
    lines = [analysis.source, *(f"  {note}" for note in analysis.read.notes)]
    if gaps := analysis.preview.gaps:
        lines.append("  1 gap, not a zero." if gaps == 1 else f"  {gaps} gaps, not zeros.")
    if analysis.chart is None:
        return "\n".join([*lines, "", *_refused_lines(analysis)])
    chart = analysis.chart
    name = CHART_NAMES[chart.chart]
    # The rules' name says which chart it is, but for an XmR chart, where it needs no saying.
    rules = chart.rule_set.name
    lines += ["", *([] if name in rules else [name[0].upper() + name[1:] + ", " + rules])]
    if name in rules:
        lines.append(rules)
    if chart.limits_note:
        lines.append(plain_spaces(chart.limits_note))
    lines += ["", *_centre_lines(analysis, chart), *_excluded_lines(analysis)]
    if analysis.verdict:
        lines += ["", *_wrapped(analysis.verdict.words.in_full)]
        lines += ["", "What this leaves open"]
        for line in analysis.verdict.doubt:
            lines += _wrapped(line, first="- ", rest="  ")
        lines += ["", "How it was decided"]
        for number, check in enumerate(analysis.verdict.checks, start=1):
            lines += _wrapped(f"{check.question} {check.answer}.", first=f"{number}. ", rest="   ")
    else:
        lines += ["", "No verdict: give --baseline-end to compare before and after."]
    lines += ["", *_signal_lines(analysis, chart), *_point_lines(analysis)]
    return "\n".join([*lines, *_mark_lines(analysis), *_why_lines(analysis)])


def _excluded_lines(analysis: FileAnalysis) -> list[str]:
    lines: list[str] = []
    for day, reason in analysis.excluded:
        named = period_words(day, analysis.period, this_year=0)
        why = reason.rstrip(".") or "no reason given"
        lines += _wrapped(f"Left out: {named}, {why}.")
    return lines


def _mark_lines(analysis: FileAnalysis) -> list[str]:
    """The marks of Making Data Count, in words."""
    lines: list[str] = []
    if analysis.variation:
        lines += ["", *_wrapped(analysis.variation.words)]
    if analysis.assurance:
        lines += _wrapped(analysis.assurance.words)
    elif analysis.asked.target is not None:
        needs = "--better up or down" if analysis.asked.better == "neutral" else "limits"
        lines += _wrapped(f"To say whether the hope will be met needs {needs}.")
    return lines


def _why_lines(analysis: FileAnalysis) -> list[str]:
    """Why this chart, and which others fit."""
    if not analysis.alternatives or analysis.chart is None:
        return []
    usual = analysis.alternatives[0]
    lines = ["", f"Which chart (the usual one: {usual.chart}, {usual.name})"]
    for one in analysis.alternatives:
        can = "" if one.is_possible else "not with these points. "
        lines += _wrapped(f"{one.chart}: {can}{one.reason}", first="- ", rest="  ")
    return lines


def _point_lines(analysis: FileAnalysis) -> list[str]:
    """The newest points beyond a limit, each with its value and its rules."""
    beyond = [one for one in analysis.special if Signal.OUTSIDE_LIMITS in one.signals]
    if not beyond:
        return []
    is_all = len(beyond) <= _MOST_POINTS_SHOWN
    lines = ["Beyond a limit" if is_all else f"Beyond a limit, the newest {_MOST_POINTS_SHOWN}"]
    for one in beyond[-_MOST_POINTS_SHOWN:]:
        lines += _wrapped(one.words, first="- ", rest="  ")
    return lines


def _refused_lines(analysis: FileAnalysis) -> list[str]:
    bad = analysis.preview.bad_rows
    lines = [f"Nothing was analysed. To put right ({len(bad)} of {len(analysis.preview.rows)}):"]
    for row in bad[:_MOST_REFUSED_SHOWN]:
        column = column_name(analysis.preview, row.bad_column, row.column)
        lines.append(f"  Row {row.row_number}, {column}: {row.words}. {row.hint}".rstrip())
    if len(bad) > _MOST_REFUSED_SHOWN:
        lines.append(f"  and {len(bad) - _MOST_REFUSED_SHOWN} more")
    return lines


def _centre_lines(analysis: FileAnalysis, chart: ChartAnalysis) -> list[str]:
    before, after = chart.usable(Part.BASELINE), chart.usable(Part.AFTER)
    if analysis.verdict is not None:
        return [
            _centre_line("Before", analysis, before, chart.centre, chart),
            *_limit_lines("Before", before, chart),
            _centre_line("After ", analysis, after, chart.centre_after, chart),
            *_phase_lines(analysis, chart, "New middle line"),
        ]
    if chart.phases:
        return _phase_lines(analysis, chart, "Phase")
    label = "Before" if after else "All"
    lines = [_centre_line(label, analysis, before, chart.centre, chart)]
    lines += _limit_lines(label, before, chart)
    return (
        [*lines, _centre_line("After ", analysis, after, chart.centre_after, chart)]
        if after
        else lines
    )


def _phase_lines(analysis: FileAnalysis, chart: ChartAnalysis, label: str) -> list[str]:
    lines: list[str] = []
    for number, phase in enumerate(chart.phases, start=1):
        first, last = (
            period_words(day, analysis.period, this_year=0) for day in (phase.x[0], phase.x[-1])
        )
        count = "1 point" if phase.n_points == 1 else f"{phase.n_points} points"
        span = first if first == last else f"{first} to {last}"
        centre = f"{phase.centre_word} {shown_value(phase.centre, chart)}"
        limits = _phase_limits(phase, chart)
        lines += _wrapped(f"{label} {number}  {count}, {span}: {centre}{limits}", rest="  ")
    return lines


def _phase_limits(phase: Phase, chart: ChartAnalysis) -> str:
    pairs = set(zip(phase.lower, phase.upper, strict=True))
    if len(pairs) != 1 or phase.upper[0] is None:
        return ""
    lower, upper = shown_value(phase.lower[0], chart), shown_value(phase.upper[0], chart)
    return f", limits {lower} to {upper}"


def _limit_lines(label: str, points: Sequence[AnalysedPoint], chart: ChartAnalysis) -> list[str]:
    """The limits, where one pair holds for all points."""
    pairs = {(point.lower, point.upper) for point in points}
    if not chart.has_limits or len(pairs) != 1:
        return []
    ((lower, upper),) = pairs
    return [
        f"{' ' * len(label)}  limits {shown_value(lower, chart)} to {shown_value(upper, chart)}"
    ]


def _centre_line(
    label: str,
    analysis: FileAnalysis,
    points: Sequence[AnalysedPoint],
    centre: float | None,
    chart: ChartAnalysis,
) -> str:
    if not points:
        return f"{label}  no points"
    count = "1 point" if len(points) == 1 else f"{len(points)} points"
    line = f"{label}  {count}, {_span(analysis, points)}"
    return (
        f"{line}: {chart.centre_word} {shown_value(centre, chart)}" if centre is not None else line
    )


def _signal_lines(analysis: FileAnalysis, chart: ChartAnalysis) -> list[str]:
    """What each rule found: neighbouring points on one side as one stretch."""
    if not any(point.signals for point in chart.points):
        return ["No point stands out by these rules."]
    lines = ["What stands out by these rules (for every point: --format json)"]
    for signal, said in _SIGNAL_WORDS.items():
        # Points left out do not break a run; they are named only where they are beyond a limit.
        recorded = [p for p in chart.points if p.is_usable or signal in p.signals]
        if chart.chart == "run" and chart.starts_on is None:
            # Anhøj's rule steps over points on the middle.
            recorded = [p for p in recorded if p.side or signal in p.signals]
        # A trend may cross the middle; the other rules are about one side of it.
        stretches = [
            _stretch(analysis, list(points), signal)
            for (is_in, _part, _side), points in groupby(
                recorded,
                key=lambda p: (signal in p.signals, p.part, signal is Signal.TREND or p.side),
            )
            if is_in
        ]
        if stretches:
            lines += _wrapped(f"{said}: {'; '.join(stretches)}.", first="- ", rest="  ")
    return lines


_SIGNAL_WORDS = {
    Signal.SHIFT: "Long runs on one side of the middle",
    Signal.OUTSIDE_LIMITS: "Outside the limits",
    Signal.TREND: "Trends",
    Signal.TWO_IN_THREE: "Two in three near a limit",
}


def _stretch(analysis: FileAnalysis, points: Sequence[AnalysedPoint], signal: Signal) -> str:
    how = {1: "above", -1: "below"}.get(points[0].side, "on the middle")
    if signal is Signal.TREND:
        how = "rising" if (points[-1].value or 0) > (points[0].value or 0) else "falling"
    count = "" if len(points) == 1 else f"{len(points)} "
    return f"{_span(analysis, points)} ({count}{how})"


def _span(analysis: FileAnalysis, points: Sequence[AnalysedPoint]) -> str:
    first, last = (
        # A terminal's line stands alone, so the year is always there: no year is "this" one.
        period_words(point.x, analysis.period, this_year=0)
        for point in (points[0], points[-1])
    )
    return first if first == last else f"{first} to {last}"


def _wrapped(text: str, *, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        plain_spaces(text), _WIDTH, initial_indent=first, subsequent_indent=rest
    ) or [first]
