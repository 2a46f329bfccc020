"""A file's analysis in words, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import groupby

from improve.measures.command_analysis import FileAnalysis, column_name, plain_spaces
from improve.measures.spc.series import CHART_NAMES, AnalysedPoint, ChartAnalysis, Part, Signal
from improve.measures.spc.words import value_words
from improve.measures.table_import import period_words

_WIDTH = 88
_MOST_REFUSED_SHOWN = 20


def as_text(analysis: FileAnalysis) -> str:
    """The answer in words, for a terminal: verdict first, then what it rests on."""
    lines = [analysis.source, *(f"  {note}" for note in analysis.notes)]
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
    lines += ["", *_centre_lines(analysis, chart)]
    if analysis.verdict:
        lines += ["", *_wrapped(analysis.verdict.words.in_full)]
        lines += ["", "What this leaves open"]
        for line in analysis.verdict.doubt:
            lines += _wrapped(line, first="- ", rest="  ")
    else:
        lines += ["", "No verdict: give --baseline-end to compare before and after."]
    return "\n".join([*lines, "", *_signal_lines(analysis, chart)])


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
    if analysis.verdict is None:
        lines = [_centre_line("All", analysis, before, chart.centre, chart)]
        return [*lines, *_limit_lines("All", before, chart)]
    return [
        _centre_line("Before", analysis, before, chart.centre, chart),
        *_limit_lines("Before", before, chart),
        _centre_line("After ", analysis, after, chart.centre_after, chart),
    ]


def _limit_lines(label: str, points: Sequence[AnalysedPoint], chart: ChartAnalysis) -> list[str]:
    """The limits, where one pair holds for all points."""
    pairs = {(point.lower, point.upper) for point in points}
    if not chart.has_limits or len(pairs) != 1:
        return []
    ((lower, upper),) = pairs
    return [f"{' ' * len(label)}  limits {_value(lower, chart)} to {_value(upper, chart)}"]


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
    return f"{line}: {chart.centre_word} {_value(centre, chart)}" if centre is not None else line


def _signal_lines(analysis: FileAnalysis, chart: ChartAnalysis) -> list[str]:
    """What each rule found: neighbouring points on one side as one stretch."""
    if not any(point.signals for point in chart.points):
        return ["No point stands out by these rules."]
    lines = ["What stands out by these rules (for every point: --format json)"]
    recorded = [point for point in chart.points if point.value is not None]
    for signal, said in _SIGNAL_WORDS.items():
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


def _value(value: float | None, chart: ChartAnalysis) -> str:
    return plain_spaces(value_words(value, chart.unit))


def _wrapped(text: str, *, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        plain_spaces(text), _WIDTH, initial_indent=first, subsequent_indent=rest
    ) or [first]
